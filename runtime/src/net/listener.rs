//! A socket that accepts connections.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::task::{Context, Poll};

use crate::handle::Handle;
use crate::net::{Registered, TcpStream};
use crate::poller::Side;

/// A TCP socket that accepts connections.
///
/// # Examples
///
/// An echo server:
///
/// ```no_run
/// use segue::net::TcpListener;
///
/// # fn main() -> std::io::Result<()> {
/// segue::run(async {
///     let listener = TcpListener::bind("127.0.0.1:7000")?;
///     loop {
///         let (stream, _peer) = listener.accept().await?;
///         segue::spawn(async move { futures_util::io::copy(&stream, &mut &stream).await });
///     }
/// })
/// # }
/// ```
pub struct TcpListener {
    inner: Registered<mio::net::TcpListener>,
}

impl TcpListener {
    /// Listens on an address; of several on the first that can be had. Port 0 lets the operating system choose.
    ///
    /// It sets `SO_REUSEADDR` (not on Windows), so that a server can be restarted at once. There is nothing to wait for,
    /// hence no `await`.
    ///
    /// # Errors
    ///
    /// Those of the operating system for the last address tried: in use, not permitted, not of this machine.
    ///
    /// # Panics
    ///
    /// Outside of a running loop.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = segue::net::TcpListener::bind("127.0.0.1:0")?;
    ///     assert_ne!(listener.local_addr()?.port(), 0);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[track_caller]
    pub fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        let handle = Handle::current("segue::net::TcpListener::bind");
        Self::register(std::net::TcpListener::bind(address)?, handle)
    }

    /// Takes a listener over from the standard library, and sets it to non-blocking.
    ///
    /// # Errors
    ///
    /// If the operating system refuses to set it, or to watch it.
    ///
    /// # Panics
    ///
    /// Outside of a running loop.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let inherited = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let address = inherited.local_addr()?;
    /// segue::run(async {
    ///     let listener = segue::net::TcpListener::from_std(inherited)?;
    ///     assert_eq!(listener.local_addr()?, address);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[track_caller]
    pub fn from_std(listener: std::net::TcpListener) -> io::Result<Self> {
        Self::register(listener, Handle::current("segue::net::TcpListener::from_std"))
    }

    fn register(listener: std::net::TcpListener, handle: Handle) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(Self { inner: Registered::new(mio::net::TcpListener::from_std(listener), handle)? })
    }

    /// Gives the listener to the standard library. It stays non-blocking. This works after the loop's end too.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let listener = segue::run(async { segue::net::TcpListener::bind("127.0.0.1:0") })?;
    /// let listener = listener.into_std();
    /// listener.set_nonblocking(false)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_std(self) -> std::net::TcpListener {
        self.inner.into_source().into()
    }

    /// Waits for the next connection, and gives it with the address of its other end. Any number of tasks may wait.
    ///
    /// # Errors
    ///
    /// Those of the operating system. Most concern only the one connection, or pass (`ECONNABORTED`, or `EMFILE`: out
    /// of file descriptors), so a server goes on after them; after the latter best with a pause.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let client = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (_server, peer) = listener.accept().await?;
    ///     assert_eq!(peer, client.local_addr()?);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        self.inner.io(Side::Read, || self.try_accept()).await
    }

    /// As [`accept`](Self::accept), for a hand-written `poll`. Only the task that polled last is sure to be woken by a
    /// connection.
    ///
    /// # Errors
    ///
    /// As [`accept`](Self::accept).
    ///
    /// # Examples
    ///
    /// ```
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let _client = TcpStream::connect(listener.local_addr()?).await?;
    ///     std::future::poll_fn(|context| listener.poll_accept(context)).await?;
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        self.inner.poll_io(Side::Read, context, || self.try_accept())
    }

    fn try_accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = self.inner.try_io(Side::Read, |listener| listener.accept())?;
        Ok((TcpStream::register(stream, self.inner.handle().clone())?, peer))
    }

    /// The address on which it listens.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    ///
    /// # Examples
    ///
    /// See [`bind`](Self::bind).
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.source().local_addr()
    }
}

impl fmt::Debug for TcpListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.source().fmt(f)
    }
}

#[cfg(unix)]
mod unix {
    use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

    use super::TcpListener;

    impl AsFd for TcpListener {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.inner.source().as_fd()
        }
    }

    impl AsRawFd for TcpListener {
        fn as_raw_fd(&self) -> RawFd {
            self.inner.source().as_raw_fd()
        }
    }
}
