//! segue: coroutines you can see.
#![forbid(unsafe_code)]
#![cfg_attr(not(feature = "std"), no_std)]

mod coroutine;
#[doc(hidden)]
pub mod machine;

pub use coroutine::{Coroutine, CoroutineState};

pub use segue_macros::{coroutine, yield_, yield_from};

// ---- the loop: everything below needs the feature `rt` ----
#[cfg(feature = "rt")]
mod event_loop;
#[cfg(feature = "rt")]
mod handle;
#[cfg(feature = "rt")]
pub mod net;
#[cfg(feature = "rt")]
mod poller;
#[cfg(all(feature = "signal", unix))]
pub mod signal;
#[cfg(feature = "rt")]
pub mod task;
#[cfg(feature = "rt")]
pub mod time;
#[cfg(feature = "rt")]
mod timers;
#[cfg(feature = "rt")]
mod wake;

#[cfg(feature = "rt")]
pub use event_loop::run;
#[cfg(feature = "rt")]
pub use task::{JoinHandle, spawn};
