//! Cargo, and which body each of its errors belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::scratch::Scratch;
use crate::generate::Body;

/// A side of a body that does not compile.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// The body.
    pub(super) number: u64,
    /// Whether it is segue's side; otherwise rustc's own lowering refuses the body.
    pub(super) ours: bool,
    /// The first line of the first error, with names made equal.
    pub(super) message: String,
    /// The whole of it.
    pub(super) rendered: String,
}

/// What there is to run, and what is not.
pub(super) struct Compiled {
    /// Each package with the bodies in it.
    pub(super) packages: Vec<(String, Vec<u64>)>,
    /// The bodies that were left out.
    pub(super) failures: Vec<Failure>,
}

/// Spreads the bodies over the packages and compiles them, leaving out what does not compile.
///
/// rustc reports errors in stages (expansion, types, borrows), so there may be several tries.
pub(super) fn compile(scratch: &Scratch, bodies: Vec<Body>) -> io::Result<Compiled> {
    let share = bodies.len().div_ceil(scratch.packages.len()).max(1);
    let mut bodies = bodies.into_iter();
    let mut packages: Vec<(String, Vec<Body>)> = Vec::new();
    for package in &scratch.packages {
        packages.push((package.clone(), bodies.by_ref().take(share).collect()));
    }
    for (package, bodies) in &packages {
        scratch.write(package, bodies)?;
    }
    let mut failures: BTreeMap<(u64, bool), Failure> = BTreeMap::new();
    loop {
        let errors = build(scratch, "build")?;
        if errors.is_empty() {
            break;
        }
        let out: BTreeSet<u64> = errors.iter().map(|failure| failure.number).collect();
        for failure in errors {
            failures.entry((failure.number, failure.ours)).or_insert(failure);
        }
        for (package, bodies) in &mut packages {
            let before = bodies.len();
            bodies.retain(|body| !out.contains(&body.number));
            if bodies.len() < before {
                scratch.write_main(package, bodies)?;
            }
        }
    }
    let numbers = |bodies: Vec<Body>| bodies.iter().map(|body| body.number).collect();
    let packages = packages.into_iter().map(|(package, bodies)| (package, numbers(bodies))).collect();
    Ok(Compiled { packages, failures: failures.into_values().collect() })
}

/// Compiles each side of the bodies without regard to the other, to see who refuses what.
pub(super) fn check(scratch: &Scratch, bodies: &[Body]) -> io::Result<Vec<Failure>> {
    let share = bodies.len().div_ceil(scratch.packages.len()).max(1);
    let empty: &[Body] = &[];
    let shares: Vec<&[Body]> =
        bodies.chunks(share).chain(std::iter::repeat(empty)).take(scratch.packages.len()).collect();
    for (package, bodies) in scratch.packages.iter().zip(&shares) {
        scratch.write(package, bodies)?;
    }
    let mut failures: BTreeMap<(u64, bool), Failure> = BTreeMap::new();
    loop {
        for (package, bodies) in scratch.packages.iter().zip(&shares) {
            scratch.write_checked(package, bodies, &failures.keys().copied().collect())?;
        }
        let errors = build(scratch, "check")?;
        if errors.is_empty() {
            return Ok(failures.into_values().collect());
        }
        for failure in errors {
            failures.entry((failure.number, failure.ours)).or_insert(failure);
        }
    }
}

/// Builds all packages; the errors, none if it worked.
fn build(scratch: &Scratch, command: &str) -> io::Result<Vec<Failure>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([command, "--offline", "--workspace", "--keep-going", "--quiet", "--message-format=json"])
        .env("CARGO_TARGET_DIR", scratch.build_folder())
        .env_remove("RUSTFLAGS")
        .env("RUSTC_BOOTSTRAP", "0")
        .current_dir(scratch.root())
        .stdin(Stdio::null())
        .output()?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let failures: Vec<Failure> = messages.lines().filter_map(failure).collect();
    if failures.is_empty() && !output.status.success() {
        let errors = messages.lines().filter_map(rendered).collect::<String>();
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("cargo failed, and not in a body:\n{errors}\n{words}")));
    }
    Ok(failures)
}

/// The error in this line of cargo's, if it is one and in a body.
fn failure(line: &str) -> Option<Failure> {
    let line: Value = serde_json::from_str(line).ok()?;
    let message = line.get("message").filter(|message| message["level"] == "error")?;
    let spans = message["spans"].as_array()?;
    let primary = spans.iter().find(|span| span["is_primary"] == true);
    let (ours, number) = primary.into_iter().chain(spans).find_map(place)?;
    Some(Failure {
        number,
        ours,
        message: leveled(message["message"].as_str()?, message["code"]["code"].as_str()),
        rendered: message["rendered"].as_str().unwrap_or_default().to_owned(),
    })
}

/// The text of any error.
fn rendered(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    let message = line.get("message").filter(|message| message["level"] == "error")?;
    message["rendered"].as_str().map(str::to_owned)
}

/// Which side of which body a span lies in.
fn place(span: &Value) -> Option<(bool, u64)> {
    let mut span = span;
    loop {
        let name = Path::new(span["file_name"].as_str()?).file_stem()?.to_str()?;
        for (prefix, ours) in [("ours", true), ("rustcs", false)] {
            if let Some(number) = name.strip_prefix(prefix).and_then(|number| number.parse().ok()) {
                return Some((ours, number));
            }
        }
        span = span.get("expansion")?.get("span")?;
    }
}

/// A message with the names of variables made equal, so that errors of one kind are counted together.
fn leveled(message: &str, code: Option<&str>) -> String {
    let mut text = code.map_or(String::new(), |code| format!("{code} "));
    for (index, part) in message.split('`').enumerate() {
        let variable =
            index % 2 == 1 && part.len() <= 6 && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        text.push_str(if variable { "_" } else { part });
        text.push('`');
    }
    text.pop();
    text
}
