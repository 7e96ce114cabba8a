//! One TCP connection.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};

use crate::handle::Handle;
use crate::net::{OwnedReadHalf, OwnedWriteHalf, Registered};
use crate::poller::Side;

/// A TCP connection.
///
/// Read and write it through [`AsyncRead`] and [`AsyncWrite`] and the extension methods of `futures`; both are
/// implemented for `&TcpStream` too, so that one task can read while another writes. Of several tasks that read at once
/// through these traits (or write at once) each makes progress, at the price of waking each other; [`readable`] and
/// [`writable`] take any number of waiters.
///
/// Dropping it closes the connection.
///
/// [`readable`]: TcpStream::readable
/// [`writable`]: TcpStream::writable
///
/// # Cancel safety
///
/// A read or write whose future is dropped has moved no bytes unless it was done. `write_all` and `read_exact` of `futures`
/// consist of many; dropped in the middle they have moved some.
///
/// # Examples
///
/// ```
/// use futures_util::{AsyncReadExt, AsyncWriteExt};
/// use segue::net::{TcpListener, TcpStream};
///
/// # fn main() -> std::io::Result<()> {
/// segue::run(async {
///     let listener = TcpListener::bind("127.0.0.1:0")?;
///     let address = listener.local_addr()?;
///     segue::spawn(async move {
///         let (mut peer, _) = listener.accept().await?;
///         peer.write_all(b"hello").await
///     });
///     let mut greeting = String::new();
///     TcpStream::connect(address).await?.read_to_string(&mut greeting).await?;
///     assert_eq!(greeting, "hello");
///     Ok(())
/// })
/// # }
/// ```
pub struct TcpStream {
    inner: Registered<mio::net::TcpStream>,
}

