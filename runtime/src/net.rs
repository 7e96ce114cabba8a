//! TCP on the loop.
//!
//! A socket belongs to the loop that was running when it was made, and so to its thread. It may outlive that loop; then every operation that
//! reads, writes, accepts or waits gives an [`io::Error`](std::io::Error).
//!
//! Where an address is taken as [`ToSocketAddrs`](std::net::ToSocketAddrs), a host name is looked up by the operating
//! system in a call that holds the whole loop. Pass a [`SocketAddr`](std::net::SocketAddr), or look names up on another
//! thread, where that matters.

mod listener;
mod registered;
mod split;
mod stream;

pub use listener::TcpListener;
pub(crate) use registered::Registered;
pub use split::{OwnedReadHalf, OwnedWriteHalf};
pub use stream::TcpStream;
