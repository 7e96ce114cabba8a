//! segue: coroutines you can see.
//!
//! [`#[segue::coroutine]`](macro@coroutine) lowers a generator or an `async fn` to a plain enum with one variant for each place
//! where the function is suspended, on stable Rust. `cargo expand` shows the enum; its fields are named as your variables and
//! the statements between two suspensions are yours. A small loop on mio, [`run`], runs what is async.
//!
//! # A generator
//!
//! Calling the function runs nothing of it. [`start`](Coroutine::start) runs it to its first `yield_!`. If it is sent nothing
//! and returns nothing it is an [`Iterator`] as well.
//!
//! ```
//! use segue::{Coroutine, CoroutineState::*};
//!
//! #[segue::coroutine(yield = u32)]
//! fn countdown(mut n: u32) {
//!     while n > 0 {
//!         yield_!(n);
//!         n -= 1;
//!     }
//! }
//!
//! let mut count = countdown(2);
//! assert_eq!(count.start(), Yielded(2));
//! assert_eq!(count.resume(()), Yielded(1));
//! assert_eq!(count.resume(()), Complete(()));
//!
//! assert_eq!(countdown(9).filter(|n| n % 4 == 0).collect::<Vec<_>>(), [8, 4]);
//! ```
//!
//! Where there is no need of a function, [`generator!`](generator) makes one of a block, in which `yield` is a word:
//!
//! ```
//! let list = vec![3, 4];
//! let squares = segue::generator! { for n in list { yield n * n } };
//! assert!(squares.eq([9, 16]));
//! ```
//!
//! # Sending values in, returning one
//!
//! With `resume = R` a `yield_!` evaluates to what [`resume`](Coroutine::resume) was given. No value is lost: sending one to a
//! coroutine that isn't started is a mistake that panics.
//!
//! ```
//! use segue::{Coroutine, CoroutineState::*};
//!
//! #[segue::coroutine(yield = i64, resume = Option<i64>)]
//! fn running_sum() -> String {
//!     let mut sum = 0;
//!     while let Some(n) = yield_!(sum) {
//!         sum += n;
//!     }
//!     format!("{sum} in all")
//! }
//!
//! let mut sum = running_sum();
//! assert_eq!(sum.start(), Yielded(0));
//! assert_eq!(sum.resume(Some(2)), Yielded(2));
//! assert_eq!(sum.resume(Some(3)), Yielded(5));
//! assert_eq!(sum.resume(None), Complete("5 in all".to_string()));
//! ```
//!
//! # Delegation
//!
//! `yield_from!` hands over to another coroutine until that one returns; what it returned is the value. What is sent goes in,
//! what is yielded comes out, and neither side can tell.
//!
//! ```
//! use segue::Coroutine;
//!
//! #[segue::coroutine(yield = &'static str)]
//! fn verse(n: u32) -> u32 {
//!     yield_!("la");
//!     yield_!("li");
//!     n + 1
//! }
//!
//! #[segue::coroutine(yield = &'static str)]
//! fn song() {
//!     let mut n = 0;
//!     while n < 2 {
//!         n = yield_from!(verse(n));
//!     }
//!     yield_from!(["the", "end"]);
//! }
//!
//! assert_eq!(song().collect::<Vec<_>>(), ["la", "li", "la", "li", "the", "end"]);
//! ```
//!
//! # Errors thrown in, and the end
//!
//! With `resume = Result<R, E>` an error can be raised where a coroutine is suspended: [`throw(e)`](Throw::throw) is
//! `resume(Err(e))`. `yield_!(x)?` lets it through, a `match` catches it. [`close`](Coroutine::close) ends a coroutine where it
//! is: its variables are dropped, those of the innermost it delegates to first.
//!
//! ```
//! use segue::{Coroutine, CoroutineState::*, Throw};
//!
//! #[segue::coroutine(yield = u32, resume = Result<u32, String>)]
//! fn total() -> Result<u32, String> {
//!     let mut total = 0;
//!     while total < 100 {
//!         total += yield_!(total)?;
//!     }
//!     Ok(total)
//! }
//!
//! #[segue::coroutine(yield = u32, resume = Result<u32, String>)]
//! fn totals() -> u32 {
//!     loop {
//!         if let Ok(total) = yield_from!(total()) {
//!             return total;
//!         }
//!     }
//! }
//!
//! let mut totals = totals();
//! assert_eq!(totals.start(), Yielded(0));
//! assert_eq!(totals.resume(Ok(7)), Yielded(7));
//! assert_eq!(totals.throw("again".to_string()), Ok(Yielded(0)));
//! assert_eq!(totals.resume(Ok(100)), Complete(100));
//! ```
//!
//! # Tasks
//!
//! An `async fn` under the attribute becomes a machine of the same kind. It is a [`Future`], for this
//! crate's loop or any other.
//!
//! ```
//! use std::time::Duration;
//! use segue::time::sleep;
//!
//! #[segue::coroutine]
//! async fn compute(x: i64, y: i64) -> i64 {
//!     sleep(Duration::from_millis(10)).await;
//!     x + y
//! }
//!
//! #[segue::coroutine]
//! async fn both() -> i64 {
//!     let one = segue::spawn(compute(1, 2));
//!     let other = segue::spawn(compute(3, 4));
//!     one.await.unwrap() + other.await.unwrap()
//! }
//!
//! assert_eq!(segue::run(both()), 10);
//! ```
//!
//! # Async generators
//!
//! With a `yield` type an `async fn` is a [`Stream`] (PEP 525): it awaits and yields. [`for_await!`](for_await) goes through one
//! in an async coroutine, `while let Some(x) = stream.next().await` by `futures`' `StreamExt` anywhere.
//!
//! ```
//! use segue::{Stream, time::sleep};
//! use std::time::Duration;
//!
//! #[segue::coroutine(yield = u32)]
//! async fn ticks(n: u32) {
//!     for i in 0..n {
//!         sleep(Duration::from_millis(1)).await;
//!         yield_!(i);
//!     }
//! }
//!
//! #[segue::coroutine]
//! async fn sum(numbers: impl Stream<Item = u32> + Unpin) -> u32 {
//!     let mut sum = 0;
//!     for_await!(n in numbers {
//!         sum += n;
//!     });
//!     sum
//! }
//!
//! assert_eq!(segue::run(sum(ticks(4))), 6);
//! ```
//!
//! # From Python's names to these
//!
//! | Python, asyncio | segue |
//! |---|---|
//! | `def f(): ... yield x` | `#[segue::coroutine(yield = X)] fn f() { ... yield_!(x) }` |
//! | `(x * x for x in list)` | [`generator! { for x in list { yield x * x } }`](generator) |
//! | `next(g)`, `g.send(None)` | [`g.start()`](Coroutine::start), or `g.resume(())` |
//! | `v = yield x` | `let v = yield_!(x)` |
//! | `g.send(v)` | [`g.resume(v)`](Coroutine::resume) |
//! | `StopIteration.value` | [`CoroutineState::Complete`] |
//! | `for x in g` | `for x in g` |
//! | `v = yield from g` | `let v = yield_from!(g)` |
//! | `g.throw(e)` | [`g.throw(e)`](Throw::throw), with `resume = Result<_, E>` |
//! | `g.close()` | [`g.close()`](Coroutine::close), or `drop(g)` |
//! | `async def`, `await f` | `#[segue::coroutine] async fn`, `f.await` |
//! | `async def f(): ... yield x` | `#[segue::coroutine(yield = X)] async fn f() { ... yield_!(x) }` |
//! | `async for x in f()` | [`for_await!(x in f() { .. })`](for_await) |
//! | `@coroutine def`, `yield from f` | `#[segue::coroutine] fn`, `yield_from!(f)` |
//! | `asyncio.run(f)` | [`run(f)`](run) |
//! | `asyncio.create_task(f)` | [`spawn(f)`](spawn) |
//! | `await task` | `handle.await`, a `Result` |
//! | `task.cancel()` | [`JoinHandle::abort`] |
//! | `CancelledError` | [`JoinError::is_cancelled`](task::JoinError::is_cancelled) |
//! | `asyncio.sleep(s)` | [`time::sleep(duration)`](time::sleep) |
//! | `asyncio.sleep(0)` | [`task::yield_now()`](task::yield_now) |
//! | `asyncio.wait_for(f, s)` | [`time::timeout(duration, f)`](time::timeout) |
//! | `asyncio.open_connection` | [`net::TcpStream::connect`] |
//! | `asyncio.start_server` | [`net::TcpListener::bind`], then `accept` |
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `signal` (default) | Ctrl-C as a future; turns on `rt` |
//! | `rt` (default) | the loop, tasks, timers and sockets; turns on `std` |
//! | `std` | links std: what a future may have used up of a variable is kept in a box; turns on `alloc` |
//! | `alloc` | a `Box` of a [`Coroutine`] is one, as is a `Box` of a [`Stream`] |
//!
//! With `default-features = false` and none of them the crate is `no_std` and knows no allocator. All of the language is there:
//! generators, futures and streams, which live where you put them and allocate nothing. Only a variable that an await may have
//! used up can't be kept in a box: where `client.close()` takes `self`, `client.close().await` is E0382, and
//! `{client}.close().await` is not. What runs a future is yours to bring: an executor for your board, or a loop around
//! [`poll`](core::future::Future::poll).
//! `tests/no-std/` is such a program.
#![deny(unsafe_code)]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

mod coroutine;
#[doc(hidden)]
pub mod machine;
mod macros;

pub use coroutine::{Coroutine, CoroutineState, Throw};
/// A future that gives many values: what an async generator is (`futures`' own trait).
pub use futures_core::Stream;
pub use macros::{coroutine, for_await, generator, join, select, try_join, yield_, yield_from};

/// The README's code compiles and does what it says.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So does that of the page of errors, or it is refused as the page says.
#[cfg(doctest)]
#[doc = include_str!("../../docs/diagnostics.md")]
struct Diagnostics;

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
