//! The command line of the tester.

use crate::generate::Wanted;

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where all choices come from.
    pub seed: u64,
    /// The number of the first body of the seed.
    pub first: u64,
    /// How many bodies.
    pub bodies: u64,
    /// About how many statements and operands each has.
    pub size: usize,
    /// How many bodies go into one crate.
    pub batch: usize,
    /// How many crates are compiled side by side.
    pub jobs: usize,
    /// Whether to make what differs small.
    pub shrink: bool,
    /// Of how many.
    pub most_shrunk: usize,
    /// Print the body instead of running it.
    pub print: bool,
    /// Compare rustc's lowering with itself: checks the generator, not segue.
    pub self_check: bool,
    /// Write bodies that break the rules of borrowing, and see who refuses them.
    pub illegal: bool,
    /// No progress.
    pub quiet: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 1,
            first: 0,
            bodies: 1000,
            size: 30,
            batch: 200,
            jobs: 2,
            shrink: false,
            most_shrunk: 10,
            print: false,
            self_check: false,
            illegal: false,
            quiet: false,
        }
    }
}

/// Printed for `--help` and beside an error.
const USAGE: &str =
    "differential [--seed N] [--bodies N] [--size N] [--first N] [--batch N] [--jobs N] [--shrink] [--print] [--self-check] [--illegal]

  --seed N     where all choices come from (1)
  --bodies N   how many bodies (1000)
  --size N     about how many statements and operands each has (30)
  --first N    the number of the first body of the seed (0)
  --batch N    how many bodies go into one crate (200)
  --jobs N     how many crates are compiled side by side (2)
  --shrink     make the first ten bodies that differ small, and one for each way in which we refuse some
  --print      print the bodies instead of running them
  --self-check compare rustc's lowering with itself: checks the generator, not segue
  --illegal    write bodies that break the rules of borrowing, and see who refuses them";

impl Options {
    /// Which bodies the generator is to write.
    pub fn wanted(&self) -> Wanted {
        Wanted { seed: self.seed, size: self.size, illegal: self.illegal }
    }

    /// Reads the arguments.
    ///
    /// # Errors
    /// An argument that is unknown or not a number; the message says which.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut arguments = arguments.peekable();
        while let Some(flag) = arguments.next() {
            match flag.as_str() {
                "--shrink" => options.shrink = true,
                "--print" => options.print = true,
                "--illegal" => options.illegal = true,
                "--self-check" => options.self_check = true,
                "--seed" => options.seed = number(&flag, arguments.next())?,
                "--first" => options.first = number(&flag, arguments.next())?,
                "--bodies" => options.bodies = number(&flag, arguments.next())?,
                "--size" => options.size = number(&flag, arguments.next())? as usize,
                "--batch" => options.batch = number(&flag, arguments.next())?.max(1) as usize,
                "--jobs" => options.jobs = number(&flag, arguments.next())?.max(1) as usize,
                "--help" => return Err(USAGE.to_owned()),
                other => return Err(format!("unknown argument {other}\n\n{USAGE}")),
            }
        }
        Ok(options)
    }
}

/// The number after a flag.
fn number(flag: &str, text: Option<String>) -> Result<u64, String> {
    let text = text.ok_or_else(|| format!("{flag} needs a number"))?;
    text.parse().map_err(|_| format!("{flag} needs a number, not {text}"))
}
