//! The loop's end, and what outlives it.

use std::cell::{Cell, RefCell};
use std::future;
use std::rc::Rc;
use std::task::{Poll, Waker};

use segue::task::{JoinHandle, yield_now};
use segue::{run, spawn};

use crate::{Log, OnDrop};

#[test]
fn at_the_end_tasks_are_dropped_in_the_order_of_spawning() {
    let log = Log::default();
    run(async {
        let _root = log.guard("root");
        // The second place is freed and used again by the youngest.
        let waiting = |name| {
            let guard = log.guard(name);
            async move {
                let _guard = guard;
                future::pending::<()>().await;
            }
        };
        spawn(waiting("first"));
        let short = spawn(async {});
        spawn(waiting("third"));
        short.await.unwrap();
        spawn(waiting("fourth"));
    });
    log.expect(&["drop root", "drop first", "drop third", "drop fourth"]);
}

#[test]
fn destructors_at_the_end_may_use_the_loop() {
    let log = Log::default();
    let kept: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
    run(async {
        let other = spawn(future::pending::<()>());
        let (log, kept) = (log.clone(), Rc::clone(&kept));
        spawn(async move {
            let _on_drop = OnDrop(move || {
                log.push("ending");
                other.abort();
                let guard = log.guard("spawned at the end");
                let task = spawn(async move {
                    let _guard = guard;
                    log_never();
                });
                assert!(task.is_finished());
                *kept.borrow_mut() = Some(task);
            });
            future::pending::<()>().await;
        });
        yield_now().await;
    });
    log.expect(&["ending", "drop spawned at the end"]);
    let task = kept.take().unwrap();
    assert!(run(task).unwrap_err().is_cancelled());
}

fn log_never() {
    panic!("a task spawned while the loop ends must not run");
}

#[test]
fn a_panicking_destructor_at_the_end_does_not_stop_the_others() {
    let log = Log::default();
    run(async {
        spawn(async {
            let _bomb = OnDrop(|| panic!("at the end"));
            future::pending::<()>().await;
        });
        let guard = log.guard("second");
        spawn(async move {
            let _guard = guard;
            future::pending::<()>().await;
        });
        yield_now().await;
    });
    log.expect(&["drop second"]);
}

#[test]
fn handles_outlive_their_loop() {
    let (done, failed, running) = run(async {
        let done = spawn(async { 3 });
        let failed = spawn(async { panic!("kept") });
        let running = spawn(future::pending::<()>());
        yield_now().await;
        (done, failed, running)
    });
    assert!(done.is_finished() && failed.is_finished() && running.is_finished());
    running.abort();
    run(async {
        assert_eq!(done.await.unwrap(), 3);
        assert!(failed.await.unwrap_err().is_panic());
        assert!(running.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_waker_that_outlives_its_loop_does_nothing() {
    let waker = run(async {
        let waker: Rc<RefCell<Option<Waker>>> = Rc::default();
        spawn({
            let waker = Rc::clone(&waker);
            future::poll_fn(move |context| {
                *waker.borrow_mut() = Some(context.waker().clone());
                Poll::<()>::Pending
            })
        });
        yield_now().await;
        waker.take().unwrap()
    });
    waker.wake_by_ref();
    // The place that it names is taken by another task of another loop.
    run(async {
        let polls = spawn_counted();
        yield_now().await;
        waker.wake();
        yield_now().await;
        yield_now().await;
        assert_eq!(polls.get(), 1);
    });
}

/// Spawns a task that never ends, and counts its polls.
fn spawn_counted() -> Rc<Cell<usize>> {
    let polls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&polls);
    spawn(future::poll_fn(move |_| {
        counted.set(counted.get() + 1);
        Poll::<()>::Pending
    }));
    polls
}

#[test]
fn a_waker_does_not_wake_the_next_task_in_the_same_place() {
    run(async {
        let stale: Rc<RefCell<Option<Waker>>> = Rc::default();
        let first = spawn({
            let stale = Rc::clone(&stale);
            future::poll_fn(move |context| {
                *stale.borrow_mut() = Some(context.waker().clone());
                Poll::Ready(())
            })
        });
        first.await.unwrap();
        let polls = spawn_counted();
        yield_now().await;
        stale.take().unwrap().wake();
        yield_now().await;
        yield_now().await;
        assert_eq!(polls.get(), 1);
    });
}
