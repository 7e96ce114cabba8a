//! Tasks: order, fairness, panics, cancelling, and what happens at the loop's end.
#![cfg(feature = "rt")]

use std::cell::{Cell, RefCell};
use std::future::{self, Future};
use std::panic::{self, AssertUnwindSafe};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use segue::task::{JoinHandle, yield_now};
use segue::{run, spawn};

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn push(&self, entry: impl Into<String>) {
        self.0.borrow_mut().push(entry.into());
    }

    #[track_caller]
    fn expect(&self, expected: &[&str]) {
        assert_eq!(*self.0.borrow(), expected);
    }

    /// Logs when it is dropped.
    fn guard(&self, name: &'static str) -> Guard {
        Guard { log: self.clone(), name }
    }
}

struct Guard {
    log: Log,
    name: &'static str,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.log.push(format!("drop {}", self.name));
    }
}

/// Calls a closure when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn message(payload: Box<dyn std::any::Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast_ref::<&str>().expect("a panic with a message").to_string(),
    }
}

fn panic_of<T>(f: impl FnOnce() -> T) -> String {
    match panic::catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("no panic"),
        Err(payload) => message(payload),
    }
}

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
fn a_panic_is_kept_at_the_handle_and_the_others_go_on() {
    run(async {
        let bad = spawn(async {
            yield_now().await;
            if true {
                panic!("number {}", 3);
            }
            1
        });
        let good = spawn(async {
            yield_now().await;
            yield_now().await;
            2
        });
        let error = bad.await.unwrap_err();
        assert!(error.is_panic() && !error.is_cancelled());
        assert_eq!(error.to_string(), "task 1 panicked: number 3");
        assert_eq!(format!("{error:?}"), "JoinError(task 1 panicked: number 3)");
        assert_eq!(message(error.into_panic()), "number 3");
        assert_eq!(good.await.unwrap(), 2);
    });
}

#[test]
fn a_panic_that_nobody_can_ask_for_is_survived() {
    run(async {
        drop(spawn(async { panic!("detached") }));
        let finished = spawn(async { panic!("not awaited") });
        yield_now().await;
        assert!(finished.is_finished());
        drop(finished);
        assert_eq!(spawn(async { 1 }).await.unwrap(), 1);
    });
}

#[test]
fn a_panic_that_nobody_can_ask_for_is_reported() {
    const INNER: &str = "SEGUE_TEST_DETACHED_PANIC";
    if std::env::var_os(INNER).is_some() {
        run(async {
            drop(spawn(async { panic!("detached") }));
            let finished = spawn(async { panic!("not awaited") });
            let awaited = spawn(async { panic!("awaited") });
            assert!(awaited.await.unwrap_err().is_panic());
            drop(finished);
        });
        return;
    }
    // Again in a process of its own, whose standard error can be read.
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_panic_that_nobody_can_ask_for_is_reported", "--nocapture"])
        .env(INNER, "1")
        .output()
        .unwrap();
    assert!(output.status.success());
    let stderr = String::from_utf8(output.stderr).unwrap();
    let reports: Vec<_> = stderr.lines().filter(|line| line.starts_with("segue:")).collect();
    assert_eq!(
        reports,
        [
            "segue: task 1 panicked and nobody awaited it: detached",
            "segue: task 2 panicked and nobody awaited it: not awaited",
        ]
    );
}

#[test]
fn a_panic_of_a_destructor_belongs_to_its_task() {
    run(async {
        let aborted = spawn(async {
            let _bomb = OnDrop(|| panic!("in drop"));
            future::pending::<()>().await;
        });
        yield_now().await;
        aborted.abort();
        assert_eq!(message(aborted.await.unwrap_err().into_panic()), "in drop");

        struct Output;
        impl Drop for Output {
            fn drop(&mut self) {
                panic!("output dropped");
            }
        }
        drop(spawn(async { Output }));
        yield_now().await;
    });
}

#[test]
fn a_panic_of_the_root_drops_the_tasks_and_goes_on() {
    let log = Log::default();
    let text = panic_of(|| {
        run(async {
            let _root = log.guard("root's");
            let guard = log.guard("task's");
            spawn(async move {
                let _guard = guard;
                future::pending::<()>().await;
            });
            yield_now().await;
            panic!("root");
        })
    });
    assert_eq!(text, "root");
    log.expect(&["drop root's", "drop task's"]);
    assert_eq!(run(async { 1 }), 1, "the thread can run another loop");
}

#[test]
fn abort_of_a_task_that_has_not_begun() {
    let log = Log::default();
    run(async {
        let guard = log.guard("argument");
        let ran = log.clone();
        let task = spawn(async move {
            let _guard = guard;
            ran.push("ran");
        });
        task.abort();
        log.push("aborted");
        assert!(!task.is_finished(), "it is dropped at its turn, not inside of abort");
        let error = task.await.unwrap_err();
        assert!(error.is_cancelled() && !error.is_panic());
        assert_eq!(error.to_string(), "task 1 was cancelled");
        assert!(error.try_into_panic().is_err());
    });
    log.expect(&["aborted", "drop argument"]);
}

