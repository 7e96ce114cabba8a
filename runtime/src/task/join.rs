//! The handle of a task, and what it reports when there is no output.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::handle::Handle;
use crate::task::table::{Outcome, TaskKey};
use crate::task::{TaskId, panic_message};

/// The handle of a spawned task: await it for the task's output.
///
/// Awaiting gives `Ok` of the output, or a [`JoinError`] if the task panicked or was cancelled. Dropping the handle
/// detaches the task: it runs on, and its output is dropped when it ends. A panic that nobody can ask for any more is
/// reported on the standard error stream.
///
/// The handle may outlive its loop. A task that had ended by then still gives its output, any other is cancelled.
///
/// # Cancel safety
///
/// Await `&mut handle` where the await itself may be dropped (in a `select`, under a timeout): nothing is lost, and the
/// handle can be awaited again.
///
/// # Panics
///
/// When polled again after it gave its result.
///
/// # Examples
///
/// ```
/// segue::run(async {
///     let task = segue::spawn(async { 6 * 7 });
///     assert_eq!(task.await.unwrap(), 42);
///
///     let failing = segue::spawn(async { panic!("no luck") });
///     assert!(failing.await.unwrap_err().is_panic());
/// });
/// ```
pub struct JoinHandle<T> {
    handle: Handle,
    task: TaskKey,
    /// The result was given: nothing is left to detach.
    claimed: bool,
    output: PhantomData<T>,
}

// The output is not in the handle, so moving the handle moves no `T`.
impl<T> Unpin for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    pub(crate) fn new(handle: Handle, task: TaskKey) -> Self {
        Self { handle, task, claimed: false, output: PhantomData }
    }

    /// Cancels the task: at its next turn its future is dropped instead of polled, and awaiting the handle gives a
    /// cancelled [`JoinError`].
    ///
    /// The future is never dropped inside this call, so its destructors don't run in the middle of the caller; a task may
    /// abort itself, and then runs on to its next suspension. A task that has ended, or ends before that turn, keeps
    /// its result. As `Task.cancel` of Python's asyncio, except that the task can't catch it.
    ///
    /// # Examples
    ///
    /// ```
    /// segue::run(async {
    ///     let task = segue::spawn(std::future::pending::<()>());
    ///     task.abort();
    ///     assert!(task.await.unwrap_err().is_cancelled());
    /// });
    /// ```
    pub fn abort(&self) {
        self.handle.abort(self.task);
    }

    /// Whether the task has ended: with an output, by a panic, or cancelled.
    ///
    /// # Examples
    ///
    /// ```
    /// segue::run(async {
    ///     let task = segue::spawn(async {});
    ///     assert!(!task.is_finished());
    ///     segue::task::yield_now().await;
    ///     assert!(task.is_finished());
    /// });
    /// ```
    pub fn is_finished(&self) -> bool {
        self.handle.is_done(self.task)
    }

    /// The number of the task.
    ///
    /// # Examples
    ///
    /// ```
    /// segue::run(async {
    ///     let (first, second) = (segue::spawn(async {}), segue::spawn(async {}));
    ///     assert!(first.id() < second.id());
    /// });
    /// ```
    pub fn id(&self) -> TaskId {
        TaskId::new(self.task)
    }
}

impl<T: 'static> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(!self.claimed, "segue: a JoinHandle was polled after it gave its result");
        let Poll::Ready(outcome) = self.handle.poll_join(self.task, context) else { return Poll::Pending };
        self.claimed = true;
        let id = self.id();
        Poll::Ready(match outcome {
            Outcome::Finished(mut body) => {
                let mut output: Option<T> = None;
                body.as_mut().take_output(&mut output);
                Ok(output.expect("a finished task has its output"))
            }
            Outcome::Panicked(payload) => Err(JoinError { id, payload: Some(payload) }),
            Outcome::Cancelled => Err(JoinError { id, payload: None }),
        })
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if !self.claimed {
            self.handle.detach(self.task);
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// Why a task has no output: it panicked, or it was cancelled.
///
/// # Examples
///
/// ```
/// segue::run(async {
///     let error = segue::spawn(async { panic!("no luck") }).await.unwrap_err();
///     assert_eq!(error.to_string(), "task 1 panicked: no luck");
/// });
/// ```
pub struct JoinError {
    id: TaskId,
    /// The payload of the panic; without one the task was cancelled.
    payload: Option<Box<dyn Any + Send>>,
}

impl JoinError {
    /// The number of the task.
    ///
    /// # Examples
    ///
    /// ```
    /// segue::run(async {
    ///     let task = segue::spawn(async { panic!() });
    ///     let id = task.id();
    ///     assert_eq!(task.await.unwrap_err().id(), id);
    /// });
    /// ```
    pub fn id(&self) -> TaskId {
        self.id
    }

    /// Whether the task was cancelled: by [`JoinHandle::abort`], or because its loop ended first.
    ///
    /// # Examples
    ///
    /// ```
    /// let task = segue::run(async { segue::spawn(std::future::pending::<()>()) });
    /// assert!(segue::run(task).unwrap_err().is_cancelled());
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.payload.is_none()
    }

    /// Whether the task panicked.
    ///
    /// # Examples
    ///
    /// ```
    /// segue::run(async {
    ///     assert!(segue::spawn(async { panic!() }).await.unwrap_err().is_panic());
    /// });
    /// ```
    pub fn is_panic(&self) -> bool {
        self.payload.is_some()
    }

    /// The payload of the panic, as [`std::panic::catch_unwind`] gives it; to pass it on there is
    /// [`std::panic::resume_unwind`].
    ///
    /// # Panics
    ///
    /// If the task was cancelled.
    ///
    /// # Examples
    ///
    /// ```
    /// segue::run(async {
    ///     let error = segue::spawn(async { panic!("no luck") }).await.unwrap_err();
    ///     assert_eq!(error.into_panic().downcast_ref(), Some(&"no luck"));
    /// });
    /// ```
    #[track_caller]
    pub fn into_panic(self) -> Box<dyn Any + Send> {
        self.try_into_panic().expect("the task was cancelled, it did not panic")
    }

    /// The payload of the panic.
    ///
    /// # Errors
    ///
    /// Gives the error back if the task was cancelled.
    ///
    /// # Examples
    ///
    /// ```
    /// /// A panic goes on in the task that awaits.
    /// async fn join<T: 'static>(task: segue::JoinHandle<T>) -> Option<T> {
    ///     match task.await {
    ///         Ok(output) => Some(output),
    ///         Err(error) => error.try_into_panic().map(|panic| std::panic::resume_unwind(panic)).ok(),
    ///     }
    /// }
    /// assert_eq!(segue::run(async { join(segue::spawn(async { 1 })).await }), Some(1));
    /// ```
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, Self> {
        let Self { id, payload } = self;
        payload.ok_or(Self { id, payload: None })
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.payload {
            None => write!(f, "task {} was cancelled", self.id),
            Some(payload) => match panic_message(&**payload) {
                Some(message) => write!(f, "task {} panicked: {message}", self.id),
                None => write!(f, "task {} panicked", self.id),
            },
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinError({self})")
    }
}

impl Error for JoinError {}
