//! The crawler of the seeds: a queue of pages, workers that fetch them, each page once, and a report at the end.
//!
//! ```text
//! cargo run --release --example crawler                        a small bundled site, with all that goes wrong on the web
//! cargo run --release --example crawler -- --serve DIR         a folder of files, served and crawled
//! cargo run --release --example crawler -- http://127.0.0.1/   a server
//! cargo run --release --example crawler -- --help              all options
//! ```
//!
//! What to see: server and crawler are tasks of one loop on one thread, and each function of theirs that waits is a
//! `#[segue::coroutine]`, a plain enum that `cargo expand` shows. Read `crawl.rs` first, the crawler itself, which is
//! written as if it had all the time in the world; then `session.rs`, how it asks; `server.rs`, who answers; and
//! `hyper_io.rs`, all that hyper needs to run on segue. `check.py` is a second crawler, to check this one.
#![forbid(unsafe_code)]

mod address;
mod answer;
mod bundled;
mod bundled_pages;
mod charset;
mod crawl;
mod failure;
mod flags;
mod folder;
mod hyper_io;
mod interrupt;
mod links;
mod pages;
mod progress;
mod queue;
mod report;
mod server;
mod session;

use crawl::{Crawled, crawl};
use flags::{Command, Options, Source};
use progress::Progress;
use report::Report;
use segue::net::TcpListener;
use server::Site;
use session::Session;
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::rc::Rc;
use url::Url;

/// The exit status after a bad option.
const BAD_USAGE: u8 = 2;
/// The exit status after Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    match flags::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => {
            let _ = io::stdout().write_all(flags::HELP.as_bytes());
            ExitCode::SUCCESS
        }
        Ok(Command::Run(options)) => segue::run(run(options)).unwrap_or_else(|error| fail(&error, 1)),
        Err(error) => fail(&format!("{error}\nTry --help."), BAD_USAGE),
    }
}

fn fail(error: &str, status: u8) -> ExitCode {
    eprintln!("crawler: {error}");
    ExitCode::from(status)
}

/// Serves, crawls and reports, as the options say.
#[segue::coroutine]
async fn run(options: Options) -> Result<ExitCode, String> {
    let (root, addresses) = match site(&options.source)? {
        Some(site) => serve(site, options.listen, &options.from).await?,
        None => resolve(&options.source)?,
    };
    if options.serve_only {
        eprintln!("serving {root} until Ctrl-C");
        interrupt::ctrl_c().await.map_err(|error| format!("can't wait for Ctrl-C: {error}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let session = Session::new(addresses);
    let crawled = crawl(root.clone(), session, options.limits.clone(), Progress::new()).await;
    report(&root, &crawled, options.json)
}

/// The site to serve, if the source is one.
fn site(source: &Source) -> Result<Option<Rc<dyn Site>>, String> {
    match source {
        Source::Bundled => Ok(Some(Rc::new(bundled::Bundled::default()))),
        Source::Folder(path) => match folder::Folder::open(path) {
            Ok(folder) => Ok(Some(Rc::new(folder))),
            Err(error) => Err(format!("can't serve {}: {error}", path.display())),
        },
        Source::Server(_) => Ok(None),
    }
}

/// Serves `site` from now on. Gives the address of its page `from`, and the server's.
#[segue::coroutine]
async fn serve(site: Rc<dyn Site>, listen: SocketAddr, from: &str) -> Result<(Url, Vec<SocketAddr>), String> {
    let listener = TcpListener::bind(listen).map_err(|error| format!("can't listen at {listen}: {error}"))?;
    let address = listener.local_addr().map_err(|error| format!("can't listen at {listen}: {error}"))?;
    drop(segue::spawn(server::serve(listener, site)));
    let root = Url::parse(&format!("http://{address}")).and_then(|root| root.join(from));
    Ok((root.map_err(|error| format!("--from {from}: {error}"))?, vec![address]))
}

/// The root's own address, and its server's. This blocks the loop, once, before there is anything else to do.
fn resolve(source: &Source) -> Result<(Url, Vec<SocketAddr>), String> {
    let Source::Server(given) = source else { return Err("there is no server to ask".into()) };
    let root = address::page(given, given.clone()).ok_or_else(|| format!("{given} is too long"))?;
    match root.socket_addrs(|| None) {
        Ok(addresses) => Ok((root, addresses)),
        Err(error) => Err(format!("{root} can't be reached: {error}")),
    }
}

/// Prints the report. When there was no server to begin with, that is an error and not a report.
fn report(root: &Url, crawled: &Crawled, json: bool) -> Result<ExitCode, String> {
    let first = crawled.pages.all().first().and_then(|page| page.visit.as_ref());
    if let Some(failure) = first.and_then(|visit| visit.failure.as_ref())
        && failure.is_of_the_server()
    {
        return Err(format!("{root} can't be reached: {failure}"));
    }
    let report = Report::new(root.as_str(), crawled);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if json { report.write_json(&mut out) } else { report.write_text(&mut out) };
    match written.and_then(|()| out.flush()) {
        Ok(()) => Ok(if crawled.interrupted { ExitCode::from(INTERRUPTED) } else { ExitCode::SUCCESS }),
        // Whoever reads has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(format!("can't write the report: {error}")),
    }
}
