//! Tasks: futures that a loop runs side by side on one thread.

mod body;
mod join;
mod table;

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::handle::Handle;
pub(crate) use body::Body;
pub use join::{JoinError, JoinHandle};
pub(crate) use table::{Outcome, Runnable, TaskKey, TaskTable, Turn};

/// Spawns a task on the loop that runs on this thread.
///
/// The task is put at the end of the queue of those that are ready; nothing of it runs inside this call. It need not be
/// [`Send`], for it never leaves the thread. When the root future of [`run`](crate::run) is done, tasks that are still
/// running are dropped. A task spawned while the loop is ending (by a destructor) is cancelled from the start.
///
/// # Panics
///
/// Outside of a running loop.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
///
/// let total = segue::run(async {
///     let shared = Rc::new(20);
///     let tasks = [1, 2].map(|n| {
///         let shared = Rc::clone(&shared);
///         segue::spawn(async move { *shared + n })
///     });
///     let mut total = 0;
///     for task in tasks {
///         total += task.await.unwrap();
///     }
///     total
/// });
/// assert_eq!(total, 43);
/// ```
#[track_caller]
pub fn spawn<F: Future + 'static>(future: F) -> JoinHandle<F::Output> {
    let handle = Handle::current("segue::spawn");
    let task = if handle.is_closed() {
        drop(future);
        handle.spawn_cancelled()
    } else {
        handle.spawn(body::new(future))
    };
    JoinHandle::new(handle, task)
}

/// The number of a task: tasks of a loop are numbered in the order of their spawning, from 1.
///
/// # Examples
///
/// ```
/// let id = segue::run(async { segue::spawn(async {}).id() });
/// assert_eq!(id.to_string(), "1");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(u64);

impl TaskId {
    fn new(key: TaskKey) -> Self {
        Self(key.id)
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskId({self})")
    }
}

/// Lets the other tasks that are ready have their turn.
///
/// The task goes to the end of the queue, so each of the others runs once before it goes on: two tasks that do nothing
/// but yield alternate strictly. As `asyncio.sleep(0)`. Works on any executor.
///
/// # Examples
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// let log = Rc::new(RefCell::new(String::new()));
/// segue::run({
///     let log = Rc::clone(&log);
///     async move {
///         let tasks = ["a", "b"].map(|name| {
///             let log = Rc::clone(&log);
///             segue::spawn(async move {
///                 for _ in 0..3 {
///                     log.borrow_mut().push_str(name);
///                     segue::task::yield_now().await;
///                 }
///             })
///         });
///         for task in tasks {
///             task.await.unwrap();
///         }
///     }
/// });
/// assert_eq!(*log.borrow(), "ababab");
/// ```
pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

/// The future of [`yield_now`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct YieldNow {
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Polls a task. A panic of its future, or of the future's destructor, becomes its outcome.
pub(crate) fn poll_task(mut runnable: Runnable) -> Result<Outcome, Runnable> {
    let Runnable { body, waker } = &mut runnable;
    let mut context = Context::from_waker(waker);
    match panic::catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(&mut context))) {
        Ok(Poll::Pending) => Err(runnable),
        Ok(Poll::Ready(())) => Ok(Outcome::Finished(runnable.body)),
        Err(payload) => {
            // What is left of the future may panic again when it goes; the first panic is the one to keep.
            let _ = drop_task(runnable);
            Ok(Outcome::Panicked(payload))
        }
    }
}

/// Drops a task that is cancelled. A panic of a destructor becomes its outcome.
pub(crate) fn drop_task(runnable: Runnable) -> Outcome {
    match panic::catch_unwind(AssertUnwindSafe(|| drop(runnable))) {
        Ok(()) => Outcome::Cancelled,
        Err(payload) => Outcome::Panicked(payload),
    }
}

/// Drops what a detached task left. A panic, of the task or of its output's destructor, is reported and survived.
pub(crate) fn discard(task: TaskKey, outcome: Outcome) {
    let payload = match outcome {
        Outcome::Cancelled => return,
        Outcome::Finished(body) => match panic::catch_unwind(AssertUnwindSafe(|| drop(body))) {
            Ok(()) => return,
            Err(payload) => payload,
        },
        Outcome::Panicked(payload) => payload,
    };
    let message = panic_message(&*payload).unwrap_or("no message");
    // Unlike `eprintln!`, a closed standard error is no reason for another panic.
    let _ = writeln!(io::stderr(), "segue: task {} panicked and nobody awaited it: {message}", task.id);
}

/// The message of a panic, if it has one.
fn panic_message(payload: &(dyn Any + Send)) -> Option<&str> {
    payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}
