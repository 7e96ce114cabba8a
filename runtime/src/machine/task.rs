//! A function that awaits: a `Future` whose awaited future is polled in place.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

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

/// A future that will begin with `arguments`.
#[inline]
pub fn new<A, S, J, D, T, F>(arguments: A, step: F) -> Task<A, S, J, D, F, T>
where
    D: Futures,
    F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Step<S, D, T>,
{
    const { assert!(size_of::<F>() == 0, "a step captures nothing") };
    Task { frame: Frame::Start { arguments: Some(arguments) }, step, types: PhantomData }
}

/// A function that awaits nothing is ready when it is first polled.
impl Futures for Infallible {
    type Outcomes = Infallible;

    fn poll_active(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Infallible> {
        match *self {}
    }
}

/// Ends the function if the awaited future panics, so that both are dropped while the panic passes.
struct Ended<'a, A, S, D>(Pin<&'a mut Frame<A, S, D>>);

impl<A, S, D> Drop for Ended<'_, A, S, D> {
    #[inline]
    fn drop(&mut self) {
        self.0.set(Frame::Over);
    }
}

impl<A, S, D: Futures> Frame<A, S, D> {
    /// Polls the awaited future; when it is done it is dropped, and the step goes on with its output.
    #[inline]
    fn poll_delegate(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(S, D::Outcomes)> {
        let mut ended = Ended(self);
        let FrameInPlace::Awaiting { delegate, state } = ended.0.as_mut().project() else {
            unreachable!("only a frame that awaits is polled")
        };
        match delegate.poll_active(cx) {
            Poll::Pending => {
                core::mem::forget(ended);
                Poll::Pending
            }
            Poll::Ready(outcomes) => {
                let state = state.take().expect("a frame that awaits has a state");
                drop(ended);
                Poll::Ready((state, outcomes))
            }
        }
    }
}

impl<A, S, J, D, F, T> Future for Task<A, S, J, D, F, T>
where
    D: Futures,
    F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes>) -> Step<S, D, T>,
{
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let mut this = self.project();
        let mut step = match this.frame.as_mut().project() {
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
            match step {
                Step::Return(value) => return Poll::Ready(value),
                Step::Await(delegate, state) => {
                    this.frame.set(Frame::Awaiting { delegate, state: Some(state) });
                    match this.frame.as_mut().poll_delegate(cx) {
                        Poll::Pending => return Poll::Pending,
                        Poll::Ready((state, outcomes)) => {
                            step = (this.step)(At::Suspended(state), Input::Outcome(outcomes));
                        }
                    }
                }
            }
        }
    }
}
