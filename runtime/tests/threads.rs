//! Wakes from other threads.
#![cfg(feature = "rt")]

use std::future::{self, Future};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use segue::{run, spawn};

/// A value that one side waits for and another, on any thread, provides.
struct Slot<T>(Mutex<(Option<T>, Option<Waker>)>);

impl<T> Slot<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new((None, None))))
    }

    fn put(&self, value: T) {
        let waker = {
            let mut slot = self.0.lock().unwrap();
            slot.0 = Some(value);
            slot.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

struct Take<T>(Arc<Slot<T>>);

impl<T> Future for Take<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut slot = self.0.0.lock().unwrap();
        match slot.0.take() {
            Some(value) => Poll::Ready(value),
            None => {
                slot.1 = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[test]
fn a_sleeping_loop_is_woken() {
    let slot = Slot::new();
    let (waiting, begin) = mpsc::channel();
    let provider = thread::spawn({
        let slot = Arc::clone(&slot);
        move || {
            begin.recv().unwrap();
            slot.put(7);
        }
    });
    let value = run(async move {
        waiting.send(()).unwrap();
        Take(slot).await
    });
    assert_eq!(value, 7);
    provider.join().unwrap();
}

#[test]
fn no_wake_is_lost_in_a_ping_pong_of_two_threads() {
    const ROUNDS: usize = 20_000;
    let (to_echo, from_root) = mpsc::channel::<(usize, Arc<Slot<usize>>)>();
    let echo = thread::spawn(move || {
        for (round, slot) in from_root {
            slot.put(round);
        }
    });
    run(async move {
        for round in 0..ROUNDS {
            let slot = Slot::new();
            to_echo.send((round, Arc::clone(&slot))).unwrap();
            assert_eq!(Take(slot).await, round);
        }
    });
    echo.join().unwrap();
}

#[test]
fn two_loops_wake_each_other() {
    const ROUNDS: usize = 5_000;
    let slots: Vec<_> = (0..2 * ROUNDS).map(|_| Slot::new()).collect();
    let side = |parity: usize| {
        let slots = slots.clone();
        move || {
            run(async move {
                for (index, slot) in slots.into_iter().enumerate() {
                    if index % 2 == parity { slot.put(index) } else { assert_eq!(Take(slot).await, index) }
                }
            })
        }
    };
    let other = thread::spawn(side(1));
    side(0)();
    other.join().unwrap();
}

#[test]
fn many_threads_wake_many_tasks() {
    const THREADS: usize = 4;
    const TASKS: usize = 200;
    const WAKES: usize = 50;
    /// Counts down the wakes that it is still to see.
    struct Counted {
        left: AtomicUsize,
        waker: Mutex<Option<Waker>>,
    }
    let counters: Vec<_> = (0..TASKS)
        .map(|_| Arc::new(Counted { left: AtomicUsize::new(THREADS * WAKES), waker: Mutex::default() }))
        .collect();
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let counters = counters.clone();
            thread::spawn(move || {
                for _ in 0..WAKES {
                    for counter in &counters {
                        counter.left.fetch_sub(1, Ordering::Relaxed);
                        let waker = counter.waker.lock().unwrap().clone();
                        if let Some(waker) = waker {
                            waker.wake();
                        }
                    }
                }
            })
        })
        .collect();
    run(async move {
        let tasks: Vec<_> = counters
            .into_iter()
            .map(|counter| {
                spawn(future::poll_fn(move |context| {
                    *counter.waker.lock().unwrap() = Some(context.waker().clone());
                    // Whoever counts down after this load finds the waker.
                    if counter.left.load(Ordering::Relaxed) == 0 { Poll::Ready(()) } else { Poll::Pending }
                }))
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn wakers_outlive_their_loop_on_other_threads() {
    let wakers = run(async {
        let wakers = Arc::new(Mutex::new(Vec::new()));
        for _ in 0..10 {
            let wakers = Arc::clone(&wakers);
            spawn(future::poll_fn(move |context| {
                wakers.lock().unwrap().push(context.waker().clone());
                Poll::<()>::Pending
            }));
        }
        segue::task::yield_now().await;
        Arc::clone(&wakers)
    });
    thread::spawn(move || {
        for waker in wakers.lock().unwrap().drain(..) {
            waker.wake_by_ref();
            waker.wake();
        }
    })
    .join()
    .unwrap();
}

#[test]
fn a_loop_may_end_while_other_threads_wake_it() {
    for _ in 0..200 {
        let (send, receive) = mpsc::channel::<Waker>();
        let waking = thread::spawn(move || {
            let waker = receive.recv().unwrap();
            for _ in 0..50 {
                waker.wake_by_ref();
            }
        });
        let mut polls = 0;
        run(future::poll_fn(|context| {
            polls += 1;
            if polls == 1 {
                // Of its fifty wakes the first ends the loop; the others come while it ends, or later.
                send.send(context.waker().clone()).unwrap();
            }
            if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
        }));
        waking.join().unwrap();
    }
}
