//! `cargo run --release -p segue-tools --bin drop-in -- PATH_TO_CRATE`: how much of a crate compiles under the attribute.
//!
//! Exits with 0 when the crate could be tried, however many functions had to be left alone; with 1 when a test that passed
//! before doesn't pass after; with 2 when there is nothing to report.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use segue_tools::drop_in::{self, Options, sizes};

fn main() -> ExitCode {
    if let Some(folder) = std::env::var_os(sizes::FOLDER) {
        return sizes::as_rustc(folder.as_ref(), std::env::args_os().skip(1));
    }
    let options = match Options::parse(lexopt::Parser::from_env()) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{}", drop_in::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{}", drop_in::HELP);
            return ExitCode::from(2);
        }
    };
    match drop_in::run(&options) {
        Ok(report) => {
            if options.json {
                println!("{:#}", report.to_json());
            } else {
                print!("{}", report.to_text(options.explain));
            }
            ExitCode::from(u8::from(!report.lost_tests().is_empty()))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
