//! The generated crates: a workspace under the target folder, with some packages that are written anew each round.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::generate::{Body, bare_words};

/// The workspace of generated packages.
pub(super) struct Scratch {
    root: PathBuf,
    /// The names of its packages.
    pub(super) packages: Vec<String>,
    /// Whether rustc's side stands for ours too.
    self_check: bool,
}

/// The source tree that is tested.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// The target folder this program was built into, so that everything generated goes where `cargo clean` finds it.
fn target() -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let marked = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    Ok(marked.map_or_else(|| workspace().join("target"), Path::to_owned))
}

impl Scratch {
    /// A workspace of this name with so many packages.
    pub(super) fn new(name: &str, packages: usize, self_check: bool) -> io::Result<Scratch> {
        let root = target()?.join("differential").join(name);
        let packages: Vec<String> = (0..packages).map(|number| format!("batch{number}")).collect();
        fs::create_dir_all(&root)?;
        // Not a stale version's sources, nor the crates of a larger run before.
        for package in fs::read_dir(&root)? {
            let package = package?;
            if package.file_name().to_string_lossy().starts_with("batch") {
                fs::remove_dir_all(package.path())?;
            }
        }
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {packages:?}\n\n\
             [profile.dev]\ndebug = 0\nincremental = false\nopt-level = 0\ncodegen-units = 1\n\n\
             [profile.dev.package.segue-tests]\nopt-level = 2\n\n\
             [profile.dev.build-override]\nopt-level = 1\n"
        );
        write_if_new(&root.join("Cargo.toml"), &manifest)?;
        fs::copy(workspace().join("Cargo.lock"), root.join("Cargo.lock"))?;
        Ok(Scratch { root, packages, self_check })
    }

    /// Where cargo is to run.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The shared build folder of all generated crates.
    pub(super) fn build_folder(&self) -> PathBuf {
        self.root.parent().map_or_else(|| self.root.join("build"), |parent| parent.join("build"))
    }

    /// A package's compiled program.
    pub(super) fn binary(&self, package: &str) -> PathBuf {
        self.build_folder().join("debug").join(package)
    }

    /// Writes a package of these bodies.
    pub(super) fn write(&self, package: &str, bodies: &[Body]) -> io::Result<()> {
        let folder = self.root.join(package);
        let sources = folder.join("src");
        fs::create_dir_all(&sources)?;
        write_if_new(&folder.join("Cargo.toml"), &manifest(package))?;
        for stale in fs::read_dir(&sources)? {
            fs::remove_file(stale?.path())?;
        }
        for body in bodies {
            fs::write(sources.join(format!("ours{}.rs", body.number)), side(body, true))?;
            fs::write(sources.join(format!("rustcs{}.rs", body.number)), side(body, false))?;
        }
        self.write_main(package, bodies)
    }

    /// Writes only the list of the bodies that are compiled.
    pub(super) fn write_main(&self, package: &str, bodies: &[Body]) -> io::Result<()> {
        fs::write(self.root.join(package).join("src/main.rs"), self.main(bodies))
    }

    /// Writes a library of the sides of these bodies, without some: `true` is ours.
    pub(super) fn write_checked(
        &self,
        package: &str,
        bodies: &[Body],
        without: &BTreeSet<(u64, bool)>,
    ) -> io::Result<()> {
        let mut text = String::from("#![allow(warnings)]\nfn main() {}\n");
        for Body { number, .. } in bodies {
            for (side, ours) in [("ours", true), ("rustcs", false)] {
                if !without.contains(&(*number, ours)) {
                    _ = writeln!(text, "mod {side}{number};");
                }
            }
        }
        fs::write(self.root.join(package).join("src/main.rs"), text)
    }

    /// The program of a package.
    fn main(&self, bodies: &[Body]) -> String {
        let mut text = String::from("#![allow(warnings)]\n");
        let mut cases = String::new();
        for Body { number, .. } in bodies {
            let ours = if self.self_check { "rustcs" } else { "ours" };
            _ = writeln!(text, "mod rustcs{number};");
            if !self.self_check {
                _ = writeln!(text, "mod ours{number};");
            }
            _ = writeln!(
                cases,
                "segue_tests::batch::Case {{ number: {number}, ours: {ours}{number}::subject, \
                 oracle: rustcs{number}::subject }},"
            );
        }
        _ = writeln!(text, "fn main() {{\nsegue_tests::batch::main(&[\n{cases}]);\n}}");
        text
    }
}

/// The manifest of a generated package.
fn manifest(package: &str) -> String {
    let workspace = workspace();
    format!(
        "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         segue = {{ path = {:?} }}\nsegue-tests = {{ path = {:?} }}\n",
        workspace.join("runtime"),
        workspace.join("tests"),
    )
}

/// One side of a body: the source, with the names of that side.
fn side(body: &Body, ours: bool) -> String {
    let source = if ours && body.bare { bare_words(&body.source) } else { body.source.clone() };
    let names = if ours { "ours" } else { "rustcs" };
    format!(
        "use segue_tests::effects::*;\nuse segue_tests::subject::{names}::*;\n{source}\n\
         pub fn subject() -> Box<dyn segue_tests::Subject> {{ {} }}\n",
        body.call
    )
}

/// Leaves a file alone that is as it should be, for cargo's sake.
fn write_if_new(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) { Ok(()) } else { fs::write(path, text) }
}

/// Source through rustfmt, or as it is if there is none.
pub(super) fn formatted(source: &str) -> String {
    let run = || -> io::Result<String> {
        let mut rustfmt = Command::new("rustfmt")
            .args(["--edition", "2024", "--config", "max_width=110"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = rustfmt.stdin.take() {
            input.write_all(source.as_bytes())?;
        }
        let output = rustfmt.wait_with_output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    run().ok().filter(|text| !text.is_empty()).unwrap_or_else(|| source.to_owned())
}
