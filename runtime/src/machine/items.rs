//! What a `for_await!` goes through, and how it waits for the next item.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::stream::Stream;

use super::operand::{Nothing, Real, Unreal};

/// What stands after the `in` of a `for_await!`.
#[diagnostic::on_unimplemented(
    message = "`for_await!` can't go through `{Self}`",
    label = "not a stream that can be moved",
    note = "`for_await!` goes through a `Stream` that is `Unpin`; pin one that isn't first: `Box::pin(stream)`"
)]
pub trait Streamable<Impl> {
    /// The stream.
    type Stream: Stream + Unpin;
    /// The operand as a stream.
    fn into_stream(self) -> Self::Stream;
}

impl<S: Stream + Unpin> Streamable<Real> for S {
    type Stream = S;

    #[inline]
    fn into_stream(self) -> S {
        self
    }
}

impl<S: Nothing + Stream + Unpin> Streamable<Unreal> for S {
    type Stream = S;

    fn into_stream(self) -> S {
        self
    }
}

/// The next item of a stream, and the stream, which is in here meanwhile: so nothing is borrowed while this waits.
#[derive(Debug)]
pub struct NextItem<S>(Option<S>);

/// The next item of a stream, and the stream.
#[inline]
pub fn next_item<S: Stream + Unpin>(stream: S) -> NextItem<S> {
    NextItem(Some(stream))
}

impl<S: Stream + Unpin> Future for NextItem<S> {
    type Output = (S, Option<S::Item>);

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(S, Option<S::Item>)> {
        let stream = self.0.as_mut().expect("it is polled until it is ready");
        match Pin::new(stream).poll_next(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(item) => Poll::Ready((self.0.take().expect("it was just there"), item)),
        }
    }
}
