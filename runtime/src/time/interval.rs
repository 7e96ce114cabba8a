//! Ticks at regular times.

use std::future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use crate::time::{Sleep, sleep_until};

/// Ticks every `period`, for the first time at once.
///
/// Ticks stay on the grid that the first one sets, so they don't drift. Whoever is late gets one tick, and those that he
/// missed meanwhile are left out.
///
/// # Panics
///
/// If `period` is zero.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
///
/// segue::run(async {
///     let start = Instant::now();
///     let mut ticks = segue::time::interval(Duration::from_millis(2));
///     for _ in 0..3 {
///         ticks.tick().await;
///     }
///     assert!(start.elapsed() >= Duration::from_millis(4));
/// });
/// ```
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    interval_at(Instant::now(), period)
}

/// Ticks every `period`, for the first time at `start`; otherwise as [`interval`].
///
/// # Panics
///
/// If `period` is zero.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
///
/// segue::run(async {
///     let start = Instant::now() + Duration::from_millis(2);
///     let mut ticks = segue::time::interval_at(start, Duration::from_secs(1));
///     assert_eq!(ticks.tick().await, start);
/// });
/// ```
#[track_caller]
pub fn interval_at(start: Instant, period: Duration) -> Interval {
    assert!(!period.is_zero(), "the period of an interval must not be zero");
    Interval { period, sleep: sleep_until(start) }
}

/// Ticks at regular times; made by [`interval`] and [`interval_at`].
#[derive(Debug)]
pub struct Interval {
    period: Duration,
    /// Until the next tick.
    sleep: Sleep,
}

impl Interval {
    /// Waits for the next tick, and gives the time for which it was planned.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no tick.
    ///
    /// # Panics
    ///
    /// When it has to wait outside of a running loop.
    ///
    /// # Examples
    ///
    /// See [`interval`].
    pub async fn tick(&mut self) -> Instant {
        future::poll_fn(|context| self.poll_tick(context)).await
    }

    /// As [`tick`](Self::tick), for a hand-written `poll`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// segue::run(async {
    ///     let mut ticks = segue::time::interval(Duration::from_millis(1));
    ///     std::future::poll_fn(|context| ticks.poll_tick(context)).await;
    /// });
    /// ```
    pub fn poll_tick(&mut self, context: &mut Context<'_>) -> Poll<Instant> {
        ready!(Pin::new(&mut self.sleep).poll(context));
        let planned = self.sleep.deadline();
        self.sleep.reset(next_tick(planned, self.period, Instant::now()));
        Poll::Ready(planned)
    }

    /// The time between two ticks.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let second = Duration::from_secs(1);
    /// assert_eq!(segue::time::interval(second).period(), second);
    /// ```
    pub fn period(&self) -> Duration {
        self.period
    }
}

/// The first point of the grid that lies after `now`; the one after `planned` in any case.
fn next_tick(planned: Instant, period: Duration, now: Instant) -> Instant {
    let next = planned + period;
    let Some(late) = now.checked_duration_since(next) else { return next };
    let missed = late.as_nanos() / period.as_nanos() + 1;
    // More ticks than 32 bits can count were missed: the grid is too fine to keep to.
    u32::try_from(missed).ok().and_then(|missed| period.checked_mul(missed)).map_or(now, |skip| next + skip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_keep_to_the_grid_and_missed_ones_are_left_out() {
        let start = Instant::now();
        let ms = |n| start + Duration::from_millis(n);
        let next = |now| next_tick(start, Duration::from_millis(10), ms(now));
        assert_eq!(next(0), ms(10));
        assert_eq!(next(9), ms(10));
        assert_eq!(next(10), ms(20));
        assert_eq!(next(35), ms(40));
    }
}
