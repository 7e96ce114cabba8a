//! What the loop costs, beside tokio's `current_thread` runtime and smol's `LocalExecutor`, in one run.
//!
//! `cargo run --release -p segue-benches --features peers --bin loop_costs` prints for each job the median of some rounds,
//! in which the three take turns, so that a busy machine slows all of them alike. Only the ratios mean something.

use std::future::{self, Future};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;
const YIELDERS: u32 = 100;
const YIELDS: u32 = 200_000;
const SPAWNS: u32 = 50_000;
const TIMERS: u32 = 100_000;
const CONNECTIONS: usize = 64;
const MESSAGES: usize = 200;
const LONG: Duration = Duration::from_secs(60);

/// What each of the three can do, so that the jobs are written once.
trait Peer {
    const NAME: &'static str;
    fn run<T>(main: impl AsyncFnOnce() -> T) -> T;
    async fn yield_now();
    /// Spawns a task that gives a number, and awaits it.
    async fn join_spawned(number: u32) -> u32;
    fn spawn(task: impl Future<Output = ()> + 'static) -> impl Future<Output = ()>;
    fn sleep(duration: Duration) -> impl Future;
    /// The time that `CONNECTIONS` clients take to exchange `MESSAGES` messages each with an echo server.
    async fn echo() -> Duration;
}

/// The echo job. The peers' sockets have different traits, so their code is written once and compiled three times.
macro_rules! echo {
    ($listener:ident, $stream:ident, $bind:expr) => {
        async fn echo() -> Duration {
            let listener = $bind;
            let address = listener.local_addr().unwrap();
            let server = Self::spawn(async move {
                for _ in 0..CONNECTIONS {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    Self::detached(async move {
                        let mut buffer = [0; 4096];
                        loop {
                            match stream.read(&mut buffer).await.unwrap() {
                                0 => break,
                                count => stream.write_all(&buffer[..count]).await.unwrap(),
                            }
                        }
                    });
                }
            });
            let mut streams = Vec::new();
            for _ in 0..CONNECTIONS {
                streams.push($stream::connect(address).await.unwrap());
            }
            let start = Instant::now();
            let clients: Vec<_> = streams
                .into_iter()
                .map(|mut stream| {
                    Self::spawn(async move {
                        let mut buffer = [7; 64];
                        for _ in 0..MESSAGES {
                            stream.write_all(&buffer).await.unwrap();
                            stream.read_exact(&mut buffer).await.unwrap();
                        }
                    })
                })
                .collect();
            for client in clients {
                client.await;
            }
            let elapsed = start.elapsed();
            server.await;
            elapsed
        }
    };
}

struct Segue;

mod on_segue {
    use futures_util::io::{AsyncReadExt, AsyncWriteExt};
    use segue::net::{TcpListener, TcpStream};

    use super::*;

    impl Segue {
        fn detached(task: impl Future<Output = ()> + 'static) {
            drop(segue::spawn(task));
        }
    }

    impl Peer for Segue {
        const NAME: &'static str = "segue";

        fn run<T>(main: impl AsyncFnOnce() -> T) -> T {
            segue::run(main())
        }

        async fn yield_now() {
            segue::task::yield_now().await;
        }

        async fn join_spawned(number: u32) -> u32 {
            segue::spawn(async move { number }).await.unwrap()
        }

        fn spawn(task: impl Future<Output = ()> + 'static) -> impl Future<Output = ()> {
            let task = segue::spawn(task);
            async move { task.await.unwrap() }
        }

        fn sleep(duration: Duration) -> impl Future {
            segue::time::sleep(duration)
        }

        echo!(TcpListener, TcpStream, TcpListener::bind("127.0.0.1:0").unwrap());
    }
}

struct Tokio;

mod on_tokio {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::{LocalSet, spawn_local};

    use super::*;

    impl Tokio {
        fn detached(task: impl Future<Output = ()> + 'static) {
            drop(spawn_local(task));
        }
    }

    impl Peer for Tokio {
        const NAME: &'static str = "tokio";

        fn run<T>(main: impl AsyncFnOnce() -> T) -> T {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            LocalSet::new().block_on(&runtime, main())
        }

        async fn yield_now() {
            tokio::task::yield_now().await;
        }

        async fn join_spawned(number: u32) -> u32 {
            // Without the LocalSet, which costs more: its tasks are Send.
            tokio::spawn(async move { number }).await.unwrap()
        }

