//! What a `return` inside of a macro gives, as in `bail!` and `ensure!`.
//!
//! The macro is expanded in an `async` block, which such a `return` leaves. A block that goes on past the
//! macro waits for ever instead: so one poll tells which it is.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

/// What the block returns, if it does so at once.
pub fn returned_early<T>(block: impl Future<Output = T>) -> Option<T> {
    match pin!(block).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// What a block returns that nothing goes on after.
pub fn returned<T>(block: impl Future<Output = T>) -> T {
    returned_early(block).expect("there is nothing to wait for")
}
