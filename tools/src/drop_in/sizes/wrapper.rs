//! rustc, when cargo calls this program in its place: it tells the sizes of types besides.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

use serde_json::json;

/// The environment's variable that names the folder for what is told. Where it is set, the program is [`as_rustc`].
pub const FOLDER: &str = "SEGUE_SIZES_FOLDER";

/// Runs rustc, which is the first of the arguments, with the rest of them. What it tells of the types of a crate goes
/// into a file of this folder, behind a line of JSON that says which crate it is.
///
/// The program is what `RUSTC_WORKSPACE_WRAPPER` names: so cargo calls it for the workspace's crates only, and others
/// are built as ever. On a stable toolchain the flag needs `RUSTC_BOOTSTRAP`, which is set for these calls alone.
pub fn as_rustc(folder: &Path, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    match run(folder, &arguments) {
        Ok(status) => ExitCode::from(u8::from(!status.success())),
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, arguments: &[OsString]) -> io::Result<ExitStatus> {
    let Some((rustc, arguments)) = arguments.split_first() else {
        return Err(io::Error::other("which rustc? cargo gives it as the first argument"));
    };
    let mut command = Command::new(rustc);
    command.args(arguments);
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    // cargo also asks rustc what it is and what it can do: nothing is compiled then.
    if let Some(root) = words.iter().find(|word| word.ends_with(".rs")) {
        let behind = |flag: &str| {
            let at = words.iter().position(|word| *word == flag);
            at.and_then(|at| words.get(at + 1)).copied().unwrap_or_default()
        };
        let name = behind("--crate-name");
        let hash = words.iter().find_map(|word| word.strip_prefix("extra-filename=")).unwrap_or_default();
        let mut file = File::create(folder.join(format!("{name}{hash}")))?;
        writeln!(
            file,
            "{}",
            json!({ "name": name, "root": root, "library": behind("--crate-type").ends_with("lib") })
        )?;
        command.arg("-Zprint-type-sizes").env("RUSTC_BOOTSTRAP", "1").stdout(file);
    }
    command.status()
}
