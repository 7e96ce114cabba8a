//! Cargo's commands in the copy, each with a time limit, and what they say.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::scratch::Scratch;
use super::{Error, Options, Result};

/// The cargo that is used here.
pub(super) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs cargo in the copy.
pub(super) struct Cargo<'a> {
    pub(super) scratch: &'a Scratch,
    pub(super) options: &'a Options,
}

/// What `cargo check` found.
pub(super) struct Check {
    pub(super) passed: bool,
    pub(super) errors: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// An error or a warning of rustc's.
#[derive(Clone, Debug)]
pub(super) struct Diagnostic {
    /// `E0505`, a lint's name, or nothing: a macro's error has none.
    pub(super) code: Option<String>,
    pub(super) message: String,
    /// Of a value that was moved: by what.
    pub(super) moved: Option<String>,
    /// As rustc prints it.
    pub(super) rendered: String,
    /// Where it stands, then what it points at besides, then what its notes point at.
    pub(super) places: [Vec<Place>; 3],
    /// The line of the crate that it names first.
    pub(super) line: usize,
}

/// A byte of a file, and what called the macros that it came from, outwards.
#[derive(Clone, Debug)]
pub(super) struct Place(pub(super) Vec<(PathBuf, usize)>);

/// The crate's own tests.
pub(super) struct Tests {
    /// By the program and the test's name: whether it passed.
    pub(super) passed: BTreeMap<String, bool>,
    /// Whether all programs came to an end in time.
    pub(super) ended: bool,
}

impl Cargo<'_> {
    /// Checks all targets with tests in them.
    pub(super) fn check(&self) -> Result<Check> {
        let (status, told) =
            self.run(&["check", "--tests", "--keep-going", "--message-format=json"], Output::Standard)?;
        let status =
            status.ok_or_else(|| Error("`cargo check` took too long; `--limit` gives it more".into()))?;
        let mut check = Check { passed: status.success(), errors: Vec::new(), warnings: Vec::new() };
        for line in told.lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            if message["reason"] != "compiler-message" {
                continue;
            }
            let diagnostic = diagnostic(&message["message"], &self.scratch.root);
            let found = match message["message"]["level"].as_str() {
                Some("warning") => &mut check.warnings,
                Some("error" | "error: internal compiler error") => &mut check.errors,
                _ => continue,
            };
            // A library is compiled twice, once for its tests.
            if found.iter().all(|other| other.rendered != diagnostic.rendered) {
                found.push(diagnostic);
            }
        }
        check.errors.retain(|error| !error.message.starts_with("aborting due to"));
        Ok(check)
    }

    /// What cargo itself has to say when it can't even begin.
    pub(super) fn why_not(&self) -> Result<String> {
        Ok(self.run(&["check", "--tests"], Output::Both)?.1)
    }

    /// Compiles and runs the tests.
    pub(super) fn test(&self) -> Result<Tests> {
        let (status, told) = self.run(&["test", "--tests", "--no-run"], Output::Both)?;
        if !status.is_some_and(|status| status.success()) {
            return Err(Error(format!("the tests can't be built:\n{told}")));
        }
        let (status, told) = self.run(&["test", "--tests", "--no-fail-fast"], Output::Both)?;
        Ok(Tests { passed: results(&told), ended: status.is_some() })
    }

    /// Builds all targets, with `wrapper` in rustc's place for the crates of the workspace.
    pub(super) fn build_by(&self, wrapper: &Path, environment: (&str, &Path)) -> Result<()> {
        let environment = [
            ("RUSTC_WORKSPACE_WRAPPER", wrapper),
            // What is taken from an earlier build isn't compiled, and its types aren't told.
            ("CARGO_INCREMENTAL", Path::new("0")),
            environment,
        ];
        let arguments = ["test", "--tests", "--no-run", "--message-format=short"];
        let (status, told) = self.run_with(&arguments, Output::Both, &environment)?;
        if !status.is_some_and(|status| status.success()) {
            return Err(Error(format!("the copy can't be built for its sizes:\n{told}")));
        }
        Ok(())
    }

    /// The status, if the command ended in time, and what it printed.
    fn run(&self, arguments: &[&str], output: Output) -> Result<(Option<ExitStatus>, String)> {
        self.run_with(arguments, output, &[])
    }

    fn run_with(
        &self,
        arguments: &[&str],
        output: Output,
        environment: &[(&str, &Path)],
    ) -> Result<(Option<ExitStatus>, String)> {
        let log = self.scratch.target.with_extension("log");
        let file = File::create(&log).map_err(|error| Error::at(&log, error))?;
        let errors = match output {
            Output::Standard => Stdio::null(),
            Output::Both => file.try_clone().map_err(|error| Error::at(&log, error))?.into(),
        };
        let mut command = Command::new(program());
        command
            .args(arguments)
            .arg("--target-dir")
            .arg(&self.scratch.target)
            .args(&self.options.cargo)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .envs(environment.iter().copied())
            .current_dir(&self.scratch.package)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors);
        let status = within(self.options.limit, command)
            .map_err(|error| Error(format!("cargo can't be run: {error}")))?;
        let told = fs::read(&log).map_err(|error| Error::at(&log, error))?;
        Ok((status, String::from_utf8_lossy(&told).into_owned()))
    }
}

