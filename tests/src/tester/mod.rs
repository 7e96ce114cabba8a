//! The differential command: random bodies in batches, compiled both ways, run under every script.
//!
//! | file | job |
//! |---|---|
//! | `options` | the command line |
//! | `scratch` | the generated crates |
//! | `compile` | cargo, and which body each of its errors belongs to |
//! | `execute` | the compiled batches, and what they report |
//! | `report` | the figures |
//! | `shrink` | a body that differs, made small |

mod compile;
mod execute;
mod options;
mod report;
mod scratch;
mod shrink;

use std::io;
use std::time::Duration;

pub use options::Options;
pub use report::{Difference, Report};

use crate::generate::{Body, body};
use compile::compile;
use scratch::Scratch;
use shrink::Fault;

/// A batch that is silent for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs as many bodies as asked for; progress goes to standard error.
///
/// # Errors
/// When the scratch crates can't be written, or cargo can't be started.
pub fn run(options: &Options) -> io::Result<Report> {
    let scratch = Scratch::new("batches", options.jobs, options.self_check)?;
    let mut report = Report::default();
    let end = options.first + options.bodies;
    let mut next = options.first;
    while next < end {
        let round = (next..end).take(options.batch * options.jobs);
        next = round.clone().last().map_or(end, |last| last + 1);
        let bodies: Vec<Body> = round.map(|number| body(options.wanted(), number)).collect();
        if options.illegal {
            check_bodies(&scratch, bodies, &mut report)?;
        } else {
            try_bodies(&scratch, bodies, &mut report)?;
        }
        if !options.quiet {
            eprintln!("{} of {} bodies: {}", next - options.first, options.bodies, report.summary());
        }
    }
    if options.shrink {
        shrink_all(options, &mut report)?;
    }
    Ok(report)
}

/// Compiles the bodies, leaving out those that don't, and runs the rest.
fn try_bodies(scratch: &Scratch, bodies: Vec<Body>, report: &mut Report) -> io::Result<()> {
    report.bodies += bodies.len();
    let compiled = compile(scratch, bodies)?;
    for failure in compiled.failures {
        report.add_failure(failure);
    }
    for (package, numbers) in compiled.packages {
        execute::execute(&scratch.binary(&package), &numbers, PATIENCE, report)?;
    }
    Ok(())
}

/// Asks both sides about bodies that break the rules, each side by itself; nothing is run.
fn check_bodies(scratch: &Scratch, bodies: Vec<Body>, report: &mut Report) -> io::Result<()> {
    report.bodies += bodies.len();
    let numbers: Vec<u64> = bodies.iter().map(|body| body.number).collect();
    let failures = compile::check(scratch, &bodies)?;
    for number in numbers {
        let of = |ours: bool| failures.iter().find(|it| it.number == number && it.ours == ours);
        report.add_verdict(number, of(true), of(false));
    }
    Ok(())
}

/// Makes each body that differs small, in place, and one for each message with which we refuse some.
fn shrink_all(options: &Options, report: &mut Report) -> io::Result<()> {
    let scratch = Scratch::new("shrinking", options.jobs, options.self_check)?;
    for difference in report.differences.iter_mut().take(options.most_shrunk) {
        let body = body(options.wanted(), difference.number);
        let shrunk = shrink::shrink(&scratch, &body, &Fault::Differs)?;
        if !options.quiet {
            eprintln!("body {} made small:\n{shrunk}", difference.number);
        }
        difference.shrunk = Some(shrunk);
    }
    for (message, numbers) in report.refused.clone() {
        let body = body(options.wanted(), numbers[0]);
        let shrunk = shrink::shrink(&scratch, &body, &Fault::Refused(&message))?;
        report.messages.insert(message, shrunk);
    }
    Ok(())
}

/// The source of a body as a person wants to read it.
pub fn readable(body: &Body) -> String {
    format!("{}\n// run as: {}\n", scratch::formatted(&body.source), body.call)
}
