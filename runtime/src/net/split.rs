//! The two directions of a connection, in the hands of two tasks.

use std::net::Shutdown;
use std::rc::Rc;

use crate::net::TcpStream;

/// The reading half of a connection: see [`TcpStream::into_split`].
///
/// Dropping it closes nothing while the other half lives. As a `&TcpStream`, by [`AsRef`], it has that type's methods.
#[derive(Debug)]
pub struct OwnedReadHalf {
    stream: Rc<TcpStream>,
}

impl OwnedReadHalf {
    pub(crate) fn new(stream: Rc<TcpStream>) -> Self {
        Self { stream }
    }
}

impl AsRef<TcpStream> for OwnedReadHalf {
    fn as_ref(&self) -> &TcpStream {
        &self.stream
    }
}

/// The writing half of a connection: see [`TcpStream::into_split`].
///
/// Dropping it closes this direction: the other end reads what was sent, and then the end. As a `&TcpStream`, by [`AsRef`],
/// it has that type's methods.
#[derive(Debug)]
pub struct OwnedWriteHalf {
    stream: Rc<TcpStream>,
}

impl OwnedWriteHalf {
    pub(crate) fn new(stream: Rc<TcpStream>) -> Self {
        Self { stream }
    }
}

impl AsRef<TcpStream> for OwnedWriteHalf {
    fn as_ref(&self) -> &TcpStream {
        &self.stream
    }
}

impl Drop for OwnedWriteHalf {
    fn drop(&mut self) {
        // It fails only where there is nothing left to close.
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}
