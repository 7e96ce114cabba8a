//! Timers, by what they do and in which order; never by how long they took.
#![cfg(feature = "rt")]

use std::cell::RefCell;
use std::future::{self, Future};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use segue::task::yield_now;
use segue::time::{interval, sleep, sleep_until, timeout, timeout_at};
use segue::{run, spawn};

const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(1);

/// The order in which sleeps until `units` after the same instant are done, in units of [`SHORT`]. All of them are
/// registered before the first can be due: the loop reads the clock once a turn, and `start` is later than that.
async fn order_of(units: &[u32], meanwhile: impl FnOnce(Instant)) -> Vec<usize> {
    let start = Instant::now();
    let sleep_of = |(index, units): (usize, &u32)| {
        let sleep = sleep_until(start + *units * SHORT);
        async move {
            sleep.await;
            index
        }
    };
    let mut sleeps: FuturesUnordered<_> = units.iter().enumerate().map(sleep_of).collect();
    let waiting = future::poll_fn(|context| Poll::Ready(sleeps.poll_next_unpin(context).is_pending()));
    assert!(waiting.await);
    meanwhile(start);
    sleeps.collect().await
}

#[test]
fn timers_fire_by_deadline_and_equal_ones_by_age() {
    run(async {
        assert_eq!(order_of(&[4, 2, 3, 2, 1, 4], |_| {}).await, [4, 1, 3, 2, 0, 5]);
    });
}

#[test]
fn a_deadline_in_the_past_is_no_wait() {
    run(async {
        let mut past = sleep_until(Instant::now() - SHORT);
        let ready = future::poll_fn(|context| Poll::Ready(Pin::new(&mut past).poll(context).is_ready()));
        assert!(ready.await);
    });
}

#[test]
fn durations_beyond_the_clock_wait_without_a_panic() {
    run(async {
        assert!(timeout(SHORT, sleep(Duration::MAX)).await.is_err());
        assert_eq!(timeout(Duration::MAX, async { 1 }).await, Ok(1));
    });
}

#[test]
fn a_hundred_thousand_timers_half_of_them_cancelled() {
    run(async {
        let start = Instant::now();
        let fired: Rc<RefCell<Vec<u32>>> = Rc::default();
        // Deadlines in an order of their own: 7919 and 100,000 have no common divisor.
        let tasks: Vec<_> = (0..100_000u32)
            .map(|n| {
                let fired = Rc::clone(&fired);
                let place = n * 7919 % 100_000;
                spawn(async move {
                    sleep_until(start + place * Duration::from_nanos(100)).await;
                    fired.borrow_mut().push(place);
                })
            })
            .collect();
        let mut aborted = 0;
        for (n, task) in tasks.into_iter().enumerate() {
            if n % 2 == 0 {
                task.await.unwrap();
            } else {
                task.abort();
                aborted += usize::from(task.await.is_err());
            }
        }
        assert_eq!(fired.borrow().len(), 100_000 - aborted);
    });
}

#[test]
fn timers_that_are_due_in_one_turn_fire_in_order() {
    run(async {
        let hold_the_loop = |start: Instant| while start.elapsed() < 4 * SHORT {};
        assert_eq!(order_of(&[3, 1, 2, 1], hold_the_loop).await, [1, 3, 2, 0]);
    });
}

#[test]
fn a_dropped_sleep_wakes_nobody() {
    run(async {
        let mut polls = 0;
        let mut brief = Some(sleep(SHORT));
        let mut longer = sleep(3 * SHORT);
        future::poll_fn(|context| {
            polls += 1;
            if let Some(mut brief) = brief.take() {
                assert!(Pin::new(&mut brief).poll(context).is_pending());
            }
            Pin::new(&mut longer).poll(context)
        })
        .await;
        assert_eq!(polls, 2);
    });
}

