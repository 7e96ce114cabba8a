//! How much of a crate compiles, and does what it did, with `#[segue::coroutine]` on every `async fn`.
//!
//! The crate is copied; the copy is compiled as it is, and its tests are run. Then the attribute goes on every function, and
//! off again where rustc reports an error, until the copy compiles (`convert`). Then the tests are run once more.
//! At the end sizes are compared (`sizes`), and it is found which loans are needed (`loans`), if that is asked for.

mod cargo;
mod convert;
mod functions;
mod loans;
mod options;
mod report;
mod scratch;
pub mod sizes;
mod sources;

use std::fmt;
use std::io;
use std::path::Path;

pub use options::{HELP, Options};
pub use report::Report;

use cargo::{Cargo, Tests};
use loans::Loans;
use scratch::Scratch;
use sizes::Sizes;
use sources::Sources;

/// Why there is nothing to report.
#[derive(Debug)]
pub struct Error(String);

/// What is found besides, where it is asked for.
struct Measured {
    /// Before and after.
    tests: Option<[Tests; 2]>,
    sizes: Option<Sizes>,
    loans: Option<Loans>,
}

type Result<T> = std::result::Result<T, Error>;

impl Error {
    fn at(path: &Path, error: io::Error) -> Error {
        Error(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// Does all of it.
///
/// # Errors
///
/// There is no crate, it doesn't compile as it is, a command takes longer than it may, or an error of rustc's can't be
/// laid to any function.
pub fn run(options: &Options) -> Result<Report> {
    let scratch = Scratch::copy(options)?;
    let cargo = Cargo { scratch: &scratch, options };
    eprintln!("{} as it is", scratch.title);
    let untouched = cargo.check()?;
    if !untouched.passed {
        return Err(Error(format!("{} doesn't compile as it is:\n{}", scratch.title, cargo.why_not()?)));
    }
    let test = || options.tests.then(|| cargo.test()).transpose();
    let before = test()?;
    let mut sources = Sources::read(&scratch.package)?;
    let outcome = convert::convert(&cargo, &mut sources)?;
    let after = test()?;
    let tests = before.zip(after).map(|(before, after)| [before, after]);
    let measure = |program| sizes::measure(&cargo, &mut sources, &outcome, program);
    let sizes = options.sizes.as_deref().map(measure).transpose()?;
    let mut count = || loans::count(&cargo, &mut sources, &outcome.converted);
    let loans = options.loans.then(&mut count).transpose()?;
    let measured = Measured { tests, sizes, loans };
    Ok(Report::new(&scratch, &sources, outcome, &untouched.warnings, measured))
}
