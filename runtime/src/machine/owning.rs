//! The step of a `generator!` block, which may own what rustc captured for it.
//!
//! What a block names by value is in its state. What can't be told from a function by its name alone,
//! `f` in `f(x)`, is captured by the step itself; so that it is dropped when the block has ended, and
//! not with the machine, it lies beside the state.
#![expect(clippy::type_complexity, reason = "a step can't be named")]

use core::ops::ControlFlow::Break;

use super::{At, Ended, Infallible, Input, Step};

/// The arguments or the state of a block, and its step: dropped in this order.
#[derive(Debug)]
pub struct Owning<S, F> {
    pub(super) state: S,
    pub(super) step: F,
}

/// Takes a state and its step through that step.
#[inline]
pub(super) fn generator<F, S, R, Y, T>()
-> impl FnMut(Owning<S, F>, Input<R, Infallible>) -> Ended<Owning<S, F>, Infallible, Y, T>
where
    F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
{
    |Owning { state, mut step }, input| {
        let Break(ended) = step(state, input);
        ended.owning(step)
    }
}

/// The same for one that delegates.
#[inline]
pub(super) fn delegator<F, A, S, J, D, R, O, Y, T>()
-> impl FnMut(At<Owning<A, F>, Owning<S, F>, Infallible>, Input<R, O>) -> Ended<Owning<S, F>, D, Y, T>
where
    F: FnMut(At<A, S, J>, Input<R, O>) -> Ended<S, D, Y, T>,
{
    |at, input| {
        let (at, mut step) = match at {
            At::Start(Owning { state, step }) => (At::Start(state), step),
            At::Suspended(Owning { state, step }) => (At::Suspended(state), step),
            At::Jump(never) => match never {},
        };
        let Break(ended) = step(at, input);
        ended.owning(step)
    }
}

impl<S, D, Y, T> Step<S, D, Y, T> {
    #[inline]
    fn owning<F>(self, step: F) -> Ended<Owning<S, F>, D, Y, T> {
        Break(match self {
            Step::Yield(value, state) => Step::Yield(value, Owning { state, step }),
            Step::Delegate(delegate, state) => Step::Delegate(delegate, Owning { state, step }),
            Step::Return(value) => Step::Return(value),
        })
    }
}
