//! What a served site answers with: bodies that come whole, from a file, slowly, or not to their end.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// How much of a file is sent at once, in bytes.
const FILE_CHUNK: usize = 64 * 1024;

/// An answer to a request.
pub(crate) type Answer = Response<AnswerBody>;

/// The body of an answer.
pub(crate) enum AnswerBody {
    /// One piece, or none any more.
    Whole(Option<Bytes>),
    /// A file, and how many of its bytes are still to be sent.
    File(File, u64),
    /// Step by step.
    Steps(Steps),
}

/// A body that is sent step by step.
pub(crate) struct Steps {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

/// A step of [`Steps`].
pub(crate) enum Step {
    /// Sends this.
    Send(Bytes),
    /// Waits.
    Wait(Duration),
    /// Closes the connection.
    HangUp,
}

/// An answer that comes whole.
pub(crate) fn whole(status: StatusCode, media_type: &str, body: impl Into<Bytes>) -> Answer {
    typed(status, media_type, AnswerBody::Whole(Some(body.into()).filter(|body| !body.is_empty())))
}

/// A small page that says what `status` means.
pub(crate) fn plain(status: StatusCode) -> Answer {
    whole(status, "text/plain; charset=utf-8", format!("{status}\n"))
}

/// A redirect.
pub(crate) fn redirect(status: StatusCode, location: &str) -> Answer {
    let mut answer = plain(status);
    match HeaderValue::try_from(location) {
        Ok(location) => drop(answer.headers_mut().insert(LOCATION, location)),
        Err(_) => answer = plain(StatusCode::BAD_REQUEST),
    }
    answer
}

/// The first `length` bytes of a file.
pub(crate) fn file(media_type: &str, file: File, length: u64) -> Answer {
    typed(StatusCode::OK, media_type, AnswerBody::File(file, length))
}

/// An answer that comes step by step. It announces `length` bytes, whatever the steps send, or is chunked.
pub(crate) fn steps(media_type: &str, length: Option<u64>, steps: impl IntoIterator<Item = Step>) -> Answer {
    let body = Steps { steps: steps.into_iter().collect(), pause: None };
    let mut answer = typed(StatusCode::OK, media_type, AnswerBody::Steps(body));
    if let Some(length) = length {
        answer.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    answer
}

fn typed(status: StatusCode, media_type: &str, body: AnswerBody) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    if let Ok(media_type) = HeaderValue::try_from(media_type)
        && !media_type.is_empty()
    {
        answer.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    answer
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::File(_, 0) => Poll::Ready(None),
            Self::File(file, left) => Poll::Ready(Some(read(file, left).map(Frame::data))),
            Self::Steps(steps) => steps.poll_next(cx).map(|next| next.map(|bytes| bytes.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None) | Self::File(_, 0))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::File(_, left) => SizeHint::with_exact(*left),
            Self::Steps(_) => SizeHint::default(),
        }
    }
}

impl Steps {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                std::task::ready!(pause.as_mut().poll(cx));
                self.pause = None;
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Send(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Step::Wait(time)) => self.pause = Some(Box::pin(segue::time::sleep(time))),
                Some(Step::HangUp) => return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            }
        }
    }
}

/// The next bytes of a file. This blocks the loop, for as long as the system's page cache takes.
fn read(file: &mut File, left: &mut u64) -> io::Result<Bytes> {
    let wanted = usize::try_from(*left).unwrap_or(FILE_CHUNK).min(FILE_CHUNK);
    let mut chunk = vec![0; wanted];
    let read = file.read(&mut chunk)?;
    if read == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    chunk.truncate(read);
    *left -= read as u64;
    Ok(chunk.into())
}
