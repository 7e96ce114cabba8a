//! The tests of segue that need the whole of it: above all the differential tester.
//!
//! One body is compiled twice, by `#[segue::coroutine]` and as an `async` body on rustc's own lowering ([`oracle`]). Both are
//! driven by the same [`script::Script`]s (run to the end with different values sent, dropped at each suspension, a
//! panic at each event) and must leave the same [`log`]: values, effects and drops.
//!
//! Bodies come from two sources: written by hand with [`differential!`], by topic, in `tests/*.rs`; and from the random
//! [`generate`]r, which the `differential` command compiles in batches and runs ([`tester`]).
#![forbid(unsafe_code)]

pub mod batch;
mod bodies;
pub mod compare;
pub mod effects;
pub mod generate;
pub mod log;
pub mod oracle;
pub mod script;
pub mod subject;
pub mod tester;

pub use compare::assert_same;
pub use subject::Subject;

/// What a file of hand-written bodies imports.
pub mod prelude {
    pub use crate::differential;
    pub use crate::effects::*;
}