impl TcpStream {
    /// Connects to an address; of several (a host name may have many) to the first that accepts.
    ///
    /// # Errors
    ///
    /// Those of the operating system for the last address tried (refused, unreachable, timed out after its own long time:
    /// see [`timeout`](crate::time::timeout)); [`InvalidInput`](io::ErrorKind::InvalidInput) if there is no address.
    ///
    /// # Panics
    ///
    /// Outside of a running loop.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives the attempt up.
    ///
    /// # Examples
    ///
    /// ```
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let stream = TcpStream::connect(listener.local_addr()?).await?;
    ///     assert_eq!(stream.peer_addr()?, listener.local_addr()?);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub async fn connect(address: impl ToSocketAddrs) -> io::Result<Self> {
        let mut last_error = io::Error::new(io::ErrorKind::InvalidInput, "there is no address to connect to");
        for address in address.to_socket_addrs()? {
            match Self::connect_to(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last_error = error,
            }
        }
        Err(last_error)
    }

    async fn connect_to(address: SocketAddr) -> io::Result<Self> {
        let handle = Handle::current("segue::net::TcpStream::connect");
        let stream = Self::register(mio::net::TcpStream::connect(address)?, handle)?;
        loop {
            // The call that could be tried first was the connecting itself.
            stream.inner.clear_ready(Side::Write);
            stream.inner.ready(Side::Write).await?;
            if let Some(error) = stream.take_error()? {
                return Err(error);
            }
            // Writable without a peer: a word of the selector from before the connection stood.
            match stream.peer_addr() {
                Ok(_) => return Ok(stream),
                Err(error) if error.kind() == io::ErrorKind::NotConnected => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) fn register(stream: mio::net::TcpStream, handle: Handle) -> io::Result<Self> {
        Ok(Self { inner: Registered::new(stream, handle)? })
    }

    /// Takes a connection over from the standard library, and sets it to non-blocking.
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
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let stream = std::net::TcpStream::connect(listener.local_addr()?)?;
    /// segue::run(async {
    ///     let stream = segue::net::TcpStream::from_std(stream)?;
    ///     stream.writable().await
    /// })
    /// # }
    /// ```
    pub fn from_std(stream: std::net::TcpStream) -> io::Result<Self> {
        let handle = Handle::current("segue::net::TcpStream::from_std");
        stream.set_nonblocking(true)?;
        Self::register(mio::net::TcpStream::from_std(stream), handle)
    }

    /// Gives the connection to the standard library. It stays non-blocking. This works after the loop's end too.
    ///
    /// # Examples
    ///
    /// ```
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let (listener, stream) = segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let stream = TcpStream::connect(listener.local_addr()?).await?;
    ///     std::io::Result::Ok((listener, stream))
    /// })?;
    /// let stream = stream.into_std();
    /// stream.set_nonblocking(false)?;
    /// assert_eq!(stream.peer_addr()?, listener.local_addr()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_std(self) -> std::net::TcpStream {
        self.inner.into_source().into()
    }

    /// The address of this end.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
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
    ///     let (server, _) = listener.accept().await?;
    ///     assert_eq!(client.local_addr()?, server.peer_addr()?);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.source().local_addr()
    }

    /// The address of the other end.
    ///
    /// # Errors
    ///
    /// Those of the operating system; [`NotConnected`](io::ErrorKind::NotConnected) when the other end has reset the
    /// connection.
    ///
    /// # Examples
    ///
    /// See [`local_addr`](Self::local_addr).
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.inner.source().peer_addr()
    }

    /// Whether small writes are sent at once.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    ///
    /// # Examples
    ///
    /// See [`set_nodelay`](Self::set_nodelay).
    pub fn nodelay(&self) -> io::Result<bool> {
        self.inner.source().nodelay()
    }

    /// Sends small writes at once (`TCP_NODELAY`) instead of collecting them while earlier data is on its way.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    ///
    /// # Examples
    ///
    /// ```
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let stream = TcpStream::connect(listener.local_addr()?).await?;
    ///     stream.set_nodelay(true)?;
    ///     assert!(stream.nodelay()?);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        self.inner.source().set_nodelay(nodelay)
    }

    /// The error that the operating system holds for this socket (`SO_ERROR`), and clears it there.
    ///
    /// # Errors
    ///
    /// If it can't be asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let stream = TcpStream::connect(listener.local_addr()?).await?;
    ///     assert!(stream.take_error()?.is_none());
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.inner.source().take_error()
    }

    /// Closes one direction or both. The other end reads what was sent, and then the end.
    ///
    /// # Errors
    ///
    /// Those of the operating system; [`NotConnected`](io::ErrorKind::NotConnected) when the other end has reset the
    /// connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::net::Shutdown;
    /// use futures_util::AsyncReadExt;
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let stream = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (mut peer, _) = listener.accept().await?;
    ///     stream.shutdown(Shutdown::Write)?;
    ///     assert_eq!(peer.read(&mut [0; 8]).await?, 0);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.inner.source().shutdown(how)
    }

    /// Waits until a read is worth trying: there is data, the end, or an error. It may turn out that there is nothing.
    ///
    /// # Errors
    ///
    /// If the loop of this socket has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// See [`try_read`](Self::try_read).
    pub async fn readable(&self) -> io::Result<()> {
        self.inner.ready(Side::Read).await
    }

    /// Waits until a write is worth trying: there is room, or an error. It may turn out that there is none.
    ///
    /// # Errors
    ///
    /// If the loop of this socket has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// See [`try_write`](Self::try_write).
    pub async fn writable(&self) -> io::Result<()> {
        self.inner.ready(Side::Write).await
    }

    /// Reads what there is, without waiting; `Ok(0)` is the end.
    ///
    /// # Errors
    ///
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if there is nothing yet; else those of the connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io;
    /// use segue::net::TcpStream;
    ///
    /// async fn read_some(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    ///     loop {
    ///         stream.readable().await?;
    ///         match stream.try_read(buffer) {
    ///             Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
    ///             result => return result,
    ///         }
    ///     }
    /// }
    /// ```
    pub fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.try_transfer(Side::Read, buffer.len(), |mut stream| stream.read(buffer))
    }

    /// As [`try_read`](Self::try_read), into several buffers.
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    ///
    /// # Examples
    ///
    /// See [`try_read`](Self::try_read).
    pub fn try_read_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        let wanted = buffers.iter().map(|buffer| buffer.len()).sum();
        self.inner.try_transfer(Side::Read, wanted, |mut stream| stream.read_vectored(buffers))
    }

    /// Writes what there is room for, without waiting, and says how much that was.
    ///
    /// # Errors
    ///
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if there is no room; else those of the connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io;
    /// use segue::net::TcpStream;
    ///
    /// async fn write_some(stream: &TcpStream, data: &[u8]) -> io::Result<usize> {
    ///     loop {
    ///         stream.writable().await?;
    ///         match stream.try_write(data) {
    ///             Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
    ///             result => return result,
    ///         }
    ///     }
    /// }
    /// ```
    pub fn try_write(&self, data: &[u8]) -> io::Result<usize> {
        self.inner.try_transfer(Side::Write, data.len(), |mut stream| stream.write(data))
    }

    /// As [`try_write`](Self::try_write), from several buffers.
    ///
    /// # Errors
    ///
    /// As [`try_write`](Self::try_write).
    ///
    /// # Examples
    ///
    /// See [`try_write`](Self::try_write).
    pub fn try_write_vectored(&self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        let wanted = buffers.iter().map(|buffer| buffer.len()).sum();
        self.inner.try_transfer(Side::Write, wanted, |mut stream| stream.write_vectored(buffers))
    }

    fn by_ref(&self) -> &Self {
        self
    }

    /// Splits into a half that reads and one that writes, for two tasks of the same loop.
    ///
    /// Two futures of one task can use `&stream` twice instead.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::{AsyncReadExt, AsyncWriteExt};
    /// use segue::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// segue::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let client = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (server, _) = listener.accept().await?;
    ///     segue::spawn(async move {
    ///         let (reader, mut writer) = server.into_split();
    ///         futures_util::io::copy(reader, &mut writer).await
    ///     });
    ///     let (mut reader, mut writer) = client.into_split();
    ///     writer.write_all(b"echo").await?;
    ///     drop(writer); // sends the end
    ///     let mut echo = String::new();
    ///     reader.read_to_string(&mut echo).await?;
    ///     assert_eq!(echo, "echo");
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        let stream = Rc::new(self);
        (OwnedReadHalf::new(Rc::clone(&stream)), OwnedWriteHalf::new(stream))
    }
}

