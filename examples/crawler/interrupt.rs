//! Ctrl-C, where there are signals.

use std::io;

/// Waits for Ctrl-C.
#[cfg(unix)]
#[segue::coroutine]
pub(crate) async fn ctrl_c() -> io::Result<()> {
    segue::signal::ctrl_c().await
}

/// Waits for ever: here Ctrl-C ends the program at once.
#[cfg(not(unix))]
#[segue::coroutine]
pub(crate) async fn ctrl_c() -> io::Result<()> {
    std::future::pending().await
}
