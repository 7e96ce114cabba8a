//! The oracle: rustc's own lowering of the same body, with yields smuggled out of an `async` body.
//!
//! A yield is `{ let value = e; suspend(value).await }`: the value goes into the log, the future is pending once, and
//! at the next poll it is ready with the value that the script sends there. A delegate of the oracle is a future too,
//! so that delegating is awaiting, and rustc decides everything that matters.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use segue::{Coroutine, CoroutineState, Stream};

use crate::log;
use crate::subject::{Sent, yielded};

/// Hands `value` over, suspends once, and gives what is sent.
pub fn suspend<Y: Debug, R: Sent>(value: Y) -> impl Future<Output = R> {
    let mut value = Some(value);
    std::future::poll_fn(move |_| match value.take() {
        Some(value) => {
            yielded(&value);
            Poll::Pending
        }
        None => {
            let (sends, position) = log::position();
            Poll::Ready(R::sent(sends, position))
        }
    })
}

/// A value that is never made, for its type.
pub fn never<T>() -> T {
    unreachable!("a block says its type by this, and never runs it")
}

/// A delegate whose kind is yet to be told; [`crate::delegate!`] tells it by the number of references that it takes to
/// reach an implementation.
pub struct Kind<'a, C>(pub &'a C);

/// The delegate is a future: the oracle's version of a coroutine, or one that both sides share.
pub trait IsFuture {
    /// The tag that drives it.
    fn kind(&self) -> FutureKind {
        FutureKind
    }
}

impl<C: Future> IsFuture for &&&Kind<'_, C> {}

/// The delegate is a stream written by hand, which both sides share.
pub trait IsStream {
    /// The tag that drives it.
    fn kind(&self) -> StreamKind {
        StreamKind
    }
}

impl<C: Stream> IsStream for &&Kind<'_, C> {}

/// The delegate is a coroutine written by hand, which both sides share.
pub trait IsCoroutine<R> {
    /// The tag that drives it.
    fn kind(&self) -> CoroutineKind {
        CoroutineKind
    }
}

impl<R, C: Coroutine<R>> IsCoroutine<R> for &Kind<'_, C> {}

/// The delegate is an iterator.
pub trait IsIterator {
    /// The tag that drives it.
    fn kind(&self) -> IteratorKind {
        IteratorKind
    }
}

impl<C: IntoIterator> IsIterator for Kind<'_, C> {}

/// See [`IsFuture`].
pub struct FutureKind;

impl FutureKind {
    /// Delegating to a future is awaiting it.
    pub fn drive<R, F: Future>(self, future: F) -> F {
        future
    }
}

/// See [`IsStream`].
pub struct StreamKind;

impl StreamKind {
    /// Yields each item.
    pub async fn drive<R: Sent, S: Stream<Item: Debug>>(self, stream: S) {
        let mut stream = std::pin::pin!(stream);
        while let Some(item) = next_item(&mut stream).await {
            suspend::<S::Item, R>(item).await;
        }
    }
}

/// The next item of a stream.
pub fn next_item<S: Stream + Unpin>(stream: &mut S) -> impl Future<Output = Option<S::Item>> {
    std::future::poll_fn(move |cx| Pin::new(&mut *stream).poll_next(cx))
}

/// See [`IsCoroutine`].
pub struct CoroutineKind;

impl CoroutineKind {
    /// Passes values out and in until the child completes.
    pub async fn drive<R: Sent, C: Coroutine<R, Yield: Debug>>(self, mut child: C) -> C::Return {
        let mut state = child.start();
        loop {
            match state {
                CoroutineState::Yielded(value) => state = child.resume(suspend::<C::Yield, R>(value).await),
                CoroutineState::Complete(value) => return value,
            }
        }
    }
}

/// See [`IsIterator`].
pub struct IteratorKind;

impl IteratorKind {
    /// Yields each item.
    pub async fn drive<R: Sent, I: IntoIterator<Item: Debug>>(self, items: I) {
        for item in items {
            suspend::<I::Item, R>(item).await;
        }
    }
}

/// The oracle's `yield_from!`: `delegate!(child, R)` drives a future, a coroutine or an iterator.
///
/// The child is moved out of a `match`, as by `.await`, so that the temporaries of its expression live as long.
#[macro_export]
macro_rules! delegate {
    ($child:expr, $resumed:ty) => {
        match $child {
            child => {
                #[allow(unused_imports)]
                use $crate::oracle::{IsCoroutine as _, IsFuture as _, IsIterator as _, IsStream as _};
                let kind = (&&&&$crate::oracle::Kind(&child)).kind();
                kind.drive::<$resumed, _>(child).await
            }
        }
    };
}
