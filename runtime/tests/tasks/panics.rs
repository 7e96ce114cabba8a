//! Panics of tasks, of destructors, of wakers and of the root.

use std::future::{self, Future};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use segue::task::yield_now;
use segue::{run, spawn};

use crate::{Log, OnDrop, message, panic_of};

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
        .args(["--exact", "panics::a_panic_that_nobody_can_ask_for_is_reported", "--nocapture"])
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
