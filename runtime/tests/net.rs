//! TCP on loopback: echo, large transfers, ends, errors, many at once.
#![cfg(feature = "rt")]

use std::cell::Cell;
use std::future;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::join;
use futures_util::io::{AsyncReadExt, AsyncWriteExt};
use segue::net::{TcpListener, TcpStream};
use segue::task::{JoinHandle, yield_now};
use segue::time::{sleep, timeout};
use segue::{run, spawn};
use socket2::SockRef;

fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Both ends of a connection.
async fn pair() -> (TcpStream, TcpStream) {
    let (listener, address) = listen();
    let (client, accepted) = join(TcpStream::connect(address), listener.accept()).await;
    (client.unwrap(), accepted.unwrap().0)
}

/// Some bytes that tell where they come from.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

/// Answers `connections` connections with what they send.
fn echo_server(listener: TcpListener, connections: usize) -> JoinHandle<()> {
    spawn(async move {
        for _ in 0..connections {
            let (stream, _) = listener.accept().await.unwrap();
            spawn(async move { futures_util::io::copy(&stream, &mut &stream).await.unwrap() });
        }
    })
}

/// Gives the other tasks and the selector time to settle: a few turns, some of them asleep.
async fn settle() {
    for _ in 0..3 {
        sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn echo() {
    run(async {
        let (listener, address) = listen();
        let server = echo_server(listener, 1);
        let mut client = TcpStream::connect(address).await.unwrap();
        assert_eq!(client.peer_addr().unwrap(), address);
        for round in 0..100u32 {
            let message = format!("message {round}");
            client.write_all(message.as_bytes()).await.unwrap();
            let mut answer = vec![0; message.len()];
            client.read_exact(&mut answer).await.unwrap();
            assert_eq!(answer, message.as_bytes());
        }
        server.await.unwrap();
    });
}

/// Sends more than the socket buffers hold, in pieces and buffers of odd sizes, so that writes are short and reads are.
async fn transfer(length: usize, piece: usize, buffer: usize) {
    let (mut sender, mut receiver) = pair().await;
    SockRef::from(&sender).set_send_buffer_size(64 * 1024).unwrap();
    let data = Rc::new(pattern(length));
    let sending = spawn({
        let data = Rc::clone(&data);
        async move {
            for piece in data.chunks(piece) {
                sender.write_all(piece).await.unwrap();
            }
            sender.close().await.unwrap();
        }
    });
    let mut received = Vec::new();
    let mut buffer = vec![0; buffer];
    loop {
        match receiver.read(&mut buffer).await.unwrap() {
            0 => break,
            count => received.extend_from_slice(&buffer[..count]),
        }
    }
    sending.await.unwrap();
    assert!(received == *data, "{} bytes arrived of {}", received.len(), data.len());
}

#[test]
fn large_transfers_arrive_whole() {
    run(async {
        transfer(8 << 20, 8 << 20, 64 << 10).await;
        transfer(4 << 20, 10_007, 4099).await;
        transfer(1 << 20, 1 << 20, 100).await;
        transfer(100_000, 1, 1 << 20).await;
    });
}

#[test]
fn both_directions_at_once_through_shared_references() {
    run(async {
        let (left, right) = pair().await;
        let data = pattern(3 << 20);
        let send = async |stream: &TcpStream| {
            let mut stream = stream;
            stream.write_all(&data).await.unwrap();
            stream.close().await.unwrap();
        };
        let receive = async |stream: &TcpStream| {
            let (mut stream, mut received) = (stream, Vec::new());
            stream.read_to_end(&mut received).await.unwrap();
            received
        };
        let (((), from_right), ((), from_left)) =
            join(join(send(&left), receive(&left)), join(send(&right), receive(&right))).await;
        assert!(from_right == data && from_left == data);
    });
}

#[test]
fn vectored_transfers() {
    run(async {
        let (mut client, mut server) = pair().await;
        let parts = [IoSlice::new(b"one"), IoSlice::new(b""), IoSlice::new(b"three")];
        assert_eq!(client.write_vectored(&parts).await.unwrap(), 8);
        let (mut first, mut second) = ([0; 2], [0; 16]);
        let mut buffers = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        assert_eq!(server.read_vectored(&mut buffers).await.unwrap(), 8);
        assert_eq!((&first, &second[..6]), (b"on", &b"ethree"[..]));
        assert_eq!(server.try_read_vectored(&mut []).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert_eq!(client.try_write_vectored(&parts[..1]).unwrap(), 3);
        let mut three = [0; 3];
        server.read_exact(&mut three).await.unwrap();
        assert_eq!(&three, b"one");
    });
}

#[test]
fn the_end_is_read_after_a_short_read_whenever_it_comes() {
    run(async {
        // Data and end arrive together, before the first read.
        let (mut client, mut server) = pair().await;
        client.write_all(b"bye").await.unwrap();
        drop(client);
        settle().await;
        let mut buffer = [0; 64];
        assert_eq!(server.read(&mut buffer).await.unwrap(), 3);
        assert_eq!(server.read(&mut buffer).await.unwrap(), 0);
        assert_eq!(server.read(&mut buffer).await.unwrap(), 0);

        // The end arrives between the event of the data and the read of the data.
        let (mut client, mut server) = pair().await;
        client.write_all(b"bye").await.unwrap();
        server.readable().await.unwrap();
        drop(client);
        assert_eq!(server.read(&mut buffer).await.unwrap(), 3);
        assert_eq!(server.read(&mut buffer).await.unwrap(), 0);

        // The end arrives after the read of the data, to one that waits.
        let (mut client, mut server) = pair().await;
        client.write_all(b"bye").await.unwrap();
        assert_eq!(server.read(&mut buffer).await.unwrap(), 3);
        let waiting = spawn(async move { server.read(&mut [0; 64]).await });
        settle().await;
        assert!(!waiting.is_finished());
        drop(client);
        assert_eq!(waiting.await.unwrap().unwrap(), 0);
    });
}

#[test]
fn half_close() {
    run(async {
        let (mut client, mut server) = pair().await;
        client.write_all(b"question").await.unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let mut question = String::new();
        server.read_to_string(&mut question).await.unwrap();
        assert_eq!(question, "question");
        // The other direction is still open.
        server.write_all(b"answer").await.unwrap();
        drop(server);
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "answer");
        assert_eq!(client.write(b"more").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    });
}

/// Closes a connection so that the other end gets a reset instead of an end.
fn reset(stream: TcpStream) {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
}

#[test]
fn a_reset_is_an_error_of_the_read_that_waits_and_of_the_read_that_comes() {
    run(async {
        let (client, mut server) = pair().await;
        let waiting = spawn(async move { server.read(&mut [0; 8]).await });
        settle().await;
        reset(client);
        assert_eq!(waiting.await.unwrap().unwrap_err().kind(), io::ErrorKind::ConnectionReset);

        let (client, mut server) = pair().await;
        reset(client);
        settle().await;
        assert_eq!(server.read(&mut [0; 8]).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);

        // Data, then a reset, with a short read between.
        let (mut client, mut server) = pair().await;
        client.write_all(b"abc").await.unwrap();
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 3);
        reset(client);
        assert_eq!(server.read(&mut [0; 8]).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        server.close().await.unwrap();
    });
}

#[test]
fn a_reset_is_an_error_of_the_write_that_waits() {
    run(async {
        let (client, mut server) = pair().await;
        let waiting = spawn(async move {
            loop {
                if let Err(error) = server.write_all(&[0; 64 * 1024]).await {
                    return error;
                }
            }
        });
        settle().await;
        assert!(!waiting.is_finished());
        reset(client);
        let kind = waiting.await.unwrap().kind();
        assert!(matches!(kind, io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe), "{kind}");
    });
}

#[test]
fn a_refused_connection_is_an_error() {
    run(async {
        let (listener, address) = listen();
        drop(listener);
        let error = TcpStream::connect(address).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    });
}

#[test]
fn of_several_addresses_the_first_that_works_is_taken() {
    run(async {
        let (closed, dead) = listen();
        drop(closed);
        let (_listener, address) = listen();
        let stream = TcpStream::connect(&[dead, address][..]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), address);
        let none: &[SocketAddr] = &[];
        assert_eq!(TcpStream::connect(none).await.unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert!(TcpStream::connect("not an address").await.is_err());
        assert!(TcpListener::bind(address).is_err());
    });
}

#[test]
fn a_burst_of_connections_is_accepted_whole() {
    run(async {
        let (listener, address) = listen();
        // All of them are in the backlog before the first accept: one edge for a hundred.
        let clients: Vec<_> = (0..100).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
        settle().await;
        for client in &clients {
            let (_, peer) = listener.accept().await.unwrap();
            assert_eq!(peer, client.local_addr().unwrap());
        }
        assert!(timeout(Duration::from_millis(1), listener.accept()).await.is_err());
        let late = std::net::TcpStream::connect(address).unwrap();
        assert_eq!(listener.accept().await.unwrap().1, late.local_addr().unwrap());
    });
}

#[test]
fn several_tasks_accept_from_one_listener() {
    run(async {
        let (listener, address) = listen();
        let listener = Rc::new(listener);
        let accepting: Vec<_> = (0..10)
            .map(|_| {
                let listener = Rc::clone(&listener);
                spawn(async move { listener.accept().await.unwrap().1 })
            })
            .collect();
        settle().await;
        let mut expected = Vec::new();
        let mut clients = Vec::new();
        for _ in 0..10 {
            let client = TcpStream::connect(address).await.unwrap();
            expected.push(client.local_addr().unwrap());
            clients.push(client);
        }
        let mut accepted = Vec::new();
        for task in accepting {
            accepted.push(task.await.unwrap());
        }
        expected.sort();
        accepted.sort();
        assert_eq!(accepted, expected);
    });
}

#[test]
fn two_tasks_read_one_stream_and_neither_is_lost() {
    run(async {
        let (mut client, server) = pair().await;
        let server = Rc::new(server);
        let readers = [0, 1].map(|_| {
            let server = Rc::clone(&server);
            spawn(async move { (&*server).read(&mut [0; 1]).await })
        });
        yield_now().await;
        client.write_all(b"ab").await.unwrap();
        for reader in readers {
            assert_eq!(reader.await.unwrap().unwrap(), 1);
        }
    });
}

#[test]
fn five_hundred_connections_at_once() {
    run(async {
        let (listener, address) = listen();
        let server = echo_server(listener, 500);
        let clients: Vec<_> = (0..500)
            .map(|n| {
                spawn(async move {
                    let mut client = TcpStream::connect(address).await.unwrap();
                    for round in 0..4 {
                        let message = format!("{n}:{round};").repeat(20);
                        client.write_all(message.as_bytes()).await.unwrap();
                        let mut answer = vec![0; message.len()];
                        client.read_exact(&mut answer).await.unwrap();
                        assert_eq!(answer, message.as_bytes());
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
        server.await.unwrap();
    });
}

#[test]
fn readiness_and_attempts() {
    run(async {
        let (client, server) = pair().await;
        let mut buffer = [0; 8];
        assert_eq!(server.try_read(&mut buffer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        let waiting = server.readable();
        client.writable().await.unwrap();
        assert_eq!(client.try_write(b"hi").unwrap(), 2);
        waiting.await.unwrap();
        assert_eq!(server.try_read(&mut buffer).unwrap(), 2);
        assert_eq!(server.try_read(&mut buffer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        // A waiting future that was dropped is forgotten, others are served.
        assert!(timeout(Duration::ZERO, server.readable()).await.is_err());
        assert_eq!(client.try_write(b"!").unwrap(), 1);
        join(server.readable(), server.readable()).await.0.unwrap();
        assert_eq!(server.try_read(&mut buffer).unwrap(), 1);
        // An empty buffer reads nothing and clears nothing.
        client.try_write(b"x").unwrap();
        server.readable().await.unwrap();
        assert_eq!(server.try_read(&mut []).unwrap(), 0);
        assert_eq!(server.try_read(&mut buffer).unwrap(), 1);
    });
}

#[test]
fn busy_tasks_do_not_starve_sockets() {
    run(async {
        let busy = [0, 1].map(|_| {
            spawn(async {
                loop {
                    yield_now().await;
                }
            })
        });
        let (listener, address) = listen();
        let _server = echo_server(listener, 1);
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut answer = [0; 4];
        client.write_all(b"ping").await.unwrap();
        client.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"ping");
        assert!(busy.iter().all(|task| !task.is_finished()));
    });
}

#[test]
fn a_socket_that_is_always_ready_does_not_starve_tasks() {
    run(async {
        let (client, server) = pair().await;
        let written = Rc::new(Cell::new(0u64));
        let writing = spawn({
            let written = Rc::clone(&written);
            async move {
                // Each byte finds room: without a budget this would go on for as long as the buffers last.
                for _ in 0..5000 {
                    (&client).write_all(b"x").await.unwrap();
                    written.set(written.get() + 1);
                }
                client
            }
        });
        yield_now().await;
        assert!((1..5000).contains(&written.get()), "{}", written.get());
        let client = writing.await.unwrap();
        drop((client, server));
    });
}

#[test]
fn split_halves_work_in_two_tasks_and_the_writing_one_closes() {
    run(async {
        let (client, server) = pair().await;
        let (mut reader, mut writer) = server.into_split();
        assert_eq!(reader.as_ref().peer_addr().unwrap(), writer.as_ref().peer_addr().unwrap());
        let writing = spawn(async move { writer.write_all(&pattern(1 << 20)).await });
        let reading = spawn(async move {
            let mut text = String::new();
            reader.read_to_string(&mut text).await.map(|_| text)
        });
        let (mut reader, mut writer) = client.into_split();
        let mut received = Vec::new();
        reader.read_to_end(&mut received).await.unwrap();
        assert!(received == pattern(1 << 20));
        writer.write_all(b"done").await.unwrap();
        writer.close().await.unwrap();
        writing.await.unwrap().unwrap();
        assert_eq!(reading.await.unwrap().unwrap(), "done");
    });
}

#[test]
fn sockets_that_outlive_their_loop_give_errors() {
    let (listener, client, server) = run(async {
        let (listener, address) = listen();
        let client = TcpStream::connect(address).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        (listener, client, server)
    });
    let gone = "the segue loop that this belongs to has ended";
    assert_eq!(client.try_read(&mut [0; 4]).unwrap_err().to_string(), gone);
    assert_eq!(server.try_write(b"abc").unwrap_err().to_string(), gone);
    run(async {
        assert_eq!((&client).read(&mut [0; 4]).await.unwrap_err().to_string(), gone);
        assert_eq!((&client).write(b"abc").await.unwrap_err().to_string(), gone);
        assert_eq!(client.readable().await.unwrap_err().to_string(), gone);
        assert_eq!(listener.accept().await.unwrap_err().to_string(), gone);
        // Taken out and in again, it is a socket of the loop that runs.
        let client = TcpStream::from_std(client.into_std()).unwrap();
        let mut server = TcpStream::from_std(server.into_std()).unwrap();
        drop(client);
        assert_eq!(server.read(&mut [0; 4]).await.unwrap(), 0);
    });
}

#[test]
fn a_read_that_waits_across_the_end_of_its_loop_gives_an_error() {
    let (mut reading, _client) = run(async {
        let (client, server) = pair().await;
        let mut reading = Box::pin(async move { server.read_some().await });
        future::poll_fn(|context| {
            assert!(reading.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        (reading, client)
    });
    assert!(run(reading.as_mut()).is_err());

    trait ReadSome {
        async fn read_some(self) -> io::Result<usize>;
    }
    impl ReadSome for TcpStream {
        async fn read_some(mut self) -> io::Result<usize> {
            self.read(&mut [0; 4]).await
        }
    }
}

#[test]
fn the_end_of_the_loop_closes_the_sockets_of_its_tasks() {
    let mut client = run(async {
        let (listener, address) = listen();
        let client = std::net::TcpStream::connect(address).unwrap();
        spawn(async move {
            let (_stream, _) = listener.accept().await.unwrap();
            future::pending::<()>().await;
        });
        settle().await;
        client
    });
    assert_eq!(io::Read::read(&mut client, &mut [0; 4]).unwrap(), 0);
}

#[test]
fn destructors_at_the_end_may_still_send() {
    struct Farewell(TcpStream);
    impl Drop for Farewell {
        fn drop(&mut self) {
            self.0.try_write(b"bye").unwrap();
        }
    }
    let mut client = run(async {
        let (client, server) = pair().await;
        spawn(async move {
            let _farewell = Farewell(server);
            future::pending::<()>().await;
        });
        yield_now().await;
        client.into_std()
    });
    client.set_nonblocking(false).unwrap();
    let mut text = String::new();
    io::Read::read_to_string(&mut client, &mut text).unwrap();
    assert_eq!(text, "bye");
}

#[test]
fn outside_of_a_loop_it_says_so() {
    let result = std::panic::catch_unwind(|| TcpListener::bind("127.0.0.1:0"));
    let message = *result.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("TcpListener::bind needs a running loop"), "{message}");
}
