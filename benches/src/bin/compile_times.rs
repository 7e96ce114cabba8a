//! How long large functions take to check: the macro's part, and rustc's.
//!
//! `cargo run --release -p segue-benches --bin compile_times` writes functions of 50, 200, 400 and 800 suspensions, each in a
//! crate, has cargo check them in the dev profile (in which the macro itself isn't optimised either) and prints seconds.
//! Other numbers of suspensions may be given as arguments; `--kind NAME` leaves all but one kind of function out.
//!
//! - `generator` and `task`: one suspension after another, at the same few variables.
//! - `loops`: the same in loops and branches, so that there are states of jumps too.
//! - `locals`: every second suspension is in a block with a variable of its own, beside the few.
//! - `growing`: each suspension declares a variable, and all of them are used at the end.
//! - `async`: the function of `task` as an `async fn` of rustc's own, to compare.
//!
//! rustc's part grows with the *pending obligations* of the function that returns the machine: rustc goes through all of them
//! some eighty times an arm. What leaves them behind:
//!
//! - A path that names an enum or calls a function (`Delegate8::of1(..)`): each type parameter must be well-formed. Of an `async`
//!   block that isn't settled before the end of the function, as what it captures is inferred last. A struct literal
//!   (`Delegate8::A { delegate: .. }`) doesn't ask.
//! - A value whose type has parts that aren't known yet, where it is coerced: each part becomes a subtype of a new one. Not so
//!   if the type is invariant in them, as those of `segue::machine` that hold states and delegates are.
//! - Each type that is `Sized` only when all of its parts are known. So functions of more than 32 segments are divided into
//!   groups (`macros/src/groups.rs`), and an arm names the types of its own.
//!
//! The macro's part is what rustc calls `macro_expand_crate`. rustc prints the times of its passes with `RUSTC_BOOTSTRAP`,
//! which is set for these crates only.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

/// How the suspensions stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Generator,
    Task,
    Loops,
    Locals,
    Growing,
    Async,
}

/// What is measured: the kind of function, and how many variables it has.
const ROWS: [(Kind, usize); 8] = [
    (Kind::Generator, 5),
    (Kind::Generator, 30),
    (Kind::Task, 5),
    (Kind::Task, 30),
    (Kind::Loops, 5),
    (Kind::Locals, 5),
    (Kind::Growing, 0),
    (Kind::Async, 5),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1).peekable();
    let mut counts = Vec::new();
    let mut only = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--kind" => only = Some(arguments.next().ok_or("--kind needs a name")?),
            count => counts.push(count.parse()?),
        }
    }
    if counts.is_empty() {
        counts = vec![50, 200, 400, 800];
    }
    let scratch = Scratch::new()?;
    println!("{:<12}{:>10}{:>13}{:>9}{:>9}{:>9}", "", "variables", "suspensions", "macro", "rustc", "all");
    for (kind, variables) in ROWS {
        let name = format!("{kind:?}").to_lowercase();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        for count in &counts {
            let time = scratch.check(&function(kind, *count, variables))?;
            let variables = if kind == Kind::Growing { *count } else { variables };
            println!(
                "{name:<12}{variables:>10}{count:>13}{:>9.2}{:>9.2}{:>9.2}",
                time.expansion,
                time.all - time.expansion,
                time.all
            );
        }
    }
    Ok(())
}

/// Seconds.
struct Time {
    expansion: f64,
    all: f64,
}

/// The crate that the functions are written into.
struct Scratch {
    root: PathBuf,
}

impl Scratch {
    /// The crate, beside this program, with all that it needs compiled.
    fn new() -> Result<Scratch, Box<dyn Error>> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the workspace has a folder")?;
        let root = env::current_exe()?.parent().ok_or("a program has a folder")?.join("compile-times");
        fs::create_dir_all(root.join("src"))?;
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\n\n[package]\nname = \"compile-times\"\nversion = \"0.0.0\"\n\
             edition = \"2024\"\n\n[dependencies]\n\
             segue = {{ path = {:?}, default-features = false }}\n",
            workspace.join("runtime")
        );
        fs::write(root.join("Cargo.toml"), manifest)?;
        fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock"))?;
        let scratch = Scratch { root };
        scratch.check("")?;
        Ok(scratch)
    }

    /// How long the crate takes with this source.
    fn check(&self, source: &str) -> Result<Time, Box<dyn Error>> {
        fs::write(self.root.join("src/lib.rs"), source)?;
        let started = Instant::now();
        let output = Command::new("cargo")
            .current_dir(&self.root)
            .args(["rustc", "--quiet", "--offline", "--profile", "check", "--", "-Ztime-passes"])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .output()?;
        let all = started.elapsed().as_secs_f64();
        let told = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(told.into_owned().into());
        }
        let passes = told.lines().filter(|line| line.ends_with("\tmacro_expand_crate"));
        let seconds =
            passes.filter_map(|line| line.split_whitespace().nth(1)?.strip_suffix(';')?.parse::<f64>().ok());
        Ok(Time { expansion: seconds.sum::<f64>(), all })
    }
}

/// A function with so many suspensions.
fn function(kind: Kind, suspensions: usize, variables: usize) -> String {
    let mut body = String::new();
    for variable in 0..variables {
        _ = writeln!(body, "    let mut a{variable} = n + {variable};");
    }
    let suspend = |value: &str| match kind {
        Kind::Task | Kind::Async => format!("core::future::ready({value}).await"),
        _ => format!("yield_!({value})"),
    };
    for at in 0..suspensions {
        let (one, next) = (at % variables.max(1), (at + 1) % variables.max(1));
        let suspend = suspend(&format!("a{one}"));
        _ = match (kind, at % 3) {
            (Kind::Growing, _) => writeln!(body, "    let a{at} = {at} + yield_!(n);"),
            (Kind::Locals, _) if at % 2 == 0 => {
                writeln!(body, "    {{ let b{at} = {suspend};")
            }
            (Kind::Locals, _) => {
                writeln!(body, "    {suspend};\n    a{next} += b{}; }}", at - 1)
            }
            (Kind::Loops, 0) => writeln!(body, "    while a{one} < {at} {{ {suspend}; a{one} += 1; }}"),
            (Kind::Loops, 1) => writeln!(body, "    if a{one} > {at} {{ a{next} += {suspend}; }}"),
            _ => writeln!(body, "    {suspend};\n    a{one} += a{next};"),
        };
    }
    let variables = if kind == Kind::Growing { suspensions } else { variables };
    let sum: Vec<String> = (0..variables).map(|variable| format!("a{variable}")).collect();
    let head = match kind {
        Kind::Task => "#[segue::coroutine]\npub async fn f(n: u64) -> u64",
        Kind::Async => "pub async fn f(n: u64) -> u64",
        _ => "#[segue::coroutine(yield = u64, resume = u64)]\npub fn f(n: u64) -> u64",
    };
    format!("{head} {{\n{body}    {}\n}}\n", sum.join(" + "))
}
