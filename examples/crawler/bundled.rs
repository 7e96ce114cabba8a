//! The bundled site's server: how each kind of page behaves. The pages are in `bundled_pages.rs`.

use super::answer::{self, Answer, Step, redirect, whole};
use super::bundled_pages::{PAGES, What};
use super::server::Site;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::{Request, StatusCode};
use std::cell::RefCell;
use std::collections::HashSet;
use std::io;
use std::time::Duration;

/// How long the slow page takes; less than the crawler's limit for this site.
const SLOW: Duration = Duration::from_millis(400);
/// How long the silent page takes; longer than anybody waits.
const SILENT: Duration = Duration::from_secs(3600);
/// Time for what was sent to arrive before the connection is closed.
const LINGER: Duration = Duration::from_millis(50);

const HTML: &str = "text/html; charset=utf-8";

/// The bundled site.
#[derive(Default)]
pub(crate) struct Bundled {
    /// The paths that have been asked for, for those that fail the first time only.
    asked: RefCell<HashSet<String>>,
}

impl Site for Bundled {
    fn answer(&self, request: &Request<Incoming>) -> io::Result<Answer> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let first = self.asked.borrow_mut().insert(path.to_owned());
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        match PAGES.iter().find(|(page, _)| *page == path) {
            Some((_, what)) => shown(what, host, first),
            None => Ok(elsewhere(path)),
        }
    }
}

/// A page of the table as a server sends it to a client that knows it as `host`.
fn shown(what: &What, host: &str, first: bool) -> io::Result<Answer> {
    let found = |media_type, body: &'static [u8]| Ok(whole(StatusCode::OK, media_type, body));
    match *what {
        What::Html(text) => Ok(whole(StatusCode::OK, HTML, text.replace("{host}", host))),
        What::In(encoding, media_type, text) => {
            Ok(whole(StatusCode::OK, media_type, encoding.encode(text).0.into_owned()))
        }
        What::Utf16(media_type, text) => {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            Ok(whole(StatusCode::OK, media_type, bytes))
        }
        What::File(media_type, bytes) => found(media_type, bytes),
        What::Redirect(code, target) => Ok(redirect(status(code), target)),
        What::Nowhere => Ok(whole(StatusCode::FOUND, HTML, "<p>Somewhere else.")),
        What::Error(code) => Ok(whole(status(code), HTML, "<p>Sorry. <a href=never-followed>Back</a>")),
        What::Slow(text) => {
            let (start, end) = text.as_bytes().split_at(text.len() / 2);
            Ok(answer::steps(HTML, None, [send(start), Step::Wait(SLOW), send(end)]))
        }
        What::Silent => Ok(answer::steps(HTML, None, [Step::Wait(SILENT)])),
        What::CutOff(text, announced) => {
            let steps = [send(text.as_bytes()), Step::Wait(LINGER), Step::HangUp];
            Ok(answer::steps(HTML, announced, steps))
        }
        What::HangsUpFirst(_) if first => Err(io::ErrorKind::ConnectionAborted.into()),
        What::BusyFirst(_) if first => Ok(answer::plain(StatusCode::SERVICE_UNAVAILABLE)),
        What::HangsUpFirst(text) | What::BusyFirst(text) => found(HTML, text.as_bytes()),
        What::Large(lines) => Ok(answer::steps(HTML, None, (0..lines).map(ledger))),
    }
}

/// What isn't in the table: a row of redirects that has no end, or nothing.
fn elsewhere(path: &str) -> Answer {
    match path.strip_prefix("/stairs/").and_then(|step| step.parse::<u32>().ok()) {
        Some(step) => redirect(StatusCode::FOUND, &format!("/stairs/{}", step.saturating_add(1))),
        None => answer::plain(StatusCode::NOT_FOUND),
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn send(bytes: &'static [u8]) -> Step {
    Step::Send(Bytes::from_static(bytes))
}

/// A line of the large page. Each links to a place in the page itself.
fn ledger(line: usize) -> Step {
    Step::Send(format!("<p id=n{line}>Ship {line} passed in the night. <a href=#n{line}>#</a>\n").into())
}
