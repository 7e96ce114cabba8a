//! What the expansion of `#[segue::coroutine]` is made of: read it beside `cargo expand`.
//!
//! A function becomes an enum of its suspensions and a *step*: a closure that captures nothing,
//! takes the state out, runs the user's statements to the next suspension and says with a `Step`
//! what the state is then. The types here own the state between two steps and resume delegates in
//! place. Nothing here is meant to be named by hand; only the expansion is promised to compile.

mod delegates;
pub mod delegator;
mod dropped;
mod frame;
pub mod generator;
mod groups;
mod held;
mod input;
mod items;
#[cfg(feature = "std")]
mod leaving;
#[cfg(feature = "alloc")]
pub mod loan;
mod messages;
mod operand;
mod owning;
#[cfg(feature = "alloc")]
mod proof;
mod question;
#[cfg(feature = "std")]
mod recursive;
mod refused;
mod returned;
mod step;
pub mod stream;
pub mod task;
mod together;
mod update;
mod within;

pub use delegates::*;
pub use dropped::{Apart, Pointer, TakenApart, Unwraps, Used, UsedUp, WithoutDrop, end, unwrapped};
pub use groups::*;
pub use held::{Held, Hold};
pub use input::Input;
pub use items::{NextItem, Streamable, next_item};
#[cfg(feature = "std")]
pub use leaving::{Given, Leave, Leaving, Left, Passing, Rest, at_once};
pub use operand::{Awaitable, Iterable};
#[cfg(feature = "alloc")]
pub use proof::Proof;
pub use question::{FromResidual, Try};
#[cfg(feature = "std")]
pub use recursive::Frames;
pub use refused::{Refused, unread};
pub use returned::{returned, returned_early};
pub use step::{Ended, Step};
pub use together::{Choice, Choices, Join, Joins, TryJoins, choice, chosen, join, joined, try_joined};
pub use update::{Primitive, update, updated};
pub use within::{Becoming, Branch, Matching, MatchingFuture, Tested, within};
#[cfg(feature = "alloc")]
pub use within::{boxed, pinned, pinned_by};

use core::convert::Infallible;

/// The next item of the iterator of a `for`.
#[inline]
pub fn next<I: Iterator>(iter: &mut I) -> Option<I::Item> {
    iter.next()
}

/// Where a step begins: with the arguments, at a suspension, or at a jump inside the step itself.
///
/// The arguments and the jumps are types of their own so that they take no room beside a delegate.
#[derive(Debug)]
pub enum At<A, S, J = Infallible> {
    /// The function begins; these are its arguments, in order.
    Start(A),
    /// The function goes on after a suspension.
    Suspended(S),
    /// A loop goes round, or branches meet.
    Jump(J),
}
