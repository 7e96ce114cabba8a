//! What comes into a step.

use super::messages;

/// What comes into a step: nothing at its start, the value sent, or what a delegate returned.
#[derive(Debug)]
pub enum Input<R, O> {
    /// `start()`, or the first poll.
    Start,
    /// `resume(value)`.
    Sent(R),
    /// A delegate is done.
    Outcome(O),
    /// It has been read.
    Taken,
}

impl<R, O> Input<R, O> {
    /// The function begins: a value sent to it would be lost.
    #[inline]
    pub fn started(&self, function: &str) {
        if let Input::Sent(_) = self {
            messages::resumed_before_start(function)
        }
    }

    /// The value that the suspended `yield_!` evaluates to.
    #[inline]
    pub fn sent(&mut self, function: &str) -> R {
        match core::mem::replace(self, Input::Taken) {
            Input::Sent(value) => value,
            _ => messages::started_twice(function),
        }
    }

    /// What the delegate returned.
    #[inline]
    pub(super) fn outcome(&mut self) -> O {
        match core::mem::replace(self, Input::Taken) {
            Input::Outcome(outcome) => outcome,
            _ => messages::wrong_outcome(),
        }
    }
}
