//! `drop-in` on a small crate without dependencies, offline.

use std::path::Path;
use std::time::Duration;

use segue_tools::drop_in::{self, Options};

fn options(path: &str) -> Options {
    Options {
        path: Path::new(env!("CARGO_MANIFEST_DIR")).join(path),
        json: true,
        explain: false,
        sizes: None,
        loans: false,
        tests: true,
        limit: Duration::from_secs(600),
        scratch: Path::new(env!("CARGO_TARGET_TMPDIR")).join("drop-in"),
        cargo: vec!["--offline".to_owned()],
    }
}

#[test]
fn what_cant_be_lowered_is_found_and_the_rest_is() {
    let report = drop_in::run(&options("tests/fixture")).expect("the fixture compiles");
    let json = report.to_json();
    let left: Vec<_> = json["left"].as_array().into_iter().flatten().collect();
    let names: Vec<_> = left.iter().map(|one| one["name"].as_str().unwrap_or_default()).collect();
    assert_eq!(names, ["hidden", "parted"], "{}", report.to_text(true));
    assert!(left[0]["code"].is_null());
    assert_eq!(left[1]["code"].as_str().map(|code| code.starts_with('E')), Some(true));
    assert_eq!([&json["functions"], &json["converted"], &json["not_compiled"]], [10, 8, 1]);
    assert_eq!([&json["tests"]["before"]["passed"], &json["tests"]["after"]["passed"]], [1, 1]);
    assert!(report.lost_tests().is_empty());
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/src/lib.rs");
    let text = std::fs::read_to_string(fixture).expect("the fixture is there");
    assert!(!text.contains("#[segue"), "the crate itself isn't touched");
}

#[test]
fn every_machine_has_its_size_beside_rustcs() {
    let mut options = options("tests/fixture");
    options.tests = false;
    options.sizes = Some(env!("CARGO_BIN_EXE_drop-in").into());
    options.scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drop-in-sizes");
    let report = drop_in::run(&options).expect("the fixture compiles");
    let sizes = &report.to_json()["sizes"];
    let mut functions = sizes["functions"].as_array().into_iter().flatten();
    let mut names: Vec<_> = functions.clone().map(|one| one["name"].as_str().unwrap_or_default()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["Counter::next", "Twice::twice", "add", "calls", "lends", "nested", "one", "u32::once"]
    );
    assert_eq!(sizes["uncounted"].as_array().map(Vec::len), Some(0), "{}", report.to_text(true));
    let add = functions.find(|one| one["name"] == "add").expect("it is in the table");
    assert!(add["ours"].as_u64() < add["rustc"].as_u64(), "{}", report.to_text(true));
}

#[test]
fn a_loan_without_need_is_found() {
    let mut options = options("tests/fixture");
    options.tests = false;
    options.loans = true;
    options.scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drop-in-loans");
    let report = drop_in::run(&options).expect("the fixture compiles");
    let loans = &report.to_json()["loans"];
    assert_eq!([&loans["loans"], &loans["needed"], &loans["not_told"]], [2, 1, 0], "{loans}");
    assert_eq!(loans["needless"][0]["variable"], "words", "{loans}");
    assert_eq!([&loans["functions"], &loans["with_loans"]], [8, 1], "{loans}");
}

#[test]
fn what_is_no_crate_is_told() {
    let error = drop_in::run(&options("src")).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.starts_with("there is no Cargo.toml in "), "{error}");
    let error = drop_in::run(&options("..")).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.ends_with("is a workspace without a package; give one of its members"), "{error}");
}