        fn spawn(task: impl Future<Output = ()> + 'static) -> impl Future<Output = ()> {
            let task = spawn_local(task);
            async move { task.await.unwrap() }
        }

        fn sleep(duration: Duration) -> impl Future {
            tokio::time::sleep(duration)
        }

        echo!(TcpListener, TcpStream, TcpListener::bind("127.0.0.1:0").await.unwrap());
    }
}

struct Smol;

mod on_smol {
    use smol::LocalExecutor;
    use smol::io::{AsyncReadExt, AsyncWriteExt};
    use smol::net::{TcpListener, TcpStream};

    use super::*;

    thread_local! {
        static EXECUTOR: Rc<LocalExecutor<'static>> = Rc::new(LocalExecutor::new());
    }

    fn executor() -> Rc<LocalExecutor<'static>> {
        EXECUTOR.with(Rc::clone)
    }

    impl Smol {
        fn detached(task: impl Future<Output = ()> + 'static) {
            executor().spawn(task).detach();
        }
    }

    impl Peer for Smol {
        const NAME: &'static str = "smol";

        fn run<T>(main: impl AsyncFnOnce() -> T) -> T {
            let executor = executor();
            smol::block_on(executor.run(main()))
        }

        async fn yield_now() {
            smol::future::yield_now().await;
        }

        async fn join_spawned(number: u32) -> u32 {
            executor().spawn(async move { number }).await
        }

        fn spawn(task: impl Future<Output = ()> + 'static) -> impl Future<Output = ()> {
            executor().spawn(task)
        }

        fn sleep(duration: Duration) -> impl Future {
            smol::Timer::after(duration)
        }

        echo!(TcpListener, TcpStream, TcpListener::bind("127.0.0.1:0").await.unwrap());
    }
}

fn yields<P: Peer>() -> Duration {
    P::run(async || {
        let start = Instant::now();
        // Many tasks, for tokio asks the selector whenever all that are ready have yielded.
        let yielder = async || {
            for _ in 0..YIELDS / YIELDERS {
                P::yield_now().await;
            }
        };
        let tasks: Vec<_> = (0..YIELDERS).map(|_| P::spawn(yielder())).collect();
        for task in tasks {
            task.await;
        }
        start.elapsed() / YIELDS
    })
}

fn spawns<P: Peer>() -> Duration {
    P::run(async || {
        let start = Instant::now();
        for number in 0..SPAWNS {
            std::hint::black_box(P::join_spawned(number).await);
        }
        start.elapsed() / SPAWNS
    })
}

fn timers<P: Peer>() -> Duration {
    P::run(async || {
        let start = Instant::now();
        future::poll_fn(|context| {
            for _ in 0..TIMERS {
                let sleep = pin!(P::sleep(LONG));
                assert!(sleep.poll(context).is_pending());
            }
            Poll::Ready(())
        })
        .await;
        start.elapsed() / TIMERS
    })
}

fn messages<P: Peer>() -> Duration {
    P::run(async || P::echo().await) / (CONNECTIONS * MESSAGES) as u32
}

fn median(mut rounds: Vec<Duration>) -> f64 {
    rounds.sort_unstable();
    rounds[rounds.len() / 2].as_nanos() as f64
}

fn compare(job: &str, peers: [fn() -> Duration; 3]) {
    let mut rounds = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (peer, rounds) in peers.iter().zip(&mut rounds) {
            rounds.push(peer());
        }
    }
    let [segue, tokio, smol] = rounds.map(median);
    println!(
        "{job:<28} {segue:>8.0} {tokio:>8.0} {smol:>8.0}   {:>6.2} {:>6.2}",
        tokio / segue,
        smol / segue
    );
}

fn main() {
    println!(
        "{:<28} {:>8} {:>8} {:>8}   {:>13}",
        "median ns",
        Segue::NAME,
        Tokio::NAME,
        Smol::NAME,
        "ratio to segue"
    );
    compare("yield_now, 100 tasks", [yields::<Segue>, yields::<Tokio>, yields::<Smol>]);
    compare("spawn + join", [spawns::<Segue>, spawns::<Tokio>, spawns::<Smol>]);
    compare("timer: make, poll, cancel", [timers::<Segue>, timers::<Tokio>, timers::<Smol>]);
    compare("echo, a message of 64 bytes", [messages::<Segue>, messages::<Tokio>, messages::<Smol>]);
}
