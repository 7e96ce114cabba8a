//! Turns: the order of spawning and of wakes.

use std::cell::RefCell;
use std::future::{self, Future};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use segue::task::yield_now;
use segue::{run, spawn};

use crate::Log;

#[test]
fn the_root_may_borrow_and_its_output_comes_back() {
    let text = String::from("borrowed");
    let mut count = 0;
    let length = run(async {
        yield_now().await;
        count += 1;
        text.len()
    });
    assert_eq!((length, count), (8, 1));
}

#[test]
fn tasks_run_in_the_order_of_spawning_after_the_root_waits() {
    let log = Log::default();
    run(async {
        let tasks: Vec<_> = ["a", "b", "c"]
            .into_iter()
            .map(|name| {
                let log = log.clone();
                spawn(async move { log.push(name) })
            })
            .collect();
        log.push("root");
        for task in tasks {
            task.await.unwrap();
        }
        log.push("joined");
    });
    log.expect(&["root", "a", "b", "c", "joined"]);
}

#[test]
fn a_task_spawned_by_a_task_comes_after_those_that_were_ready() {
    let log = Log::default();
    let log_in = log.clone();
    run(async move {
        let log = log_in;
        let outer = spawn({
            let log = log.clone();
            async move {
                log.push("outer");
                let inner = spawn({
                    let log = log.clone();
                    async move { log.push("inner") }
                });
                inner.await.unwrap();
                log.push("outer again");
            }
        });
        let second = spawn({
            let log = log.clone();
            async move { log.push("second") }
        });
        outer.await.unwrap();
        second.await.unwrap();
    });
    log.expect(&["outer", "second", "inner", "outer again"]);
}

#[test]
fn yield_now_takes_fair_turns_with_the_root_as_one_of_the_tasks() {
    let log = Log::default();
    let turns = |name: &'static str, count: usize| {
        let log = log.clone();
        async move {
            for turn in 0..count {
                log.push(format!("{name}{turn}"));
                yield_now().await;
            }
        }
    };
    run(async {
        let a = spawn(turns("a", 3));
        let b = spawn(turns("b", 2));
        turns("root", 2).await;
        a.await.unwrap();
        b.await.unwrap();
    });
    log.expect(&["root0", "a0", "b0", "root1", "a1", "b1", "a2"]);
}

#[test]
fn wakes_are_served_in_their_order_and_two_wakes_are_one_turn() {
    let log = Log::default();
    let wakers: Rc<RefCell<Vec<Waker>>> = Rc::default();
    run(async {
        let tasks = ["a", "b", "c"].map(|name| {
            let (log, wakers) = (log.clone(), Rc::clone(&wakers));
            let mut polls = 0;
            spawn(future::poll_fn(move |context| {
                polls += 1;
                log.push(format!("{name}{polls}"));
                wakers.borrow_mut().push(context.waker().clone());
                if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
            }))
        });
        yield_now().await;
        let wakers = wakers.take();
        for index in [2, 0, 0, 2, 1] {
            wakers[index].wake_by_ref();
        }
        for task in tasks {
            task.await.unwrap();
        }
        // A wake of a task that is done does nothing.
        wakers.into_iter().for_each(Waker::wake);
        yield_now().await;
    });
    log.expect(&["a1", "b1", "c1", "c2", "a2", "b2"]);
}

#[test]
fn outputs_need_not_be_send_and_a_handle_can_be_awaited_by_reference() {
    let output = run(async {
        let mut task = spawn(async { Rc::new(5) });
        let first =
            future::poll_fn(|context| Poll::Ready(Pin::new(&mut task).poll(context).is_pending())).await;
        assert!(first);
        task.await.unwrap()
    });
    assert_eq!(*output, 5);
}

#[test]
fn yield_now_works_on_any_executor() {
    let mut yielding = pin!(yield_now());
    let mut context = Context::from_waker(Waker::noop());
    assert!(yielding.as_mut().poll(&mut context).is_pending());
    assert!(yielding.as_mut().poll(&mut context).is_ready());
}

#[test]
fn a_hundred_thousand_tasks() {
    let total = run(async {
        let tasks: Vec<_> = (0..100_000u64)
            .map(|n| {
                spawn(async move {
                    yield_now().await;
                    n
                })
            })
            .collect();
        let mut total = 0;
        for task in tasks {
            total += task.await.unwrap();
        }
        total
    });
    assert_eq!(total, 100_000 * 99_999 / 2);
}
