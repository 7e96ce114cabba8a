//! A function that awaits and yields: a `Stream` whose awaited future or delegate is polled in place.

use core::future::Future;
use core::marker::PhantomData;
use core::ops::ControlFlow::{self, Break, Continue};
use core::pin::Pin;
use core::task::{Context, Poll};

pub use futures_core::stream::{FusedStream, Stream};
use pin_project_lite::pin_project;

pub use super::delegates::*;
use super::frame::{Delegation, Ending, Frame, Open};
#[cfg(feature = "std")]
pub use super::leaving::{Leave, Rest, leaving};
pub use super::{At, Awaitable, Held, Hold, Step, next};
use super::{Ended, Infallible, Input, Led, Refused, messages};
use crate::CoroutineState::{self, Complete, Yielded};

pin_project! {
    /// The stream of a function.
    #[must_use = "a stream does nothing until it is polled"]
    #[derive(Debug)]
    pub struct Streaming<A, S, J, D, F, Y> {
        #[pin]
        frame: Frame<A, S, Delegation<D, S>>,
        step: F,
        types: PhantomData<fn() -> (J, Y)>,
    }
}

/// What a stream begins with, and the type of its items.
#[derive(Debug)]
pub struct Init<A, Y> {
    arguments: A,
    types: PhantomData<fn() -> Y>,
}

/// What a stream begins with.
#[inline]
pub fn init<A, Y>(arguments: A) -> Init<A, Y> {
    Init { arguments, types: PhantomData }
}

impl<A, Y> Init<A, Y> {
    /// The types of the function are those of its proof.
    #[cfg(feature = "alloc")]
    #[inline]
    pub fn proven(self, _: super::Proof<(), Y, ()>) -> Self {
        self
    }

    /// The stream, which `step` takes from state to state.
    #[inline]
    pub fn step<S, J, D, F>(self, step: F) -> Streaming<A, S, J, D, F, Y>
    where
        D: Sources<Y>,
        F: FnMut(At<A, S, J>, Input<(), D::Outcomes>) -> Ended<S, D, Y, ()>,
    {
        self.step_keeping((), step)
    }

    /// The same, of a step that captures `kept`: arrays of plain values, which stay where they are.
    #[inline]
    pub fn step_keeping<K: Copy, S, J, D, F>(self, kept: K, step: F) -> Streaming<A, S, J, D, F, Y>
    where
        D: Sources<Y>,
        F: FnMut(At<A, S, J>, Input<(), D::Outcomes>) -> Ended<S, D, Y, ()>,
    {
        const { assert!(size_of::<F>() == size_of::<K>(), "a step captures what is kept, and nothing else") };
        let _ = kept;
        Streaming { frame: Frame::new(self.arguments), step, types: PhantomData }
    }
}

/// Takes a state of one group through the step of that group.
#[inline]
pub fn part<A, S, J, O, More, D, Others, C, Y>(
    at: At<A, S, J>,
    input: Input<(), O>,
    step: impl FnOnce(At<A, S, J>, Input<(), O>) -> Led<S, More, D, Others, Y, (), C>,
) -> Led<S, More, D, Others, Y, (), C>
where
    D: Sources<Y, Outcomes = O>,
{
    step(at, input)
}

/// What a stream waits for: a future, or another stream, whose items are its own.
pub trait Source<Y> {
    /// What it ends with.
    type Outcome;
    /// Polls it.
    fn poll_source(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CoroutineState<Y, Self::Outcome>>;
}

/// What one machine waits for, one at a time.
pub trait Sources<Y> {
    /// The outcomes, one for each.
    type Outcomes;
    /// Polls the one that is there.
    fn poll_active_source(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<CoroutineState<Y, Self::Outcomes>>;
}

/// A function that waits for nothing.
impl<Y> Sources<Y> for Infallible {
    type Outcomes = Infallible;

    fn poll_active_source(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<CoroutineState<Y, Infallible>> {
        match *self {}
    }
}

pin_project! {
    /// A future that is awaited.
    #[derive(Debug)]
    pub struct Awaited<F> {
        #[pin]
        future: F,
    }
}

/// Awaits a future.
#[inline]
pub fn awaited<F>(future: F) -> Awaited<F> {
    Awaited { future }
}

impl<F: Future, Y> Source<Y> for Awaited<F> {
    type Outcome = F::Output;

