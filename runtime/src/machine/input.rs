//! What comes into a step.

use super::messages;

/// What comes into a step: nothing at its start, the value sent, or what a delegate returned.
#[derive(Debug)]
pub enum Input<R, O> {
    /// The function begins, or what came has been read.
    Nothing,
    /// `resume(value)`.
    Sent(R),
    /// A delegate is done.
    Outcome(O),
}

impl<R, O> Input<R, O> {
    /// The value that the suspended `yield_!` evaluates to.
    #[inline]
    pub fn sent(&mut self) -> R {
        match core::mem::replace(self, Input::Nothing) {
            Input::Sent(value) => value,
            _ => messages::wrong_input(),
        }
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
