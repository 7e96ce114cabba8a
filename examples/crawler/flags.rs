//! The command line.

use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Crawls a web site, each page once, and reports what it found.

Usage: crawler [URL | --serve DIR] [OPTIONS]

What is crawled:
  (nothing)            a small bundled site, served on this machine
  --serve DIR          the files of DIR, served on this machine
  URL                  the server at that http:// address, from there on

Options:
  --concurrency N      how many pages are asked for at once [16]
  --max-redirects N    how long a row of redirects is followed [10]
  --max-pages N        how many pages are asked for in all [250000]
  --max-size BYTES     how large a page may be [67108864]
  --retries N          how often a failed page is asked for again [2]
  --timeout SECONDS    how long a page may take [30; 1 for the bundled site]
  --json               the report as JSON
  --listen ADDR:PORT   where a served site listens [127.0.0.1:0]
  --from PATH          where the crawl of a served site begins [/]; in a folder,
                       /?list begins with a list of all files, linked or not
  --serve-only         serve until Ctrl-C, crawl nothing
  --help

Exit status: 0 after a report, 1 if the first page can't be had, 2 for a bad option, 130 after Ctrl-C.
";

/// What to do.
#[derive(Debug)]
pub(crate) enum Command {
    /// Print [`HELP`].
    Help,
    /// Serve, crawl, or both.
    Run(Options),
}

/// All that the command line sets.
#[derive(Debug)]
pub(crate) struct Options {
    /// What is crawled.
    pub(crate) source: Source,
    /// Where a served site listens.
    pub(crate) listen: SocketAddr,
    /// Where on a served site the crawl begins.
    pub(crate) from: String,
    /// Whether to serve and not to crawl.
    pub(crate) serve_only: bool,
    /// Whether the report is JSON.
    pub(crate) json: bool,
    /// How far the crawl goes.
    pub(crate) limits: Limits,
}

/// What is crawled.
#[derive(Debug, PartialEq)]
pub(crate) enum Source {
    /// The bundled site.
    Bundled,
    /// A folder, served.
    Folder(PathBuf),
    /// A server that is there already.
    Server(Url),
}

/// How far a crawl goes.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Pages asked for at once.
    pub(crate) concurrency: usize,
    /// Redirects followed in a row.
    pub(crate) max_redirects: u32,
    /// Pages asked for in all.
    pub(crate) max_pages: usize,
    /// A page's bytes.
    pub(crate) max_size: u64,
    /// How often a failed page is asked for again.
    pub(crate) retries: u32,
    /// How long a page may take, each time that it is asked for.
    pub(crate) timeout: Duration,
}

/// Reads the command line without the program's name.
///
/// # Errors
///
/// In words for the user: which argument is wrong, and what it should be.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = Parser::from_args(arguments);
    let mut given = Given::default();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long(name) => {
                let name = name.to_owned();
                given.option(&name, &mut parser)?;
            }
            Arg::Value(value) => given.address(value)?,
            Arg::Short(_) => return Err(argument.unexpected().to_string()),
        }
    }
    given.options().map(Command::Run)
}

/// The arguments read so far.
#[derive(Default)]
struct Given {
    serve: Option<PathBuf>,
    address: Option<Url>,
    listen: Option<SocketAddr>,
    from: Option<String>,
    serve_only: bool,
    json: bool,
    concurrency: Option<usize>,
    max_redirects: Option<u32>,
    max_pages: Option<usize>,
    max_size: Option<u64>,
    retries: Option<u32>,
    timeout: Option<Duration>,
}

impl Given {
    fn option(&mut self, name: &str, parser: &mut Parser) -> Result<(), String> {
        match name {
            "serve" => self.serve = Some(value(name, parser)?.into()),
            "listen" => self.listen = Some(parsed(name, parser, "an address and a port, as 127.0.0.1:8080")?),
            "from" => self.from = Some(path(name, parser)?),
            "serve-only" => self.serve_only = true,
            "json" => self.json = true,
            "concurrency" => self.concurrency = Some(positive(name, parser)?),
            "max-redirects" => self.max_redirects = Some(parsed(name, parser, "a number")?),
            "max-pages" => self.max_pages = Some(positive(name, parser)?),
            "max-size" => self.max_size = Some(parsed(name, parser, "a number of bytes")?),
            "retries" => self.retries = Some(parsed(name, parser, "a number")?),
            "timeout" => self.timeout = Some(seconds(name, parser)?),
            _ => return Err(Arg::Long(name).unexpected().to_string()),
        }
        Ok(())
    }