    #[inline]
    fn poll_source(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CoroutineState<Y, F::Output>> {
        self.project().future.poll(cx).map(Complete)
    }
}

pin_project! {
    /// A stream that is delegated to.
    #[derive(Debug)]
    pub struct Streamed<S> {
        #[pin]
        stream: S,
    }
}

/// Delegates to a stream of items `Y`.
#[inline]
pub fn streamed<Y, S: Delegable<Y, Impl>, Impl>(stream: S) -> Streamed<S::Stream> {
    Streamed { stream: stream.into_stream() }
}

/// What `yield_from!` takes in a function that is a stream.
#[diagnostic::on_unimplemented(
    message = "`yield_from!` can't delegate to `{Self}`",
    label = "not a stream of `{Y}`",
    note = "an async generator delegates to a `Stream` with items of its own `yield` type; await a future with \
            `.await`, and yield from an iterator in a loop: `for x in iterator {{ yield_!(x) }}`"
)]
pub trait Delegable<Y, Impl> {
    /// The stream.
    type Stream: Stream<Item = Y>;
    /// The operand as a stream.
    fn into_stream(self) -> Self::Stream;
}

impl<Y, S: Stream<Item = Y>> Delegable<Y, super::operand::Real> for S {
    type Stream = S;

    #[inline]
    fn into_stream(self) -> S {
        self
    }
}

impl<Y, S: super::operand::Nothing + Stream<Item = Y>> Delegable<Y, super::operand::Unreal> for S {
    type Stream = S;

    fn into_stream(self) -> S {
        self
    }
}

impl<S: Stream> Source<S::Item> for Streamed<S> {
    type Outcome = ();

    #[inline]
    fn poll_source(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CoroutineState<S::Item, ()>> {
        self.project().stream.poll_next(cx).map(|item| match item {
            Some(item) => Yielded(item),
            None => Complete(()),
        })
    }
}

impl<A, S, J, D, F, Y> Stream for Streaming<A, S, J, D, F, Y>
where
    D: Sources<Y>,
    F: FnMut(At<A, S, J>, Input<(), D::Outcomes>) -> Ended<S, D, Y, ()>,
{
    type Item = Y;

    /// The step is called, and what is waited for polled, in one place each: see [`super::task`].
    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Y>> {
        let this = self.project();
        let (mut waiting, mut next) = match this.frame.open() {
            Open::Waiting(waiting) => (Some(waiting), None),
            Open::Start(arguments) => {
                let (arguments, frame) = arguments.take();
                (None, Some((At::Start(arguments), Input::Nothing, frame)))
            }
            Open::Suspended(state) => {
                let (state, frame) = state.take();
                (None, Some((At::Suspended(state), Input::Sent(()), frame)))
            }
            Open::Over(over) => match over.ending() {
                Ending::Completed => return Poll::Ready(None),
                ending => messages::polled_when_over::<F>(ending),
            },
        };
        loop {
            if let Some(source) = waiting.take() {
                match source.run(|source| poll_source(source, cx)) {
                    Continue(Some(item)) => return Poll::Ready(Some(item)),
                    Continue(None) => return Poll::Pending,
                    Break((state, outcome, frame)) => {
                        next = Some((At::Suspended(state), Input::Outcome(outcome), frame));
                    }
                }
            }
            let (at, input, frame) = next.take().expect("it goes on, or waits");
            match (this.step)(at, input) {
                Break(Step::Yield(item, state)) => {
                    frame.suspend(state);
                    return Poll::Ready(Some(item));
                }
                Break(Step::Delegate(source, state)) => waiting = Some(frame.wait(source, state)),
                Break(Step::Return(())) => {
                    frame.complete();
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// A source that isn't ready, or has an item, lets its owner continue to wait.
#[inline(always)]
fn poll_source<D: Sources<Y>, Y>(
    source: Pin<&mut D>,
    cx: &mut Context<'_>,
) -> ControlFlow<D::Outcomes, Option<Y>> {
    match source.poll_active_source(cx) {
        Poll::Pending => Continue(None),
        Poll::Ready(Yielded(item)) => Continue(Some(item)),
        Poll::Ready(Complete(outcome)) => Break(outcome),
    }
}

impl<A, S, J, D, F, Y> FusedStream for Streaming<A, S, J, D, F, Y>
where
    D: Sources<Y>,
    F: FnMut(At<A, S, J>, Input<(), D::Outcomes>) -> Ended<S, D, Y, ()>,
{
    fn is_terminated(&self) -> bool {
        self.frame.is_done()
    }
}

impl<Y> Stream for Refused<Y, ()> {
    type Item = Y;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Y>> {
        Poll::Pending
    }
}

impl<Y> FusedStream for Refused<Y, ()> {
    fn is_terminated(&self) -> bool {
        true
    }
}
