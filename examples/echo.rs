//! A server that sends back what it reads, and three clients, over TCP on loopback, all on one thread.
//!
//! `cargo run --example echo`
//!
//! What to see: `stream.read(&mut buffer).await` borrows locals across the suspension; the clients' lines mix, since nobody
//! waits for another; at the end the server is cancelled and the program is over.
#![forbid(unsafe_code)]

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{AsyncReadExt, AsyncWriteExt};
use segue::net::{TcpListener, TcpStream};
use segue::time::sleep;

/// Sends back what it reads until the other side has said all.
#[segue::coroutine]
async fn echo(mut stream: TcpStream) -> io::Result<usize> {
    let mut buffer = [0; 1024];
    let mut echoed = 0;
    loop {
        let got = stream.read(&mut buffer).await?;
        if got == 0 {
            return Ok(echoed);
        }
        stream.write_all(&buffer[..got]).await?;
        echoed += got;
    }
}

/// One connection, from its beginning to its end.
#[segue::coroutine]
async fn converse(stream: TcpStream, peer: SocketAddr) {
    match echo(stream).await {
        Ok(echoed) => println!("server: {echoed} bytes echoed to port {}", peer.port()),
        Err(error) => println!("server: lost port {}: {error}", peer.port()),
    }
}

#[segue::coroutine]
async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, peer) = listener.accept().await?;
        drop(segue::spawn(converse(stream, peer)));
    }
}

/// Says three words, and waits for each to come back.
#[segue::coroutine]
async fn client(name: &'static str, server: SocketAddr, pause: Duration) -> io::Result<()> {
    let mut stream = TcpStream::connect(server).await?;
    for word in ["one", "two", "three"] {
        stream.write_all(word.as_bytes()).await?;
        let mut answer = vec![0; word.len()];
        stream.read_exact(&mut answer).await?;
        println!("{name}: sent {word:?}, got {:?}", String::from_utf8_lossy(&answer));
        sleep(pause).await;
    }
    stream.close().await
}

#[segue::coroutine]
async fn all() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = segue::spawn(serve(listener));
    let clients: Vec<_> = [("ann", 20), ("bob", 35), ("cem", 50)]
        .into_iter()
        .map(|(name, pause)| segue::spawn(client(name, address, Duration::from_millis(pause))))
        .collect();
    for client in clients {
        client.await.expect("no panic in it")?;
    }
    // The last connection's end reaches the server in a moment.
    sleep(Duration::from_millis(20)).await;
    server.abort();
    let ended = server.await;
    println!("server: cancelled: {}", ended.is_err_and(|error| error.is_cancelled()));
    Ok(())
}

fn main() -> io::Result<()> {
    segue::run(all())
}
