//! A real HTTP server, in the same loop as the crawler: a task that accepts, and a task for each connection.

use super::answer::Answer;
use super::hyper_io::HyperIo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use segue::net::{TcpListener, TcpStream};
use segue::time::sleep;
use std::future::ready;
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// The pause after a connection that could not be accepted, because there are too many open, say.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What is served.
pub(crate) trait Site {
    /// The answer to a request; an error hangs up without one.
    fn answer(&self, request: &Request<Incoming>) -> io::Result<Answer>;
}

/// Accepts connections for ever and serves `site` on each.
#[segue::coroutine]
pub(crate) async fn serve(listener: TcpListener, site: Rc<dyn Site>) {
    loop {
        let Ok((stream, _peer)) = listener.accept().await else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        drop(segue::spawn(converse(stream, site.clone())));
    }
}

/// Serves one connection until either side closes it.
#[segue::coroutine]
async fn converse(stream: TcpStream, site: Rc<dyn Site>) {
    let service = service_fn(move |request| ready(site.answer(&request)));
    let connection = http1::Builder::new().serve_connection(HyperIo::new(stream), service);
    // A client that breaks off is no news.
    let _ = connection.await;
}