impl AsyncRead for &TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.inner.poll_io(Side::Read, context, || self.try_read(buffer))
    }

    fn poll_read_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        self.inner.poll_io(Side::Read, context, || self.try_read_vectored(buffers))
    }
}

impl AsyncWrite for &TcpStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        self.inner.poll_io(Side::Write, context, || self.try_write(data))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.inner.poll_io(Side::Write, context, || self.try_write_vectored(buffers))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(match self.shutdown(Shutdown::Write) {
            // The other end was faster; closed is closed.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            result => result,
        })
    }
}

/// Implements `AsyncRead` for a type that has a `&TcpStream`.
macro_rules! read_through {
    ($type:ty, $stream:expr) => {
        impl AsyncRead for $type {
            fn poll_read(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                buffer: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                Pin::new(&mut $stream(&self)).poll_read(context, buffer)
            }

            fn poll_read_vectored(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                buffers: &mut [IoSliceMut<'_>],
            ) -> Poll<io::Result<usize>> {
                Pin::new(&mut $stream(&self)).poll_read_vectored(context, buffers)
            }
        }
    };
}

/// Implements `AsyncWrite` for a type that has a `&TcpStream`.
macro_rules! write_through {
    ($type:ty, $stream:expr) => {
        impl AsyncWrite for $type {
            fn poll_write(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                data: &[u8],
            ) -> Poll<io::Result<usize>> {
                Pin::new(&mut $stream(&self)).poll_write(context, data)
            }

            fn poll_write_vectored(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                buffers: &[IoSlice<'_>],
            ) -> Poll<io::Result<usize>> {
                Pin::new(&mut $stream(&self)).poll_write_vectored(context, buffers)
            }

            fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
                Pin::new(&mut $stream(&self)).poll_flush(context)
            }

            fn poll_close(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
                Pin::new(&mut $stream(&self)).poll_close(context)
            }
        }
    };
}

read_through!(TcpStream, TcpStream::by_ref);
write_through!(TcpStream, TcpStream::by_ref);
read_through!(OwnedReadHalf, OwnedReadHalf::as_ref);
write_through!(OwnedWriteHalf, OwnedWriteHalf::as_ref);

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.source().fmt(f)
    }
}

#[cfg(unix)]
mod unix {
    use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

    use super::TcpStream;

    impl AsFd for TcpStream {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.inner.source().as_fd()
        }
    }

    impl AsRawFd for TcpStream {
        fn as_raw_fd(&self) -> RawFd {
            self.inner.source().as_raw_fd()
        }
    }
}
