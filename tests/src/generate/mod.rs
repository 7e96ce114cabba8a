//! Random bodies: Rust source from a seed and a size.
//!
//! Whatever comes out compiles under rustc's own lowering, ends, and is worth running: control flow nests, names shadow
//! each other, guards are everywhere, values are moved on some paths, blocks are left early, and suspensions stand in any
//! operand. In most bodies locals borrow from others, across suspensions too; one in so many may break the rules for that,
//! if it is asked for.
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
//! | `borrows` | variables that borrow others, and loops over what is borrowed |
//! | `looks` | matches that look at a local where it is |
//! | `holders` | what is done with variables that borrow |
//! | `broken` | uses that the borrow checker refuses |
//! | `nested` | closures, and items inside of bodies |
//! | `named` | methods that look, by names of std's that take |
//! | `parted` | variables of which a part is taken, and the rest kept |
//! | `taken` | variables taken apart, by assignments to patterns and by closures |

mod bare;
mod body;
mod borrows;
mod branches;
mod broken;
mod expressions;
mod form;
mod holders;
mod looks;
mod named;
mod nested;
mod parted;
mod places;
mod rng;
mod scope;
mod statements;
mod suspensions;
mod taken;

pub use bare::bare_words;
pub use body::{Body, Wanted, body};