#[test]
fn abort_of_a_task_that_waits() {
    let log = Log::default();
    run(async {
        let guard = log.guard("local");
        let task = spawn(async move {
            let _guard = guard;
            future::pending::<()>().await;
        });
        yield_now().await;
        task.abort();
        log.push("aborted");
        task.abort();
        yield_now().await;
        assert!(task.is_finished());
        log.push("finished");
        assert!(task.await.unwrap_err().is_cancelled());
    });
    log.expect(&["aborted", "drop local", "finished"]);
}

#[test]
fn a_task_that_aborts_itself_runs_to_its_next_suspension() {
    let log = Log::default();
    run(async {
        let own: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
        let task = spawn({
            let (own, log) = (Rc::clone(&own), log.clone());
            async move {
                let _guard = log.guard("local");
                own.borrow().as_ref().unwrap().abort();
                log.push("still here");
                yield_now().await;
                log.push("never");
            }
        });
        *own.borrow_mut() = Some(task);
        yield_now().await;
        yield_now().await;
        let task = own.take().unwrap();
        assert!(task.await.unwrap_err().is_cancelled());
    });
    log.expect(&["still here", "drop local"]);
}

#[test]
fn abort_after_the_end_changes_nothing() {
    run(async {
        let task = spawn(async { 4 });
        yield_now().await;
        task.abort();
        yield_now().await;
        assert_eq!(task.await.unwrap(), 4);

        let own: Rc<RefCell<Option<JoinHandle<i32>>>> = Rc::default();
        let task = spawn({
            let own = Rc::clone(&own);
            async move {
                own.borrow().as_ref().unwrap().abort();
                5
            }
        });
        *own.borrow_mut() = Some(task);
        yield_now().await;
        let task = own.take().unwrap();
        assert_eq!(task.await.unwrap(), 5, "it ended before the turn at which it was to be dropped");
    });
}

#[test]
fn dropping_the_handle_detaches() {
    let log = Log::default();
    run(async {
        let inner = log.clone();
        drop(spawn(async move {
            yield_now().await;
            inner.push("ran");
            inner.guard("output")
        }));
        yield_now().await;
        yield_now().await;
        log.push("root");
    });
    log.expect(&["ran", "drop output", "root"]);
}

#[test]
fn the_output_of_an_ended_task_is_dropped_with_its_handle() {
    let log = Log::default();
    run(async {
        let guard = log.guard("output");
        let task = spawn(async move { guard });
        yield_now().await;
        log.push("drop handle");
        drop(task);
        log.push("after");
    });
    log.expect(&["drop handle", "drop output", "after"]);
}

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
    let polls = Rc::new(Cell::new(0));
    run(async {
        spawn({
            let polls = Rc::clone(&polls);
            future::poll_fn(move |_| {
                polls.set(polls.get() + 1);
                Poll::<()>::Pending
            })
        });
        yield_now().await;
        waker.wake();
        yield_now().await;
        yield_now().await;
    });
    assert_eq!(polls.get(), 1);
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
        let polls = Rc::new(Cell::new(0));
        spawn({
            let polls = Rc::clone(&polls);
            future::poll_fn(move |_| {
                polls.set(polls.get() + 1);
                Poll::<()>::Pending
            })
        });
        yield_now().await;
        stale.take().unwrap().wake();
        yield_now().await;
        yield_now().await;
        assert_eq!(polls.get(), 1);
    });
}

#[test]
fn a_foreign_waker_that_panics_ends_the_loop_in_order() {
    struct Bomb;
    impl Wake for Bomb {
        fn wake(self: Arc<Self>) {
            panic!("in wake");
        }
    }
    let log = Log::default();
    let text = panic_of(|| {
        run(async {
            let guard = log.guard("other task");
            spawn(async move {
                let _guard = guard;
                future::pending::<()>().await;
            });
            let mut task = spawn(async {});
            let bomb = Waker::from(Arc::new(Bomb));
            assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&bomb)).is_pending());
            future::pending::<()>().await;
        })
    });
    assert_eq!(text, "in wake");
    log.expect(&["drop other task"]);
    assert_eq!(run(async { 1 }), 1, "the thread can run another loop");
}

#[test]
fn misuse_is_told_clearly() {
    let outside = panic_of(|| spawn(async {}));
    assert_eq!(outside, "segue::spawn needs a running loop: call it inside of `segue::run`");
    let nested = panic_of(|| run(async { run(async {}) }));
    assert_eq!(nested, "`segue::run` was called inside of a running loop: await the future, or spawn it");
    let twice = panic_of(|| {
        run(async {
            let mut task = spawn(async {});
            (&mut task).await.unwrap();
            (&mut task).await.unwrap();
        })
    });
    assert_eq!(twice, "segue: a JoinHandle was polled after it gave its result");
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
