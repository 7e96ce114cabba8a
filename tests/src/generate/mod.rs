//! Random bodies: Rust source from a seed and a size.
//!
//! Whatever comes out compiles under rustc's own lowering, ends, and is worth running: control flow nests, names shadow
//! each other, guards are everywhere, values are moved on some paths, blocks are left early, and suspensions stand in any
//! operand. No local borrows from another across a suspension (a later piece of work); operands and awaits may.
//!
//! | file | job |
//! |---|---|
//! | `rng` | the deterministic source of choices |
//! | `scope` | which variables there are, and what may be done with each: the part of the borrow checker that is needed |
//! | `body` | functions: signature, arguments, result, children |
//! | `form` | how a body stands in its source: a function, a method, a block |
//! | `bare` | the bare words of a block |
//! | `statements` | statements and loops |
//! | `expressions`, `branches` | values of each type |
//! | `suspensions` | yields, awaits, delegations, and what is thrown |
//! | `places` | arrays, records and receivers: their parts are read and assigned |
//! | `nested` | closures, and items inside of bodies |

mod bare;
mod body;
mod branches;
mod expressions;
mod form;
mod nested;
mod places;
mod rng;
mod scope;
mod statements;
mod suspensions;

pub use bare::bare_words;
pub use body::{Body, body};
