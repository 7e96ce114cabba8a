//! What `segue::join!`, `try_join!` and `select!` await: a chain of futures, which ends in `()`.
//!
//! The last of a chain is dropped first, as the last of some variables is.

use core::convert::Infallible;
use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Awaitable, Branch};

pin_project! {
    /// A future, or what it gave.
    #[project = MaybeDoneProjection]
    #[project_replace = MaybeDoneOwned]
    enum MaybeDone<F: Future> {
        Waits { #[pin] future: F },
        Done { output: F::Output },
        Taken,
    }
}

impl<F: Future> MaybeDone<F> {
    /// Polls the future unless it is done; its output, if there is one.
    fn poll_output(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Option<&mut F::Output> {
        if let MaybeDoneProjection::Waits { future } = self.as_mut().project()
            && let Poll::Ready(output) = future.poll(cx)
        {
            self.as_mut().set(MaybeDone::Done { output });
        }
        match self.project() {
            MaybeDoneProjection::Done { output } => Some(output),
            _ => None,
        }
    }

    fn take_output(self: Pin<&mut Self>) -> F::Output {
        match self.project_replace(MaybeDone::Taken) {
            MaybeDoneOwned::Done { output } => output,
            _ => unreachable!("it was polled until it was done"),
        }
    }
}

pin_project! {
    /// A future and those after it.
    pub struct Join<F: Future, R> {
        #[pin]
        rest: R,
        #[pin]
        first: MaybeDone<F>,
    }
}

/// A future, and those after it.
#[inline]
pub fn join<F: Awaitable<Impl>, R, Impl>(first: F, rest: R) -> Join<F::IntoFuture, R> {
    Join { rest, first: MaybeDone::Waits { future: first.awaited() } }
}

/// A chain of futures that are all awaited.
pub trait Joins {
    /// What they give.
    type Outputs;
    /// Polls those that aren't done; whether all are.
    fn poll_all(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool;
    /// What they gave.
    fn outputs(self: Pin<&mut Self>) -> Self::Outputs;
}

impl Joins for () {
    type Outputs = ();

    fn poll_all(self: Pin<&mut Self>, _: &mut Context<'_>) -> bool {
        true
    }

    fn outputs(self: Pin<&mut Self>) {}
}

impl<F: Future, R: Joins> Joins for Join<F, R> {
    type Outputs = (F::Output, R::Outputs);

    fn poll_all(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        let this = self.project();
        let first = this.first.poll_output(cx).is_some();
        this.rest.poll_all(cx) && first
    }

    fn outputs(self: Pin<&mut Self>) -> Self::Outputs {
        let this = self.project();
        (this.first.take_output(), this.rest.outputs())
    }
}

/// A chain of futures that are awaited until one fails.
pub trait TryJoins<E> {
    /// What they give if none fails.
    type Outputs;
    /// Polls those that aren't done; ready if all are, or one has failed.
    fn poll_until_error(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), E>>;
    /// What they gave.
    fn outputs(self: Pin<&mut Self>) -> Self::Outputs;
}

impl<E> TryJoins<E> for () {
    type Outputs = ();

    fn poll_until_error(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn outputs(self: Pin<&mut Self>) {}
}

impl<T, E, F: Future<Output = Result<T, E>>, R: TryJoins<E>> TryJoins<E> for Join<F, R> {
    type Outputs = (T, R::Outputs);

    fn poll_until_error(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        let mut this = self.project();
        let done = match this.first.as_mut().poll_output(cx) {
            Some(Err(_)) => match this.first.take_output() {
                Err(error) => return Poll::Ready(Err(error)),
                Ok(_) => unreachable!("it was an error just now"),
            },
            Some(Ok(_)) => true,
            None => false,
        };
        match this.rest.poll_until_error(cx) {
            Poll::Ready(Ok(())) if !done => Poll::Pending,
            polled => polled,
        }
    }

    fn outputs(self: Pin<&mut Self>) -> Self::Outputs {
        let this = self.project();
        let Ok(first) = this.first.take_output() else { unreachable!("none has failed") };
        (first, this.rest.outputs())
    }
}

pin_project! {
    /// A future, whether it is polled, which of its outputs count, and those after it.
    pub struct Choice<F, M, R> {
        #[pin]
        rest: R,
        matches: M,
        enabled: bool,
        #[pin]
        first: F,
    }
}

/// A future that is polled if it is enabled, and chosen if its output matches; and those after it.
#[inline]
pub fn choice<F, M, R, Impl>(first: F, enabled: bool, matches: M, rest: R) -> Choice<F::IntoFuture, M, R>
where
    F: Awaitable<Impl>,
    M: Fn(&<F::IntoFuture as Future>::Output) -> bool,
{
    Choice { rest, matches, enabled, first: first.awaited() }
}

/// A chain of futures of which one is awaited.
pub trait Choices {
    /// What the one gives.
    type Output;
    /// Polls them in order, to the first that is chosen; nothing if none can be any more.
    fn poll_one(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Output>>;
}

impl Choices for () {
    type Output = Infallible;

    fn poll_one(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Infallible>> {
        Poll::Ready(None)
    }
}

impl<F: Future, M: Fn(&F::Output) -> bool, R: Choices> Choices for Choice<F, M, R> {
    type Output = Branch<F::Output, R::Output>;

    fn poll_one(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Output>> {
        let this = self.project();
        if *this.enabled
            && let Poll::Ready(output) = this.first.poll(cx)
        {
            *this.enabled = false;
            if (this.matches)(&output) {
                return Poll::Ready(Some(Branch::This(output)));
            }
        }
        match this.rest.poll_one(cx) {
            Poll::Ready(Some(output)) => Poll::Ready(Some(Branch::Other(output))),
            Poll::Ready(None) if !*this.enabled => Poll::Ready(None),
            _ => Poll::Pending,
        }
    }
}

/// Awaits all of a chain.
pub async fn joined<J: Joins>(chain: J) -> J::Outputs {
    let mut chain = pin!(chain);
    poll_fn(|cx| if chain.as_mut().poll_all(cx) { Poll::Ready(()) } else { Poll::Pending }).await;
    chain.outputs()
}

/// Awaits all of a chain, or the first error.
pub async fn try_joined<E, J: TryJoins<E>>(chain: J) -> Result<J::Outputs, E> {
    let mut chain = pin!(chain);
    poll_fn(|cx| chain.as_mut().poll_until_error(cx)).await?;
    Ok(chain.outputs())
}

/// Awaits one of a chain.
pub async fn chosen<C: Choices>(chain: C) -> Option<C::Output> {
    let mut chain = pin!(chain);
    poll_fn(|cx| chain.as_mut().poll_one(cx)).await
}

impl<F: Future, R> fmt::Debug for Join<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Join")
    }
}

impl<F, M, R> fmt::Debug for Choice<F, M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Choice")
    }
}
