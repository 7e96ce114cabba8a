//! `docs/diagnostics.md` knows every message: those of the cases in `ui/`, and those of the runtime's traits.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the headings of the page say.
fn headings() -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics.md"));
    let page = page.expect("the page is there");
    page.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect()
}

/// The files of a folder that end so.
fn texts(folder: &str, ending: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let files = files.filter(|path| path.to_string_lossy().ends_with(ending));
    files.map(|path| fs::read_to_string(path).expect("it is text")).collect()
}

/// Is this the message that a heading speaks of? `…` stands for anything.
fn is_about(heading: &str, message: &str) -> bool {
    let (first, parts) = heading.split_once('…').unwrap_or((heading, ""));
    let Some(mut rest) = message.strip_prefix(first) else { return false };
    for part in parts.split('…') {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// rustc's own have a code, and a heading that names it.
fn is_known(headings: &[String], code: &str, message: &str) -> bool {
    let names = |heading: &String| {
        heading.split_once(": ").is_some_and(|(codes, _)| codes.split(", ").any(|one| one == code))
    };
    headings.iter().any(|heading| is_about(heading, message) || (!code.is_empty() && names(heading)))
}

#[test]
fn every_refusal_is_explained() {
    let headings = headings();
    let mut missing = BTreeSet::new();
    for text in texts("tests/ui", ".stderr") {
        for line in text.lines() {
            let Some(error) = line.strip_prefix("error") else { continue };
            let (code, message) = match error.strip_prefix('[').and_then(|error| error.split_once("]: ")) {
                Some(told) => told,
                None => ("", error.trim_start_matches(": ")),
            };
            if !is_known(&headings, code, message) {
                missing.insert(format!("{code} {message}"));
            }
        }
    }
    assert!(missing.is_empty(), "docs/diagnostics.md has no heading for {missing:#?}");
}

#[test]
fn what_the_traits_say_is_explained() {
    let headings = headings();
    let sources = texts("../runtime/src/machine", ".rs");
    let messages = sources.iter().flat_map(|source| source.split("message = \"").skip(1));
    let messages: BTreeSet<&str> = messages.filter_map(|message| message.split('"').next()).collect();
    assert!(!messages.is_empty());
    let known = |message: &&&str| headings.iter().any(|heading| is_about(heading, message));
    let missing: Vec<_> = messages.iter().filter(|message| !known(message)).collect();
    assert!(missing.is_empty(), "docs/diagnostics.md has no heading for {missing:#?}");
}
