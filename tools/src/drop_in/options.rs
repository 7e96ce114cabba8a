//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::prelude::*;

/// What `--help` prints.
pub const HELP: &str = "\
drop-in PATH_TO_CRATE [options] [-- CARGO_ARGUMENTS]

Copies the crate, puts #[segue::coroutine] on every async fn, takes it off again where the crate doesn't compile with
it, runs the crate's own tests before and after, and reports. The crate itself isn't touched.

    --json             the report as JSON, each error in full
    --explain          one error in full for each cause, the new warnings, and whose sizes aren't counted
    --sizes            how large each function's machine is, beside rustc's
    --loans            which variables are on loan, and which of these needn't be
    --no-tests         don't run the crate's tests
    --limit SECONDS    how long a command of cargo's may take (600)
    --scratch FOLDER   where the copy goes, and what is built of it (a folder among the temporary files)
    -- ...             passed on to `cargo check --tests` and `cargo test --tests`: --all-features, --examples, ...
";

/// What is asked for.
pub struct Options {
    /// The crate's folder.
    pub path: PathBuf,
    /// The report as JSON.
    pub json: bool,
    /// One error in full for each cause.
    pub explain: bool,
    /// Whether sizes are compared: then this program, which cargo calls in rustc's place
    /// ([`sizes::as_rustc`](crate::drop_in::sizes::as_rustc)).
    pub sizes: Option<PathBuf>,
    /// Whether it is found out which loans are needed.
    pub loans: bool,
    /// Whether the crate's tests are run.
    pub tests: bool,
    /// How long a command may take.
    pub limit: Duration,
    /// Where the copy goes.
    pub scratch: PathBuf,
    /// What cargo is told besides.
    pub cargo: Vec<String>,
}

impl Options {
    /// Reads the command line; `None` is a call for help.
    ///
    /// # Errors
    ///
    /// An option that isn't there, a value that isn't one, no crate or two.
    pub fn parse(mut arguments: lexopt::Parser) -> Result<Option<Options>, lexopt::Error> {
        let mut options = Options {
            path: PathBuf::new(),
            json: false,
            explain: false,
            sizes: None,
            loans: false,
            tests: true,
            limit: Duration::from_secs(600),
            scratch: std::env::temp_dir().join("segue-drop-in"),
            cargo: Vec::new(),
        };
        loop {
            // What follows a bare `--` is cargo's, whatever it looks like.
            if let Some(raw) = arguments.try_raw_args()
                && raw.peek().is_some_and(|next| next == "--")
            {
                options.cargo = raw.skip(1).map(ValueExt::string).collect::<Result<_, _>>()?;
                break;
            }
            let Some(argument) = arguments.next()? else { break };
            match argument {
                Short('h') | Long("help") => return Ok(None),
                Long("json") => options.json = true,
                Long("explain") => options.explain = true,
                Long("sizes") => {
                    let program = std::env::current_exe();
                    options.sizes = Some(program.map_err(|error| lexopt::Error::Custom(error.into()))?);
                }
                Long("loans") => options.loans = true,
                Long("no-tests") => options.tests = false,
                Long("limit") => options.limit = Duration::from_secs(arguments.value()?.parse()?),
                Long("scratch") => options.scratch = arguments.value()?.into(),
                Value(path) if options.path.as_os_str().is_empty() => options.path = path.into(),
                _ => return Err(argument.unexpected()),
            }
        }
        if options.path.as_os_str().is_empty() {
            return Err("which crate? Give the path to its folder".into());
        }
        Ok(Some(options))
    }
}
