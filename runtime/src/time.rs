//! Time: sleeping, time limits, and ticks.
//!
//! Deadlines are points of [`std::time::Instant`], the monotonic clock. A timer never fires early. It fires up to a
//! millisecond late, the selector's resolution, and later if tasks hold the loop; timers that are due in the same turn of
//! the loop fire in the order of their deadlines, equal ones in the order in which they were first polled.

mod interval;
mod sleep;
mod timeout;

pub use interval::{Interval, interval, interval_at};
pub use sleep::{Sleep, sleep, sleep_until};
pub use timeout::{Elapsed, Timeout, timeout, timeout_at};

use std::time::{Duration, Instant};

/// The point that lies `duration` from now. A duration that the clock can't express means "never": some thirty years.
fn after(duration: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(duration).unwrap_or_else(|| now + NEVER)
}
