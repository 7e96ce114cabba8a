//! A function that awaits: a `Future` whose awaited future is polled in place.

use core::future::Future;
use core::marker::PhantomData;
use core::ops::ControlFlow::{self, Break, Continue};
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

pub use super::delegates::*;
use super::frame::{Delegation, Frame, Open};
#[cfg(feature = "std")]
pub use super::leaving::{Leave, Rest, leaving};
pub use super::{At, Awaitable, Held, Hold, Step, next};
use super::{Ended, Infallible, Input, Led, messages};

pin_project! {
    /// The future of a function.
    #[must_use = "a future does nothing until it is awaited or spawned"]
    #[derive(Debug)]
    pub struct Task<A, S, J, D, F, T> {
        #[pin]
        frame: Frame<A, S, Delegation<D, S>>,
        step: F,
        types: PhantomData<fn() -> (J, T)>,
    }
}

/// What a future begins with, and the type of its output.
#[derive(Debug)]
pub struct Init<A, T> {
    arguments: A,
    types: PhantomData<fn() -> T>,
}

/// What a future begins with.
#[inline]
pub fn init<A, T>(arguments: A) -> Init<A, T> {
    Init { arguments, types: PhantomData }
}

impl<A, T> Init<A, T> {
    /// The types of the function are those of its proof.
    #[cfg(feature = "alloc")]
    #[inline]
    pub fn proven(self, _: super::Proof<(), Infallible, T>) -> Self {
        self
    }

    /// The future, which `step` takes from state to state.
    #[inline]
    pub fn step<S, J, D, F>(self, step: F) -> Task<A, S, J, D, F, T>
    where
        D: Futures,
        F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Ended<S, D, Infallible, T>,
    {
        self.step_keeping((), step)
    }

    /// The same, of a step that captures `kept`: arrays of plain values, which stay where they are.
    #[inline]
    pub fn step_keeping<K: Copy, S, J, D, F>(self, kept: K, step: F) -> Task<A, S, J, D, F, T>
    where
        D: Futures,
        F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Ended<S, D, Infallible, T>,
    {
        const { assert!(size_of::<F>() == size_of::<K>(), "a step captures what is kept, and nothing else") };
        let _ = kept;
        Task { frame: Frame::new(self.arguments), step, types: PhantomData }
    }
}

/// Takes a state of one group through the step of that group.
#[inline]
pub fn part<A, S, J, O, More, D, Others, C, T>(
    at: At<A, S, J>,
    input: Input<Infallible, O>,
    step: impl FnOnce(At<A, S, J>, Input<Infallible, O>) -> Led<S, More, D, Others, Infallible, T, C>,
) -> Led<S, More, D, Others, Infallible, T, C>
where
    D: Futures<Outcomes = O>,
{
    step(at, input)
}

/// A function that awaits nothing is ready when it is first polled.
impl Futures for Infallible {
    type Outcomes = Infallible;

    fn poll_active(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Infallible> {
        match *self {}
    }
}

impl<A, S, J, D, F, T> Future for Task<A, S, J, D, F, T>
where
    D: Futures,
    F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Ended<S, D, Infallible, T>,
{
    type Output = T;

    /// What is awaited is polled in one place: else each level of a chain would be inlined into the
    /// next twice, and soon not at all.
    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        let mut waiting = match this.frame.open() {
            Open::Waiting(waiting) => waiting,
            Open::Start(arguments) => {
                let (arguments, frame) = arguments.take();
                match (this.step)(At::Start(arguments), Input::Nothing) {
                    Break(Step::Delegate(delegate, state)) => frame.wait(delegate, state),
                    Break(Step::Return(value)) => {
                        frame.complete();
                        return Poll::Ready(value);
                    }
                }
            }
            Open::Suspended(..) => unreachable!("a future is suspended in what it awaits"),
            Open::Over(over) => messages::polled_when_over::<F>(over.ending()),
        };
        loop {
            let (state, outcome, frame) = match waiting.run(|delegate| poll_awaited(delegate, cx)) {
                Continue(()) => return Poll::Pending,
                Break(done) => done,
            };
            waiting = match (this.step)(At::Suspended(state), Input::Outcome(outcome)) {
                Break(Step::Delegate(delegate, state)) => frame.wait(delegate, state),
                Break(Step::Return(value)) => {
                    frame.complete();
                    return Poll::Ready(value);
                }
            };
        }
    }
}

/// A future that isn't ready lets its owner continue to wait.
#[inline(always)]
fn poll_awaited<D: Futures>(delegate: Pin<&mut D>, cx: &mut Context<'_>) -> ControlFlow<D::Outcomes> {
    match delegate.poll_active(cx) {
        Poll::Pending => Continue(()),
        Poll::Ready(outcome) => Break(outcome),
    }
}
