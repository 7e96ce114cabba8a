//! The differential tester: `cargo run --release -p segue-tests --bin differential -- --seed 1 --bodies 10000 --size 30`.
//!
//! Writes random bodies, compiles each by `#[segue::coroutine]` and by rustc's own lowering, runs all scripts on both and
//! compares the logs. Exits with 1 if any body differs. A body is printed by `--seed S --first N --bodies 1 --print`.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::time::Instant;

use segue_tests::generate::body;
use segue_tests::tester::{Options, readable, run};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    if options.print {
        for number in options.first..options.first + options.bodies {
            println!("{}", readable(&body(options.wanted(), number)));
        }
        return ExitCode::SUCCESS;
    }
    let started = Instant::now();
    match run(&options) {
        Ok(report) => {
            println!("{report}seed {}, size {}, {:.0?}", options.seed, options.size, started.elapsed());
            ExitCode::from(u8::from(!report.differences.is_empty() || !report.holes.is_empty()))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
