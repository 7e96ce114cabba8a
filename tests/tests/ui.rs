//! Misuse is an error at the user's own tokens: each `ui/*.rs` must fail to compile with the words in its `.stderr`.

use std::fs;
use std::path::Path;

#[test]
fn refusals_say_what_to_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let is_case = |entry: &fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == "rs");
    let cases = fs::read_dir(folder).into_iter().flatten().flatten().filter(is_case).count();
    if cases == 0 {
        println!("there are no cases in tests/ui");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
