//! Handles: `abort`, and what is dropped with them.

use std::cell::RefCell;
use std::future;
use std::rc::Rc;

use segue::task::{JoinHandle, yield_now};
use segue::{run, spawn};

use crate::Log;

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