#[test]
fn a_sleep_moves_to_another_task() {
    run(async {
        let mut moved = sleep(SHORT);
        future::poll_fn(|context| {
            assert!(Pin::new(&mut moved).poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        spawn(moved).await.unwrap();
    });
}

#[test]
fn a_sleep_outlives_its_loop() {
    let mut kept = None;
    run(future::poll_fn(|context| {
        // Made in the turn that polls it, so that it can't be due yet.
        let sleep = kept.insert(sleep(SHORT));
        assert!(Pin::new(sleep).poll(context).is_pending());
        Poll::Ready(())
    }));
    run(kept.unwrap());
}

#[test]
fn reset_moves_the_deadline_both_ways() {
    run(async {
        let mut moved = sleep(LONG);
        assert!(timeout(Duration::ZERO, &mut moved).await.is_err());
        moved.reset(Instant::now() + SHORT);
        (&mut moved).await;
        moved.reset(Instant::now() + LONG);
        assert!(timeout(SHORT, &mut moved).await.is_err());
    });
}

#[test]
fn a_timeout_lets_the_future_win_if_both_are_ready() {
    run(async {
        assert_eq!(timeout(Duration::ZERO, async { 1 }).await, Ok(1));
        assert_eq!(timeout_at(Instant::now() - SHORT, async { 2 }).await, Ok(2));
        let error: io::Error = timeout(SHORT, future::pending::<()>()).await.unwrap_err().into();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    });
}

#[test]
fn a_timeout_drops_its_future_and_keeps_a_borrowed_one() {
    run(async {
        let alive = Rc::new(());
        let held = Rc::clone(&alive);
        let _ = timeout(SHORT, async move {
            let _held = held;
            future::pending::<()>().await;
        })
        .await;
        assert_eq!(Rc::strong_count(&alive), 1);

        let mut task = spawn(async {
            sleep(3 * SHORT).await;
            9
        });
        assert!(timeout(Duration::ZERO, &mut task).await.is_err());
        assert_eq!(task.await.unwrap(), 9);
    });
}

#[test]
fn a_busy_task_does_not_starve_timers() {
    run(async {
        let busy = spawn(async {
            loop {
                yield_now().await;
            }
        });
        sleep(SHORT).await;
        assert!(!busy.is_finished());
    });
}

#[test]
fn a_million_timers_are_made_and_cancelled() {
    run(async {
        for _ in 0..10 {
            let mut sleeps: Vec<_> = (0..100_000).map(|_| sleep(LONG)).collect();
            future::poll_fn(|context| {
                assert!(sleeps.iter_mut().all(|sleep| Pin::new(sleep).poll(context).is_pending()));
                Poll::Ready(())
            })
            .await;
        }
    });
}

#[test]
fn an_interval_keeps_to_its_grid() {
    run(async {
        let mut ticks = interval(SHORT);
        let first = ticks.tick().await;
        let mut last = first;
        for _ in 0..5 {
            let tick = ticks.tick().await;
            assert!(last < tick && tick <= Instant::now());
            assert_eq!((tick - first).as_nanos() % SHORT.as_nanos(), 0);
            last = tick;
        }
        // Late: one tick comes at once, those that were missed meanwhile don't come at all.
        let resumed = Instant::now() + 5 * SHORT;
        while Instant::now() < resumed {}
        assert!(ticks.tick().await < resumed);
        assert!(ticks.tick().await > resumed);
    });
}

#[test]
fn a_race_of_two_sleeps() {
    run(async {
        match select(sleep(LONG), sleep(SHORT)).await {
            Either::Left(_) => panic!("the long one won"),
            Either::Right(((), _long)) => {}
        }
    });
}

#[test]
fn polled_outside_of_a_loop_it_says_so() {
    use std::task::{Context, Waker};
    let result = std::panic::catch_unwind(|| {
        let mut lost = sleep(SHORT);
        let _ = Pin::new(&mut lost).poll(&mut Context::from_waker(Waker::noop()));
    });
    let message = *result.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(message, "segue::time::sleep needs a running loop: call it inside of `segue::run`");
}
