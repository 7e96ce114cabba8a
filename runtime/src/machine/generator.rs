//! A generator that delegates to nobody: its state is one enum.

use core::marker::PhantomData;
use core::ops::ControlFlow::Break;

use super::{Ended, Infallible, Input, messages};
pub use super::{Held, Hold, Step, next};
use crate::{Coroutine, CoroutineState};

/// The coroutine of a function that delegates to nobody.
#[must_use = "a coroutine does nothing until it is started, resumed or iterated"]
#[derive(Debug)]
pub struct Generator<S, F, Y, T> {
    /// Nothing while a step runs, and for ever when the function has returned or panicked.
    state: Option<S>,
    step: F,
    types: PhantomData<fn() -> (Y, T)>,
}

/// What a coroutine begins with, and the types that the function names.
#[derive(Debug)]
pub struct Init<S, R, Y, T> {
    state: S,
    types: PhantomData<fn(R) -> (Y, T)>,
}

/// What a coroutine begins with.
#[inline]
pub fn init<S, R, Y, T>(state: S) -> Init<S, R, Y, T> {
    Init { state, types: PhantomData }
}

impl<S, R, Y, T> Init<S, R, Y, T> {
    /// The coroutine, which `step` takes from state to state.
    #[inline]
    pub fn step<F>(self, step: F) -> Generator<S, F, Y, T>
    where
        F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
    {
        const { assert!(size_of::<F>() == 0, "a step captures nothing") };
        Generator { state: Some(self.state), step, types: PhantomData }
    }
}

impl<S, F, Y, T> Generator<S, F, Y, T> {
    /// One step, unless the function is over.
    #[inline]
    fn step<R>(&mut self, input: Input<R, Infallible>) -> Option<CoroutineState<Y, T>>
    where
        F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
    {
        match (self.step)(self.state.take()?, input) {
            Break(Step::Yield(value, state)) => {
                self.state = Some(state);
                Some(CoroutineState::Yielded(value))
            }
            Break(Step::Return(value)) => Some(CoroutineState::Complete(value)),
        }
    }
}

impl<S, F, R, Y, T> Coroutine<R> for Generator<S, F, Y, T>
where
    F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
{
    type Yield = Y;
    type Return = T;

    #[inline]
    #[track_caller]
    fn start(&mut self) -> CoroutineState<Y, T> {
        match self.step(Input::Start) {
            Some(state) => state,
            None => messages::resumed_after_completion::<F>(),
        }
    }

    #[inline]
    #[track_caller]
    fn resume(&mut self, sent: R) -> CoroutineState<Y, T> {
        match self.step(Input::Sent(sent)) {
            Some(state) => state,
            None => messages::resumed_after_completion::<F>(),
        }
    }
}

/// A `for` loop resumes with `()`; after the end there is `None` for ever.
impl<S, F, Y> Iterator for Generator<S, F, Y, ()>
where
    F: FnMut(S, Input<(), Infallible>) -> Ended<S, Infallible, Y, ()>,
{
    type Item = Y;

    #[inline]
    fn next(&mut self) -> Option<Y> {
        self.step(Input::Sent(()))?.yielded()
    }
}
