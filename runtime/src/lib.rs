//! segue: coroutines you can see.
#![forbid(unsafe_code)]
#![cfg_attr(not(feature = "std"), no_std)]

mod coroutine;
#[doc(hidden)]
pub mod machine;

pub use coroutine::{Coroutine, CoroutineState};

pub use segue_macros::{coroutine, yield_, yield_from};

#[cfg(any(test, doctest))]
extern crate self as segue;
