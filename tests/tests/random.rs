//! The random differential tester, small: the same as the `differential` command with these options.

use segue_tests::tester::{Options, run};

/// How many bodies the test command tries.
const BODIES: u64 = 160;

#[test]
fn random_bodies_do_the_same() {
    let options = Options { seed: 1, bodies: BODIES, size: 10, batch: 80, quiet: true, ..Options::default() };
    let report = run(&options).expect("the generated crates can be built");
    println!("{report}");
    assert!(report.differences.is_empty(), "the lowerings differ:\n{report}");
    assert!(report.ill_formed.is_empty(), "the generator wrote what rustc refuses:\n{report}");
    assert!(report.same * 2 > report.bodies, "most of the bodies were refused:\n{report}");
}
