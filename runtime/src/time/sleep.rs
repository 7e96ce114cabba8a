//! The future that every other wait is made of.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::handle::Handle;
use crate::time::after;
use crate::timers::TimerKey;

/// Waits for `duration`, counted from this call and not from the first poll.
///
/// A duration that the clock can't express waits for some thirty years. As `asyncio.sleep` of Python, but a duration
/// of zero is no promise that other tasks run; that is [`yield_now`](crate::task::yield_now).
///
/// # Panics
///
/// The future panics when it is polled outside of a running loop.
///
/// # Cancel safety
///
/// Dropping the future removes the timer.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
///
/// let start = Instant::now();
/// segue::run(segue::time::sleep(Duration::from_millis(5)));
/// assert!(start.elapsed() >= Duration::from_millis(5));
/// ```
pub fn sleep(duration: Duration) -> Sleep {
    sleep_until(after(duration))
}

/// Waits until `deadline`; not at all if it has passed.
///
/// # Panics
///
/// The future panics when it is polled outside of a running loop.
///
/// # Cancel safety
///
/// Dropping the future removes the timer.
///
/// # Examples
///
/// ```
/// use std::time::Instant;
///
/// segue::run(segue::time::sleep_until(Instant::now()));
/// ```
pub fn sleep_until(deadline: Instant) -> Sleep {
    Sleep { deadline, timer: None }
}

/// The future of [`sleep`] and [`sleep_until`].
///
/// It may be made outside of a loop; it asks the running loop for a timer when it is first polled.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Sleep {
    deadline: Instant,
    /// Registered, with the loop that was running at that time.
    timer: Option<(Handle, TimerKey)>,
}

impl Sleep {
    /// When it is done.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Instant;
    ///
    /// let deadline = Instant::now();
    /// assert_eq!(segue::time::sleep_until(deadline).deadline(), deadline);
    /// ```
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Sets another deadline, whether or not the old one has passed. Poll it again after this.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    ///
    /// segue::run(async {
    ///     let mut sleep = segue::time::sleep(Duration::from_secs(3600));
    ///     sleep.reset(Instant::now());
    ///     sleep.await;
    /// });
    /// ```
    pub fn reset(&mut self, deadline: Instant) {
        self.cancel();
        self.deadline = deadline;
    }

    fn cancel(&mut self) {
        if let Some((handle, timer)) = self.timer.take() {
            handle.remove_timer(timer);
        }
    }
}

impl Future for Sleep {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.timer.as_ref().is_some_and(|(handle, _)| handle.is_closed()) {
            // Its loop has ended under it. If another is running, this one takes over.
            self.cancel();
        }
        if let Some((handle, timer)) = &self.timer {
            return handle.poll_timer(*timer, context);
        }
        let handle = Handle::current("segue::time::sleep");
        if self.deadline <= handle.now() {
            return Poll::Ready(());
        }
        let timer = handle.insert_timer(self.deadline, context);
        self.timer = Some((handle, timer));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
