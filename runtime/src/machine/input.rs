//! What comes into a step.

use core::convert::Infallible;

use super::messages;
use super::step::Invariant;

/// What comes into a step: nothing at its start, the value sent, or what a delegate returned; or, in
/// a function that calls itself, what it returned.
#[derive(Debug)]
pub enum Input<R, O, T = Infallible> {
    /// The function begins, or what came has been read.
    Nothing,
    /// `resume(value)`.
    Sent(R),
    /// A delegate is done.
    Outcome(O),
    /// A call of the function itself has returned.
    Returned(T),
    #[doc(hidden)]
    Never(Infallible, Invariant<(R, O, T)>),
}

impl<R, O, T> Input<R, O, T> {
    /// The value that the suspended `yield_!` evaluates to.
    #[inline]
    pub fn sent(&mut self) -> R {
        match core::mem::replace(self, Input::Nothing) {
            Input::Sent(value) => value,
            _ => messages::wrong_input(),
        }
    }

    /// What the call of the function itself returned.
    #[inline]
    pub fn returned(&mut self) -> T {
        match core::mem::replace(self, Input::Nothing) {
            Input::Returned(value) => value,
            _ => messages::wrong_input(),
        }
    }

    /// What came, for one group of the states: what its delegate returned is `found` in what one of all did.
    #[inline]
    pub fn within<P>(&mut self, found: impl FnOnce(O) -> P) -> Input<R, P, T> {
        match core::mem::replace(self, Input::Nothing) {
            Input::Nothing => Input::Nothing,
            Input::Sent(value) => Input::Sent(value),
            Input::Outcome(outcome) => Input::Outcome(found(outcome)),
            Input::Returned(value) => Input::Returned(value),
        }
    }

    /// What came, for a group of the states that has no delegates.
    #[inline]
    pub fn without(&mut self) -> Input<R, Infallible, T> {
        self.within(|_| messages::wrong_input())
    }

    /// What the delegate returned.
    #[inline]
    pub(super) fn outcome(&mut self) -> O {
        match core::mem::replace(self, Input::Nothing) {
            Input::Outcome(outcome) => outcome,
            _ => messages::wrong_input(),
        }
    }
}
