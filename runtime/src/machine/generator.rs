//! A generator that delegates to nobody: its state is one enum.

use core::marker::PhantomData;

use super::{FromResidual, Infallible, Input, messages};
use crate::{Coroutine, CoroutineState};

/// What a step ends with.
#[derive(Debug)]
pub enum Step<S, Y, T> {
    /// `yield_!` this value, and wait here.
    Yield(Y, S),
    /// Return this value.
    Return(T),
}

impl<S, Y, T> Step<S, Y, T> {
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

/// The coroutine of a function that delegates to nobody.
#[must_use = "a coroutine does nothing until it is started, resumed or iterated"]
#[derive(Debug)]
pub struct Generator<S, F, Y, T> {
    /// Nothing while a step runs, and for ever when the function has returned or panicked.
    state: Option<S>,
    step: F,
    types: PhantomData<fn() -> (Y, T)>,
}

/// A coroutine that will begin with `state`.
#[inline]
pub fn new<S, R, Y, T, F>(state: S, step: F) -> Generator<S, F, Y, T>
where
    F: FnMut(S, Input<R, Infallible>) -> Step<S, Y, T>,
{
    const { assert!(size_of::<F>() == 0, "a step captures nothing") };
    Generator { state: Some(state), step, types: PhantomData }
}

impl<S, F, Y, T> Generator<S, F, Y, T> {
    /// One step, unless the function is over.
    #[inline]
    fn step<R>(&mut self, input: Input<R, Infallible>) -> Option<CoroutineState<Y, T>>
    where
        F: FnMut(S, Input<R, Infallible>) -> Step<S, Y, T>,
    {
        match (self.step)(self.state.take()?, input) {
            Step::Yield(value, state) => {
                self.state = Some(state);
                Some(CoroutineState::Yielded(value))
            }
            Step::Return(value) => Some(CoroutineState::Complete(value)),
        }
    }
}

impl<S, F, R, Y, T> Coroutine<R> for Generator<S, F, Y, T>
where
    F: FnMut(S, Input<R, Infallible>) -> Step<S, Y, T>,
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
    F: FnMut(S, Input<(), Infallible>) -> Step<S, Y, ()>,
{
    type Item = Y;

    #[inline]
    fn next(&mut self) -> Option<Y> {
        self.step(Input::Sent(()))?.yielded()
    }
}
