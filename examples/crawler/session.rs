//! An HTTP session with one server: `session.get(url)`, then `response.chunk()` until there is none.
//!
//! Connections are kept and used again. A server may close a kept connection at any time, so an error on one, before
//! any answer, says nothing about the page: the request is then made on a new connection.

use super::failure::Failure;
use super::hyper_io::HyperIo;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT, HOST, USER_AGENT};
use hyper::{Request, http};
use segue::net::TcpStream;
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use url::{Position, Url};

type Connection = SendRequest<Empty<Bytes>>;
type Carrier = http1::Connection<HyperIo<TcpStream>, Empty<Bytes>>;

/// A session with one server. A clone is the same session.
#[derive(Clone)]
pub(crate) struct Session {
    addresses: Rc<[SocketAddr]>,
    idle: Rc<RefCell<Vec<Connection>>>,
}

/// An answer, of which the body is still to be read.
pub(crate) struct Response {
    /// Status and headers.
    pub(crate) head: http::response::Parts,
    body: Incoming,
    /// How many bytes the server announced, if it did.
    announced: Option<u64>,
    got: u64,
    connection: Option<Connection>,
    session: Session,
}

impl Session {
    /// A session with the server at these addresses, of which the first that answers is used.
    pub(crate) fn new(addresses: Vec<SocketAddr>) -> Self {
        Self { addresses: addresses.into(), idle: Rc::default() }
    }

    /// Asks for `url` and waits for the head of the answer.
    #[segue::coroutine]
    pub(crate) async fn get(&self, url: &Url) -> Result<Response, Failure> {
        let request = request(url)?;
        while let Some(mut kept) = self.kept() {
            if kept.ready().await.is_err() {
                continue;
            }
            if let Ok(answer) = kept.send_request(request.clone()).await {
                return Ok(self.response(answer, kept));
            }
        }
        let mut connection = self.connect().await?;
        let answer =
            connection.send_request(request).await.map_err(|error| Failure::before_answer(&error))?;
        Ok(self.response(answer, connection))
    }

    /// A new connection, on whichever of the server's addresses takes it.
    #[segue::coroutine]
    async fn connect(&self) -> Result<Connection, Failure> {
        let mut failure = Failure::Unreachable("the name has no address".into());
        for at in 0..self.addresses.len() {
            match TcpStream::connect(self.addresses[at]).await {
                Ok(stream) => return shake_hands(stream).await,
                Err(error) => failure = Failure::connecting(&error),
            }
        }
        Err(failure)
    }

    fn kept(&self) -> Option<Connection> {
        let mut idle = self.idle.borrow_mut();
        idle.retain(|connection| !connection.is_closed());
        idle.pop()
    }

    fn response(&self, answer: hyper::Response<Incoming>, connection: Connection) -> Response {
        let (head, body) = answer.into_parts();
        let announced = body.size_hint().exact();
        Response { head, body, announced, got: 0, connection: Some(connection), session: self.clone() }
    }
}

impl Response {
    /// The next bytes of the body; `None` at its end.
    #[segue::coroutine]
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| Failure::within_answer(&error, self.got, self.announced))?;
            if let Ok(data) = frame.into_data() {
                self.got += data.len() as u64;
                return Ok(Some(data));
            }
        }
        self.keep_connection();
        Ok(None)
    }

    /// The body is read to its end, so the connection is free.
    fn keep_connection(&mut self) {
        if let Some(connection) = self.connection.take().filter(|connection| !connection.is_closed()) {
            self.session.idle.borrow_mut().push(connection);
        }
    }
}

/// Starts HTTP on a new connection, and a task that carries it.
#[segue::coroutine]
async fn shake_hands(stream: TcpStream) -> Result<Connection, Failure> {
    let (sender, carrier) =
        http1::handshake(HyperIo::new(stream)).await.map_err(|error| Failure::before_answer(&error))?;
    drop(segue::spawn(carry(carrier)));
    Ok(sender)
}

/// Carries a connection until it is closed. What goes wrong with it is told to whoever waits for an answer on it.
#[segue::coroutine]
async fn carry(carrier: Carrier) {
    let _ = carrier.await;
}

fn request(url: &Url) -> Result<Request<Empty<Bytes>>, Failure> {
    Request::get(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(USER_AGENT, "segue-crawler")
        .header(ACCEPT, "*/*")
        .body(Empty::new())
        .map_err(|error| Failure::BadAddress(error.to_string()))
}
