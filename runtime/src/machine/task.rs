//! A function that awaits: a `Future` whose awaited future is polled in place.

use core::future::Future;
use core::marker::PhantomData;
use core::ops::ControlFlow::{self, Break, Continue};
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::frame::{Delegation, Frame, Open};
use super::{At, FromResidual, Futures, Infallible, Input, messages};

/// What a step ends with.
#[derive(Debug)]
pub enum Step<S, D, T> {
    /// Await this future, and go on here with its output.
    Await(D, S),
    /// Return this value.
    Return(T),
}

impl<S, D, T> Step<S, D, T> {
    /// What a `?` that fails returns.
    #[inline]
    #[track_caller]
    pub fn residual<R>(residual: R) -> Self
    where
        T: FromResidual<R>,
    {
        Step::Return(T::from_residual(residual))
    }
}

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

/// A future that will begin with `arguments`.
#[inline]
pub fn new<A, S, J, D, T, F>(arguments: A, step: F) -> Task<A, S, J, D, F, T>
where
    D: Futures,
    F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Step<S, D, T>,
{
    const { assert!(size_of::<F>() == 0, "a step captures nothing") };
    Task { frame: Frame::new(arguments), step, types: PhantomData }
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
    F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Step<S, D, T>,
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
                    Step::Await(delegate, state) => frame.wait(delegate, state),
                    Step::Return(value) => {
                        frame.complete();
                        return Poll::Ready(value);
                    }
                }
            }
            Open::Suspended(..) => unreachable!("a future is suspended in what it awaits"),
            Open::Over(over) => messages::polled_when_over::<F>(over.is_complete()),
        };
        loop {
            let (state, outcome, frame) = match waiting.run(|delegate| poll_awaited(delegate, cx)) {
                Continue(()) => return Poll::Pending,
                Break(done) => done,
            };
            waiting = match (this.step)(At::Suspended(state), Input::Outcome(outcome)) {
                Step::Await(delegate, state) => frame.wait(delegate, state),
                Step::Return(value) => {
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
