//! What a step ends with.

use core::convert::Infallible;
use core::ops::ControlFlow::{self, Break, Continue};

use super::{FromResidual, Try};

/// What a step ends with. `D` holds what is delegated to; no task yields, and no plain generator delegates.
#[derive(Debug)]
pub enum Step<S, D, Y, T> {
    /// `yield_!` this value, and wait here.
    Yield(Y, S),
    /// Await this future or resume this coroutine, and go on here with its outcome.
    Delegate(D, S),
    /// Return this value.
    Return(T),
}

/// What the closure of a step evaluates to: always `Break`. It is a type of std so that a step can use `?`.
pub type Ended<S, D, Y, T> = ControlFlow<Step<S, D, Y, T>, Infallible>;

impl<S, D, Y, T> Step<S, D, Y, T> {
    /// The function yields a value, and waits in `state`.
    #[inline]
    pub fn yields(value: Y, state: S) -> Ended<S, D, Y, T> {
        Break(Step::Yield(value, state))
    }

    /// The function awaits a future, and waits in `state`.
    #[inline]
    pub fn awaits(future: D, state: S) -> Ended<S, D, Y, T> {
        Break(Step::Delegate(future, state))
    }

    /// The function delegates to a coroutine, and waits in `state`.
    #[inline]
    pub fn delegates(coroutine: D, state: S) -> Ended<S, D, Y, T> {
        Break(Step::Delegate(coroutine, state))
    }

    /// The function returns.
    #[inline]
    pub fn returns(value: T) -> Ended<S, D, Y, T> {
        Break(Step::Return(value))
    }

    /// `value?` in the function is `Step::tried(value)?` in a step: what fails is what the function returns.
    #[inline]
    #[track_caller]
    pub fn tried<V: Try<Kind>, Kind>(value: V) -> ControlFlow<Self, V::Output>
    where
        T: FromResidual<V::Residual>,
    {
        match value.branch() {
            Continue(output) => Continue(output),
            Break(residual) => Break(Step::Return(T::from_residual(residual))),
        }
    }
}