/// What of a command's output is kept.
enum Output {
    Standard,
    Both,
}

/// Runs a command; ends it, and what it has started, when its time is over.
fn within(limit: Duration, mut command: Command) -> io::Result<Option<ExitStatus>> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > end {
            stop(&mut child)?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Cargo's tests are its children: on Unix they share its group.
fn stop(child: &mut Child) -> io::Result<()> {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        Command::new("kill").args(["-KILL", "--", &group]).status()?;
    }
    child.kill()?;
    child.wait().map(drop)
}

fn diagnostic(message: &Value, root: &Path) -> Diagnostic {
    let text = |key: &str| message[key].as_str().unwrap_or_default().to_owned();
    let spans = |of: &Value, primary: bool| -> Vec<Place> {
        let spans = of["spans"].as_array().into_iter().flatten();
        spans.filter(|span| span["is_primary"] == primary).map(|span| place(span, root)).collect()
    };
    let mut notes = Vec::new();
    for child in message["children"].as_array().into_iter().flatten() {
        notes.extend(spans(child, true));
        notes.extend(spans(child, false));
    }
    Diagnostic {
        code: message["code"]["code"].as_str().map(str::to_owned),
        message: text("message"),
        moved: moved(&message["spans"]),
        rendered: text("rendered"),
        line: line(&message["spans"][0]),
        places: [spans(message, true), spans(message, false), notes],
    }
}

fn place(span: &Value, root: &Path) -> Place {
    let mut calls = Vec::new();
    let mut span = span;
    while let (Some(file), Some(byte)) = (span["file_name"].as_str(), span["byte_start"].as_u64()) {
        calls.push((root.join(file), byte as usize));
        span = &span["expansion"]["span"];
    }
    Place(calls)
}

/// The label that tells of a move, if there is one: `value moved into closure here`.
fn moved(spans: &Value) -> Option<String> {
    let labels = spans.as_array().into_iter().flatten().filter_map(|span| span["label"].as_str());
    let mut moves: Vec<&str> = labels.filter(|label| label.contains(" moved ")).collect();
    // "value moved due to this method call" says more than "value moved here".
    moves.sort_by_key(|label| label.ends_with("moved here"));
    moves.first().map(|label| (*label).to_owned())
}

/// The line of a span; of the call, where a macro of another crate is called.
fn line(span: &Value) -> usize {
    let foreign = span["file_name"].as_str().is_some_and(|file| Path::new(file).is_absolute());
    let call = &span["expansion"]["span"];
    if foreign && call.is_object() {
        return line(call);
    }
    span["line_start"].as_u64().unwrap_or_default() as usize
}

/// Reads `test name ... ok`, under the program that was last said to run.
fn results(told: &str) -> BTreeMap<String, bool> {
    let mut results = BTreeMap::new();
    let mut program = String::new();
    for line in told.lines() {
        if let Some(running) = line.trim_start().strip_prefix("Running ") {
            // Behind the source stands the program, whose name has a hash in it.
            program = running.split(" (").next().unwrap_or_default().to_owned();
        } else if let Some(test) = line.strip_prefix("test ")
            && let Some((name, result)) = test.split_once(" ... ")
            && let Some(passed) = passed(result)
        {
            results.insert(format!("{program}: {name}"), passed);
        }
    }
    results
}

/// What a test logs may stand on the same line, before or after its result.
fn passed(result: &str) -> Option<bool> {
    let says = |word| result.starts_with(word) || result.ends_with(word);
    if says("FAILED") { Some(false) } else { says("ok").then_some(true) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_read_by_program() {
        let told = "     Running unittests src/lib.rs (target/debug/deps/one-1a2b)\n\
                    running 3 tests\n\
                    test a::b ... ok\ntest c ... FAILED\ntest slow ... ignored\ntest log ... ok[INFO] 1\n\
                    test result: FAILED. 1 passed; 1 failed\n\
                    Running tests/c.rs (target/debug/deps/c-3c)\ntest c ... ok\n";
        let found = results(told);
        let expected = [
            ("tests/c.rs: c", true),
            ("unittests src/lib.rs: a::b", true),
            ("unittests src/lib.rs: c", false),
            ("unittests src/lib.rs: log", true),
        ];
        assert_eq!(found, expected.map(|(name, passed)| (name.to_owned(), passed)).into());
    }

    #[cfg(unix)]
    #[test]
    fn a_command_is_ended_when_its_time_is_over() {
        let mut command = Command::new("sleep");
        command.arg("100");
        assert_eq!(within(Duration::from_millis(50), command).ok(), Some(None));
    }
}
