//! Signals of the operating system as futures (Unix; feature `signal`).

use std::io::{self, Read};
use std::os::unix::net::UnixStream;

use signal_hook::SigId;
use signal_hook::consts::SIGINT;
use signal_hook::low_level::{pipe, unregister};

use crate::handle::Handle;
use crate::net::Registered;
use crate::poller::Side;

/// Waits for Ctrl-C (`SIGINT`).
///
/// The signal is caught from the first poll on, for the whole process and for good: before that it ends the process as
/// ever, afterwards it no longer does, even when the future is gone. A signal that comes when no such future is waiting is
/// therefore ignored. Any number may wait, in any number of loops; each is told.
///
/// # Errors
///
/// If the operating system refuses a handler or a pair of sockets.
///
/// # Panics
///
/// The future panics when it is polled outside of a running loop.
///
/// # Cancel safety
///
/// Dropping the future forgets a signal that has come but was not yet seen.
///
/// # Examples
///
/// ```no_run
/// # fn main() -> std::io::Result<()> {
/// segue::run(async {
///     println!("Ctrl-C to go on");
///     segue::signal::ctrl_c().await
/// })
/// # }
/// ```
pub async fn ctrl_c() -> io::Result<()> {
    Caught::new(SIGINT, "segue::signal::ctrl_c")?.next().await
}

/// Catches a signal, as long as it lives, through a pair of sockets: all that a signal handler may safely do is write.
struct Caught {
    received: Registered<mio::net::UnixStream>,
    handler: SigId,
}

impl Caught {
    fn new(signal: i32, caller: &str) -> io::Result<Self> {
        let handle = Handle::current(caller);
        let (received, sent) = UnixStream::pair()?;
        received.set_nonblocking(true)?;
        let received = Registered::new(mio::net::UnixStream::from_std(received), handle)?;
        Ok(Self { received, handler: pipe::register(signal, sent)? })
    }

    async fn next(&mut self) -> io::Result<()> {
        let received = &self.received;
        let attempt = || received.try_io(Side::Read, |mut socket| socket.read(&mut [0; 64]));
        received.io(Side::Read, attempt).await.map(drop)
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        unregister(self.handler);
    }
}
