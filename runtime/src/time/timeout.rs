//! A limit to the time that a future may take.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;

use crate::time::{Sleep, after, sleep_until};

/// Gives a future `duration` to be done, counted from this call. When the time is up before the future is, awaiting
/// gives [`Elapsed`].
///
/// The future is polled first: one that is done in time wins, even if the time is up as well. It is dropped with the
/// `Timeout`, so a future that ran out of time is cancelled; `timeout(duration, &mut future)` keeps it. As
/// `asyncio.wait_for` of Python.
///
/// # Errors
///
/// [`Elapsed`] when the time is up.
///
/// # Panics
///
/// The future panics when it has to wait outside of a running loop.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use segue::time::timeout;
///
/// segue::run(async {
///     assert_eq!(timeout(Duration::from_secs(1), async { 7 }).await, Ok(7));
///     let never = std::future::pending::<()>();
///     assert!(timeout(Duration::from_millis(1), never).await.is_err());
/// });
/// ```
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F> {
    timeout_at(after(duration), future)
}

/// Gives a future until `deadline`; otherwise as [`timeout`].
///
/// # Examples
///
/// ```
/// use std::time::Instant;
///
/// segue::run(async {
///     let late = segue::time::timeout_at(Instant::now(), std::future::pending::<()>()).await;
///     assert_eq!(late.unwrap_err().to_string(), "the time is up");
/// });
/// ```
pub fn timeout_at<F: Future>(deadline: Instant, future: F) -> Timeout<F> {
    Timeout { future, sleep: sleep_until(deadline) }
}

pin_project! {
    /// The future of [`timeout`] and [`timeout_at`].
    #[derive(Debug)]
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Timeout<F> {
        #[pin]
        future: F,
        sleep: Sleep,
    }
}

impl<F> Timeout<F> {
    /// The future inside.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let unlimited = segue::time::timeout(Duration::ZERO, async { 7 }).into_inner();
    /// assert_eq!(segue::run(unlimited), 7);
    /// ```
    pub fn into_inner(self) -> F {
        self.future
    }

    /// When the time is up.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Instant;
    ///
    /// let deadline = Instant::now();
    /// assert_eq!(segue::time::timeout_at(deadline, async {}).deadline(), deadline);
    /// ```
    pub fn deadline(&self) -> Instant {
        self.sleep.deadline()
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(context) {
            return Poll::Ready(Ok(output));
        }
        Pin::new(this.sleep).poll(context).map(|()| Err(Elapsed(())))
    }
}

/// The time is up: the error of [`timeout`].
///
/// Becomes an [`io::Error`] of the kind [`TimedOut`](io::ErrorKind::TimedOut) by `?` or `into`.
///
/// # Examples
///
/// ```
/// use std::io;
/// use std::time::Duration;
/// use segue::time::timeout;
///
/// async fn patient() -> io::Result<()> {
///     timeout(Duration::from_millis(1), std::future::pending()).await?
/// }
/// assert_eq!(segue::run(patient()).unwrap_err().kind(), io::ErrorKind::TimedOut);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed(());

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is up")
    }
}

impl Error for Elapsed {}

impl From<Elapsed> for io::Error {
    fn from(elapsed: Elapsed) -> Self {
        io::Error::new(io::ErrorKind::TimedOut, elapsed)
    }
}
