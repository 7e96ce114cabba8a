//! hyper's I/O traits for the loop's sockets. hyper brings HTTP, segue brings readiness; this is all that is between.

use futures_io::{AsyncRead, AsyncWrite};
use hyper::rt::{Read, ReadBufCursor, Write};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// How much is read from a socket at once, in bytes.
const READ_SIZE: usize = 64 * 1024;

/// A socket as hyper wants it. hyper's buffers may be uninitialised, so that bytes get into them by a copy from ours.
pub(crate) struct HyperIo<S> {
    socket: S,
    buffer: Box<[u8]>,
}

impl<S> HyperIo<S> {
    /// Wraps `socket`.
    pub(crate) fn new(socket: S) -> Self {
        Self { socket, buffer: vec![0; READ_SIZE].into_boxed_slice() }
    }
}

impl<S: AsyncRead + Unpin> Read for HyperIo<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut room: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { socket, buffer } = &mut *self;
        let wanted = room.remaining().min(buffer.len());
        let read = ready!(Pin::new(socket).poll_read(cx, &mut buffer[..wanted]))?;
        room.put_slice(&buffer[..read]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> Write for HyperIo<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_close(cx)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, parts)
    }
}
