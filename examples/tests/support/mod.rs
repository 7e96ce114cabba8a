//! Runs the crawler as a user does, as a process of its own.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The crawler, ready for its arguments.
pub(crate) fn crawler() -> Command {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    Command::new(PATH.get_or_init(|| example("crawler")))
}

/// Runs the crawler to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    crawler().args(arguments).output().expect("the crawler runs")
}

/// An example's program. `cargo test` builds the examples beside the tests; where only one test was asked for, and the
/// example isn't there, it is built now.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test is a program");
    let profile = test.parent().and_then(|deps| deps.parent()).expect("tests are in target/PROFILE/deps");
    let program = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let release = (!cfg!(debug_assertions)).then_some("--release");
        let cargo = Command::new(env!("CARGO"))
            .args(["build", "--package", env!("CARGO_PKG_NAME"), "--example", name, "--target-dir"])
            .arg(profile.parent().expect("a profile is in target"))
            .args(release)
            .status();
        assert!(cargo.is_ok_and(|status| status.success()), "the example {name} can't be built");
    }
    program
}

/// A page of a JSON report: status, where it redirects to, and why it failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) status: Option<u64>,
    pub(crate) redirect: Option<String>,
    pub(crate) failure: Option<String>,
}

/// The pages of the JSON report that the crawler printed, by address; the root's own server is left out of addresses.
pub(crate) fn pages(output: &Output) -> BTreeMap<String, Page> {
    let report = json(output);
    let root = report["root"].as_str().expect("a root");
    let server = root.split_inclusive('/').take(3).collect::<String>().trim_end_matches('/').to_owned();
    let text =
        |value: &Value| value.as_str().map(|text| text.strip_prefix(&server).unwrap_or(text).to_owned());
    let pages = report["pages"].as_array().expect("pages");
    pages
        .iter()
        .map(|page| {
            let (redirect, failure) = (text(&page["redirect"]), text(&page["failure"]));
            (
                text(&page["url"]).expect("an address"),
                Page { status: page["status"].as_u64(), redirect, failure },
            )
        })
        .collect()
}

/// The JSON report that the crawler printed.
pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error} in {output:?}"))
}

/// What the crawler printed to standard error.
pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
