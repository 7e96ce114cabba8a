//! What a step ends with.

use core::convert::Infallible;
use core::marker::PhantomData;
use core::ops::ControlFlow::{self, Break, Continue};

use super::{FromResidual, Try};

/// What a step ends with. `D` holds what is delegated to; no task yields, and no plain generator delegates.
/// `A` has the arguments of a function that calls itself; no other does.
#[derive(Debug)]
pub enum Step<S, D, Y, T, A = Infallible> {
    /// `yield_!` this value, and wait here.
    Yield(Y, S),
    /// Await this future or resume this coroutine, and go on here with its outcome.
    Delegate(D, S),
    /// Call the function itself with these arguments, and go on here with what it returns.
    Call(A, S),
    /// Return this value.
    Return(T),
    #[doc(hidden)]
    Never(Infallible, Invariant<(S, D)>),
}

/// In the place of types that are inferred piece by piece: as a subtype's parts are other types, each expression that has
/// such a type would leave rustc with as many more to infer as there are parts that it doesn't know yet.
pub(crate) type Invariant<T> = PhantomData<fn(T) -> T>;

/// What the closure of a step evaluates to: always `Break`. It is a type of std so that a step can use `?`.
pub type Ended<S, D, Y, T, A = Infallible> = ControlFlow<Step<S, D, Y, T, A>, Infallible>;

impl<S, D, Y, T, A> Step<S, D, Y, T, A> {
    /// The function yields a value, and waits in `state`.
    #[inline]
    pub fn yields(value: Y, state: S) -> Ended<S, D, Y, T, A> {
        Break(Step::Yield(value, state))
    }

    /// The function awaits a future, and waits in `state`.
    #[inline]
    pub fn awaits(future: D, state: S) -> Ended<S, D, Y, T, A> {
        Break(Step::Delegate(future, state))
    }

    /// The function delegates to a coroutine, and waits in `state`.
    #[inline]
    pub fn delegates(coroutine: D, state: S) -> Ended<S, D, Y, T, A> {
        Break(Step::Delegate(coroutine, state))
    }

    /// The function calls itself, and waits in `state`.
    #[inline]
    pub fn calls(arguments: A, state: S) -> Ended<S, D, Y, T, A> {
        Break(Step::Call(arguments, state))
    }

    /// The function returns. A group of its states may as well go on in another, by a jump (`C`).
    #[inline]
    pub fn returns<C>(value: T) -> ControlFlow<Self, C> {
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