    fn address(&mut self, value: OsString) -> Result<(), String> {
        let text = value.string().map_err(|error| error.to_string())?;
        if self.address.is_some() {
            return Err(format!("one address is enough, what is {text:?} for?"));
        }
        let url = Url::parse(&text).map_err(|error| format!("{text:?} is not an address: {error}"))?;
        match url.scheme() {
            "http" => self.address = Some(url),
            "https" => return Err(format!("{text}: only http:// can be crawled, not https://")),
            other => return Err(format!("{text}: only http:// can be crawled, not {other}:")),
        }
        Ok(())
    }

    fn options(self) -> Result<Options, String> {
        let source = match (self.serve, self.address) {
            (Some(_), Some(_)) => return Err("either --serve DIR or an address, not both".into()),
            (Some(folder), None) => Source::Folder(folder),
            (None, Some(address)) => Source::Server(address),
            (None, None) => Source::Bundled,
        };
        let serving = self.serve_only || self.listen.is_some() || self.from.is_some();
        if serving && matches!(source, Source::Server(_)) {
            return Err("--serve-only, --listen and --from are for a served site, not for an address".into());
        }
        let usual_timeout = Duration::from_secs(if source == Source::Bundled { 1 } else { 30 });
        Ok(Options {
            source,
            listen: self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            from: self.from.unwrap_or_else(|| "/".into()),
            serve_only: self.serve_only,
            json: self.json,
            limits: Limits {
                concurrency: self.concurrency.unwrap_or(16),
                max_redirects: self.max_redirects.unwrap_or(10),
                max_pages: self.max_pages.unwrap_or(250_000),
                max_size: self.max_size.unwrap_or(64 << 20),
                retries: self.retries.unwrap_or(2),
                timeout: self.timeout.unwrap_or(usual_timeout),
            },
        })
    }
}

fn value(name: &str, parser: &mut Parser) -> Result<OsString, String> {
    parser.value().map_err(|_| format!("--{name} needs a value"))
}

fn parsed<T: std::str::FromStr>(name: &str, parser: &mut Parser, wanted: &str) -> Result<T, String> {
    let text = value(name, parser)?.to_string_lossy().into_owned();
    text.parse().map_err(|_| format!("--{name} {text}: not {wanted}"))
}

fn path(name: &str, parser: &mut Parser) -> Result<String, String> {
    let text: String = parsed(name, parser, "a path")?;
    if text.starts_with('/') && !text.starts_with("//") {
        Ok(text)
    } else {
        Err(format!("--{name} {text}: a path begins with one /"))
    }
}

fn positive(name: &str, parser: &mut Parser) -> Result<usize, String> {
    match parsed(name, parser, "a number")? {
        0 => Err(format!("--{name} 0: at least 1 is needed")),
        n => Ok(n),
    }
}

fn seconds(name: &str, parser: &mut Parser) -> Result<Duration, String> {
    let seconds: f64 = parsed(name, parser, "a number of seconds")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if !time.is_zero() => Ok(time),
        _ => Err(format!("--{name} {seconds}: more than no time is needed, and less than for ever")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Result<Options, String> {
        match parse(line.split_whitespace().map(OsString::from))? {
            Command::Run(options) => Ok(options),
            Command::Help => Err("help".into()),
        }
    }

    #[test]
    fn nothing_means_the_bundled_site() {
        let options = run("").unwrap();
        assert_eq!(options.source, Source::Bundled);
        assert_eq!((options.limits.concurrency, options.limits.max_redirects), (16, 10));
    }

    #[test]
    fn every_option() {
        let options =
            run("--serve some/dir --concurrency=3 --max-redirects 0 --max-pages 7 --timeout 0.5 --json \
                           --listen 127.0.0.1:80 --serve-only --retries 0 --max-size 9")
            .unwrap();
        assert_eq!(options.source, Source::Folder("some/dir".into()));
        assert_eq!((options.limits.concurrency, options.limits.max_redirects), (3, 0));
        assert_eq!((options.limits.max_pages, options.limits.max_size, options.limits.retries), (7, 9, 0));
        assert_eq!(options.limits.timeout, Duration::from_millis(500));
        assert!(options.json && options.serve_only);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, word) in [
            ("--concurency 3", "--concurency"),
            ("--concurrency 0", "at least 1"),
            ("--concurrency many", "many"),
            ("--concurrency", "needs a value"),
            ("--timeout -1", "-1"),
            ("--timeout NaN", "NaN"),
            ("--json=yes", "yes"),
            ("-x", "-x"),
            ("https://here.test/", "only http://"),
            ("ftp://here.test/", "only http://"),
            ("here", "not an address"),
            ("http://a.test/ http://b.test/", "one address"),
            ("http://a.test/ --serve d", "not both"),
            ("http://a.test/ --serve-only", "for a served site"),
            ("--from index.html", "begins with one /"),
        ] {
            let error = run(line).unwrap_err();
            assert!(error.contains(word), "{line}: {error}");
        }
    }
}
