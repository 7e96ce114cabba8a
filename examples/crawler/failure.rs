//! What can go wrong with a page, in words for the report.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::time::Duration;

/// Why a page could not be had.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// No connection to the server.
    Unreachable(String),
    /// The server closed the connection before it answered.
    NoAnswer,
    /// The connection broke in the middle of the answer.
    CutOff {
        /// The bytes of the body that had come.
        got: u64,
        /// How many the server had announced.
        announced: Option<u64>,
    },
    /// The connection failed otherwise.
    Connection(String),
    /// What came isn't HTTP.
    NotHttp(String),
    /// The answer took longer than the limit.
    TimedOut(Duration),
    /// The body is larger than the limit, in bytes.
    TooLarge(u64),
    /// The page came compressed, which was not asked for.
    Compressed(String),
    /// The server answered with an error status.
    Status(u16),
    /// A redirect that ends a row of more than the limit.
    TooManyRedirects(u32),
    /// A redirect that leads back to itself.
    RedirectLoop,
    /// A redirect without an address, or with one that can't be understood.
    BadRedirect(String),
    /// The address can't be asked for.
    BadAddress(String),
    /// The crawler itself failed on it.
    Panicked,
}

impl Failure {
    /// Whether asking again may help.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::NoAnswer | Self::CutOff { .. } | Self::Connection(_) => true,
            Self::NotHttp(_) | Self::TimedOut(_) | Self::Status(502..=504) => true,
            Self::TooLarge(_) | Self::Status(_) | Self::TooManyRedirects(_) | Self::RedirectLoop => false,
            Self::BadRedirect(_) | Self::BadAddress(_) | Self::Compressed(_) | Self::Panicked => false,
        }
    }

    /// Whether there was no HTTP server at the other end at all.
    pub(crate) fn is_of_the_server(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::NoAnswer
                | Self::Connection(_)
                | Self::NotHttp(_)
                | Self::TimedOut(_)
        )
    }

    /// A connection that could not be made.
    pub(crate) fn connecting(error: &io::Error) -> Self {
        Self::Unreachable(in_words(error))
    }

    /// What hyper says before the head of an answer is complete.
    pub(crate) fn before_answer(error: &hyper::Error) -> Self {
        if error.is_parse() {
            return Self::NotHttp(error.to_string());
        }
        match io_cause(error) {
            Some(error) => Self::Connection(in_words(error)),
            None => Self::NoAnswer,
        }
    }

    /// What hyper says in the middle of a body, of which `got` bytes had come and `announced` were to.
    pub(crate) fn within_answer(error: &hyper::Error, got: u64, announced: Option<u64>) -> Self {
        match io_cause(error).map(io::Error::kind) {
            Some(ErrorKind::InvalidInput | ErrorKind::InvalidData) => {
                Self::NotHttp("malformed chunk of the body".into())
            }
            _ => Self::CutOff { got, announced },
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "no connection: {why}"),
            Self::NoAnswer => f.write_str("connection closed without an answer"),
            Self::CutOff { got, announced: Some(all) } => write!(f, "cut off after {got} of {all} bytes"),
            Self::CutOff { got, announced: None } => write!(f, "cut off after {got} bytes"),
            Self::Connection(why) => write!(f, "connection broken: {why}"),
            Self::NotHttp(why) => write!(f, "not HTTP: {why}"),
            Self::TimedOut(limit) => write!(f, "no complete answer within {} s", limit.as_secs_f64()),
            Self::TooLarge(limit) => write!(f, "larger than {limit} bytes"),
            Self::Compressed(how) => write!(f, "compressed by {how}, which was not asked for"),
            Self::Status(code) => write!(f, "{}", status_in_words(*code)),
            Self::TooManyRedirects(limit) => write!(f, "more than {limit} redirects in a row"),
            Self::RedirectLoop => f.write_str("redirects in a circle"),
            Self::BadRedirect(why) => write!(f, "redirect to nowhere: {why}"),
            Self::BadAddress(why) => write!(f, "not an address to ask for: {why}"),
            Self::Panicked => f.write_str("the crawler itself failed on it"),
        }
    }
}

/// A status as people write it: `404 Not Found`.
pub(crate) fn status_in_words(code: u16) -> String {
    match hyper::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason()) {
        Some(reason) => format!("{code} {reason}"),
        None => code.to_string(),
    }
}

/// The failed system call behind `error`, if there is one.
fn io_cause(error: &hyper::Error) -> Option<&io::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error);
        }
        cause = error.source();
    }
    None
}

/// The same words on every platform for what happens often.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => "connection refused".into(),
        ErrorKind::ConnectionReset => "connection reset".into(),
        ErrorKind::ConnectionAborted => "connection aborted".into(),
        ErrorKind::BrokenPipe => "closed by the server".into(),
        ErrorKind::TimedOut => "timed out".into(),
        ErrorKind::UnexpectedEof => "ended early".into(),
        _ => error.to_string(),
    }
}
