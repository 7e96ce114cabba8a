//! A function that awaits: a `Future` whose awaited future is polled in place.

use core::future::Future;
use core::marker::PhantomData;
use core::ops::ControlFlow::Break;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

pub use super::delegates::*;
pub use super::{At, Held, Hold, Step, next};
use super::{Ended, Infallible, Input, messages};

pin_project! {
    /// The future of a function.
    #[must_use = "a future does nothing until it is awaited or spawned"]
    #[derive(Debug)]
    pub struct Task<A, S, J, D, F, T> {
        #[pin]
        frame: Frame<A, S, D>,
        step: F,
        types: PhantomData<fn() -> (J, T)>,
    }
}

pin_project! {
    #[project = FrameInPlace]
    #[derive(Debug)]
    enum Frame<A, S, D> {
        Start { arguments: Option<A> },
        // Fields in this order: the future is dropped before the variables of the one that waits.
        // The state is an `Option` only to be taken out before the future is dropped in place.
        Awaiting { #[pin] delegate: D, state: Option<S> },
        Over,
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
    /// The future, which `step` takes from state to state.
    #[inline]
    pub fn step<S, J, D, F>(self, step: F) -> Task<A, S, J, D, F, T>
    where
        D: Futures,
        F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Ended<S, D, Infallible, T>,
    {
        const { assert!(size_of::<F>() == 0, "a step captures nothing") };
        Task { frame: Frame::Start { arguments: Some(self.arguments) }, step, types: PhantomData }
    }
}

/// A function that awaits nothing is ready when it is first polled.
impl Futures for Infallible {
    type Outcomes = Infallible;

    fn poll_active(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Infallible> {
        match *self {}
    }
}

/// Ends the function if the awaited future panics, so that both are dropped while the panic passes.
struct OnPanic<'a, A, S, D>(Pin<&'a mut Frame<A, S, D>>);

impl<A, S, D> Drop for OnPanic<'_, A, S, D> {
    #[inline]
    fn drop(&mut self) {
        self.0.set(Frame::Over);
    }
}

impl<A, S, D: Futures> Frame<A, S, D> {
    /// Polls the awaited future; when it is done it is dropped, and the step goes on with its output.
    #[inline]
    fn poll_delegate(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(S, D::Outcomes)> {
        let mut on_panic = OnPanic(self);
        let FrameInPlace::Awaiting { delegate, state } = on_panic.0.as_mut().project() else {
            unreachable!("only a frame that awaits is polled")
        };
        match delegate.poll_active(cx) {
            Poll::Pending => {
                core::mem::forget(on_panic);
                Poll::Pending
            }
            Poll::Ready(outcomes) => {
                let state = state.take().expect("a frame that awaits has a state");
                drop(on_panic);
                Poll::Ready((state, outcomes))
            }
        }
    }
}

impl<A, S, J, D, F, T> Future for Task<A, S, J, D, F, T>
where
    D: Futures,
    F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Ended<S, D, Infallible, T>,
{
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let mut this = self.project();
        let mut ended = match this.frame.as_mut().project() {
            FrameInPlace::Start { arguments } => {
                let arguments = arguments.take().expect("a frame that starts has arguments");
                this.frame.set(Frame::Over);
                (this.step)(At::Start(arguments), Input::Start)
            }
            FrameInPlace::Awaiting { .. } => match this.frame.as_mut().poll_delegate(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready((state, outcomes)) => (this.step)(At::Suspended(state), Input::Outcome(outcomes)),
            },
            FrameInPlace::Over => messages::polled_after_completion::<F>(),
        };
        loop {
            match ended {
                Break(Step::Return(value)) => return Poll::Ready(value),
                Break(Step::Delegate(delegate, state)) => {
                    this.frame.set(Frame::Awaiting { delegate, state: Some(state) });
                    match this.frame.as_mut().poll_delegate(cx) {
                        Poll::Pending => return Poll::Pending,
                        Poll::Ready((state, outcomes)) => {
                            ended = (this.step)(At::Suspended(state), Input::Outcome(outcomes));
                        }
                    }
                }
            }
        }
    }
}
