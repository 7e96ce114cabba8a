//! The main function of a generated crate: runs all scripts on its bodies and reports on standard output.
//!
//! The report is for the tester, one line an event: `start N`, then `same N SCRIPTS SUSPENSIONS`, or `differs N` followed
//! by the two logs, each line after a bar. A body that aborts or hangs leaves a `start` without an end.

use std::io::Write;

use crate::compare::compare;
use crate::subject::Subject;

/// One body of the batch, both ways.
pub struct Case {
    /// Its number, as in its seed.
    pub number: u64,
    /// Makes our subject.
    pub ours: fn() -> Box<dyn Subject>,
    /// Makes rustc's.
    pub oracle: fn() -> Box<dyn Subject>,
}

/// Runs the cases, from the number given as the first argument on.
pub fn main(cases: &[Case]) {
    let first: u64 = std::env::args().nth(1).and_then(|first| first.parse().ok()).unwrap_or(0);
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::stdout().lock();
    for case in cases.iter().filter(|case| case.number >= first) {
        report(&mut out, case).expect("the tester reads what the batch reports");
    }
}

/// Compares one case and reports it.
fn report(out: &mut impl Write, case: &Case) -> std::io::Result<()> {
    writeln!(out, "start {}", case.number)?;
    out.flush()?;
    match compare(&case.ours, &case.oracle) {
        Ok(tally) => writeln!(out, "same {} {} {}", case.number, tally.scripts, tally.suspensions)?,
        Err(difference) => {
            writeln!(out, "differs {}", case.number)?;
            for line in difference.to_string().lines() {
                writeln!(out, "|{line}")?;
            }
        }
    }
    out.flush()
}
