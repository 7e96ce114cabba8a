//! Tools that try segue on code that others wrote.
//!
//! [`drop_in`] puts `#[segue::coroutine]` on every `async fn` of a crate and tells which ones don't compile so, and why;
//! it can tell how large their machines are beside rustc's, too.
#![forbid(unsafe_code)]

pub mod drop_in;
