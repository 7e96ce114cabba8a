//! What macros are called in that await, `join!` and `select!`, and what `pin!` becomes.

use core::cell::Cell;
use core::fmt;
use core::future::{Future, IntoFuture};
use core::ops::Deref;
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

/// A large array that an awaited future borrows: the box goes along with the future, the array stays where it is.
#[cfg(feature = "alloc")]
#[inline]
pub fn boxed<T>(array: T) -> alloc::boxed::Box<T> {
    alloc::boxed::Box::new(array)
}

/// Which branch of a `select!` goes on, and with what.
#[derive(Debug)]
pub enum Branch<T, O> {
    /// The first of them.
    This(T),
    /// One of the others.
    Other(O),
}

/// The future of a branch: `Tested::new(future).by(matches)` is one whose output is `Ok` if it matches the pattern.
///
/// A future stays one, since older macros poll what they are given; what only becomes a future does that when the macro
/// says so. Which of the two methods is called is decided by rustc's method lookup.
pub struct Tested<F>(Becoming<F>);

impl<F> Tested<F> {
    /// Takes the future.
    #[inline]
    pub fn new(future: F) -> Self {
        Tested(Becoming(Cell::new(Some(future))))
    }
}

impl<F: Future> Tested<F> {
    /// What is tested is a future.
    #[inline]
    pub fn by<M: Fn(&F::Output) -> bool>(self, matches: M) -> MatchingFuture<F, M> {
        MatchingFuture { future: self.0.take(), matches }
    }
}

impl<F> Deref for Tested<F> {
    type Target = Becoming<F>;

    fn deref(&self) -> &Becoming<F> {
        &self.0
    }
}

/// What is tested only becomes a future.
pub struct Becoming<F>(Cell<Option<F>>);

impl<F> Becoming<F> {
    fn take(&self) -> F {
        self.0.take().expect("a future is tested once")
    }
}

impl<F: IntoFuture> Becoming<F> {
    /// It isn't a future yet.
    #[inline]
    pub fn by<M: Fn(&F::Output) -> bool>(&self, matches: M) -> Matching<F, M> {
        Matching { future: self.take(), matches }
    }
}

/// See [`Becoming::by`].
pub struct Matching<F, M> {
    future: F,
    matches: M,
}

pin_project_lite::pin_project! {
    /// See [`Tested::by`].
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

impl<F> fmt::Debug for Tested<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tested")
    }
}

impl<F> fmt::Debug for Becoming<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Becoming")
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
