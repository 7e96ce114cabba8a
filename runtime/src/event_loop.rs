//! The loop: what happens in a turn, and how it begins and ends.

use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::handle::Handle;
use crate::task::{Runnable, TaskKey, Turn, drop_task, poll_task};
use crate::wake::TaskWaker;

/// How many tasks run before the loop looks at sockets, clock and inbox again, even if more are ready. Looking costs a
/// system call; not looking makes sockets and timers wait for busy tasks.
const TASKS_PER_TURN: usize = 64;

/// Runs a new loop on this thread until `future` is done, and gives its output.
///
/// The future is the loop's first task, the root. It may borrow from its surroundings and need not be [`Send`]; inside of it
/// and of the tasks that it [spawns](crate::spawn) the whole of this crate is at hand.
///
/// Up to 64 tasks run between two looks at sockets, timers and other threads, each in its turn; a task that is always ready
/// starves none of these.
///
/// When the root is done the loop ends, in this order: the root's future is dropped, then all tasks that are still
/// running, in the order of their spawning; then timers and sockets lose their loop. Destructors run by this may use the
/// loop, but it takes up nothing new: what they spawn is cancelled. What outlives the loop is harmless: the
/// [`JoinHandle`](crate::JoinHandle) of a task that was still running gives a cancelled
/// [`JoinError`](crate::task::JoinError), a socket gives an [`std::io::Error`], a waker does nothing.
///
/// As `asyncio.run` of Python.
///
/// # Panics
///
/// Inside of a running loop: a loop can't wait for another on its own thread. If the operating system gives no selector
/// (out of file descriptors). A panic of the root ends the loop in the order above and then goes on to the caller.
///
/// # Examples
///
/// ```
/// let words = vec!["one", "loop"];
/// let length = segue::run(async {
///     segue::task::yield_now().await;
///     words.iter().map(|word| word.len()).sum::<usize>()
/// });
/// assert_eq!(length, 7);
/// ```
#[track_caller]
pub fn run<F: Future>(future: F) -> F::Output {
    let event_loop = EventLoop::enter();
    let mut root = pin!(Some(future));
    let result = panic::catch_unwind(AssertUnwindSafe(|| event_loop.run_until(root.as_mut())));
    let dropped = panic::catch_unwind(AssertUnwindSafe(|| root.set(None)));
    event_loop.leave();
    match (result, dropped) {
        (Ok(output), Ok(())) => output,
        // Of two panics the first is the one that tells what went wrong.
        (Err(payload), _) | (_, Err(payload)) => panic::resume_unwind(payload),
    }
}

/// A loop that is the current one of its thread.
struct EventLoop {
    handle: Handle,
}

impl EventLoop {
    #[track_caller]
    fn enter() -> Self {
        let nested = Handle::with_current(|_| ()).is_some();
        assert!(!nested, "`segue::run` was called inside of a running loop: await the future, or spawn it");
        let handle = match Handle::new() {
            Ok(handle) => handle,
            Err(error) => panic!("`segue::run` got no selector from the operating system: {error}"),
        };
        Handle::set_current(Some(handle.clone()));
        Self { handle }
    }

    /// Turns until the root is done.
    fn run_until<F: Future>(&self, mut root: Pin<&mut Option<F>>) -> F::Output {
        let root_waker = self.handle.root_waker();
        root_waker.wake_by_ref();
        let mut scratch = Scratch::default();
        loop {
            for _ in 0..TASKS_PER_TURN {
                match self.handle.next_turn() {
                    Some(Turn::PollRoot) => {
                        if let Poll::Ready(output) = poll_root(root.as_mut(), &root_waker) {
                            return output;
                        }
                    }
                    Some(Turn::Poll(task, runnable)) => self.poll_task(task, runnable),
                    Some(Turn::Drop(task, runnable)) => self.drop_task(task, runnable),
                    None => break,
                }
            }
            self.look_around(&mut scratch);
        }
    }

    fn poll_task(&self, task: TaskKey, runnable: Runnable) {
        match poll_task(runnable) {
            Ok(outcome) => self.handle.end(task, outcome),
            Err(runnable) => self.handle.put_back(task, runnable),
        }
    }

    fn drop_task(&self, task: TaskKey, runnable: Runnable) {
        self.handle.end(task, drop_task(runnable));
    }

    /// Between the tasks: sockets, then timers, then wakes from other threads. Sleeps if no task is ready.
    fn look_around(&self, scratch: &mut Scratch) {
        if let Err(error) = self.handle.select(&mut scratch.woken) {
            panic!("segue: the selector of the event loop failed: {error}");
        }
        for waker in scratch.woken.drain(..) {
            waker.wake();
        }
        self.handle.fire_timers();
        self.handle.read_inbox(&mut scratch.mail);
    }

    /// Ends the loop; see [`run`] for the order.
    fn leave(&self) {
        self.handle.begin_close();
        for task in self.handle.unfinished() {
            if let Some(runnable) = self.handle.take_task(task) {
                self.drop_task(task, runnable);
            }
        }
        self.handle.finish_close();
    }
}

impl Drop for EventLoop {
    /// Whatever happens (a waker of somebody else may panic), the thread must be free for another loop.
    fn drop(&mut self) {
        Handle::set_current(None);
    }
}

/// Vectors that every turn uses, kept for their capacity.
#[derive(Default)]
struct Scratch {
    woken: Vec<Waker>,
    mail: Vec<Arc<TaskWaker>>,
}

fn poll_root<F: Future>(root: Pin<&mut Option<F>>, waker: &Waker) -> Poll<F::Output> {
    let root = root.as_pin_mut().expect("the root stays until it is done");
    root.poll(&mut Context::from_waker(waker))
}
