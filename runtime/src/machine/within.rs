//! What macros are called in that await, `join!` and `select!`, and what `pin!` becomes.

use core::fmt;
use core::future::{Future, IntoFuture};
use core::pin::Pin;
use core::task::{Context, Poll};

/// The `async` block that a macro is called in, with what it is given.
///
/// It is evaluated before the block is made, so that what is lent to it may come back.
#[inline]
pub fn within<A, F: Future>(given: A, block: impl FnOnce(A) -> F) -> F {
    block(given)
}

/// A value that is pinned where the function says `pin!`.
#[cfg(feature = "alloc")]
#[inline]
pub fn pinned<T>(value: T) -> Pin<alloc::boxed::Box<T>> {
    alloc::boxed::Box::pin(value)
}

/// The same, for a macro that is imported by its name: the closure, which never runs, uses it.
#[cfg(feature = "alloc")]
#[inline]
pub fn pinned_by<T>(value: T, _: impl FnOnce()) -> Pin<alloc::boxed::Box<T>> {
    pinned(value)
}

/// Which branch of a `select!` goes on, and with what.
#[derive(Debug)]
pub enum Branch<T, O> {
    /// The first of them.
    This(T),
    /// One of the others.
    Other(O),
}

/// A future whose output is `Ok` if it matches the pattern of its branch.
pub fn matching<F: IntoFuture, M: Fn(&F::Output) -> bool>(future: F, matches: M) -> Matching<F, M> {
    Matching { future, matches }
}

/// See [`matching`].
pub struct Matching<F, M> {
    future: F,
    matches: M,
}

pin_project_lite::pin_project! {
    /// A [`Matching`] that is polled.
    pub struct MatchingFuture<F, M> {
        #[pin]
        future: F,
        matches: M,
    }
}

impl<F: IntoFuture, M: Fn(&F::Output) -> bool> IntoFuture for Matching<F, M> {
    type Output = Result<F::Output, F::Output>;
    type IntoFuture = MatchingFuture<F::IntoFuture, M>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        MatchingFuture { future: self.future.into_future(), matches: self.matches }
    }
}

impl<F: Future, M: Fn(&F::Output) -> bool> Future for MatchingFuture<F, M> {
    type Output = Result<F::Output, F::Output>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let matches = this.matches;
        this.future.poll(cx).map(|output| if matches(&output) { Ok(output) } else { Err(output) })
    }
}

impl<F, M> fmt::Debug for Matching<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Matching")
    }
}

impl<F, M> fmt::Debug for MatchingFuture<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MatchingFuture")
    }
}
