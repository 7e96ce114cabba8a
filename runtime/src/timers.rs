//! Timers: a heap of deadlines over a slab of wakers, with lazy deletion.
//!
//! Cancelling frees the slab's entry and leaves the heap's behind, to be skipped when it comes up. When more than half
//! of the heap is such dead wood it is rebuilt, so cancelling costs a constant on average and memory stays in
//! proportion to the timers that are alive.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::task::Waker;
use std::time::Instant;

use slab::Slab;

/// Below this size a heap isn't worth cleaning.
const SMALL_HEAP: usize = 64;

/// Names a timer. The serial number tells it from others that had the same place before or after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TimerKey {
    slot: usize,
    serial: u64,
}

/// A timer that somebody holds. Without a waker it has fired.
struct Timer {
    serial: u64,
    waker: Option<Waker>,
}

#[derive(PartialEq, Eq)]
struct Deadline {
    at: Instant,
    key: TimerKey,
}

impl Ord for Deadline {
    /// Reversed, for the standard heap is a max-heap: first the earliest, then the one that was registered first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.key.serial).cmp(&(self.at, self.key.serial))
    }
}

impl PartialOrd for Deadline {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// All timers of a loop. No method runs foreign code: wakers go in and out by value.
#[derive(Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Deadline>,
    slots: Slab<Timer>,
    next_serial: u64,
    /// How many entries of the heap belong to timers that are gone.
    dead: usize,
}

impl Timers {
    pub(crate) fn insert(&mut self, at: Instant, waker: Waker) -> TimerKey {
        let serial = self.next_serial;
        self.next_serial += 1;
        let slot = self.slots.insert(Timer { serial, waker: Some(waker) });
        let key = TimerKey { slot, serial };
        self.heap.push(Deadline { at, key });
        key
    }

    /// Whether the timer has fired; a timer that this loop doesn't know counts as fired.
    pub(crate) fn has_fired(&self, key: TimerKey) -> bool {
        self.get(key).is_none_or(|timer| timer.waker.is_none())
    }

    /// The waker of a timer that is still to fire.
    pub(crate) fn waker_mut(&mut self, key: TimerKey) -> Option<&mut Waker> {
        self.slots.get_mut(key.slot).filter(|timer| timer.serial == key.serial)?.waker.as_mut()
    }

    /// Forgets a timer, fired or not. Its waker comes back for the caller to drop.
    pub(crate) fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        self.get(key)?;
        let waker = self.slots.remove(key.slot).waker;
        if waker.is_some() {
            self.dead += 1;
            self.sweep();
        }
        waker
    }

    /// Fires the first timer whose deadline is not after `now`, and gives its waker.
    pub(crate) fn fire_next(&mut self, now: Instant) -> Option<Waker> {
        while let Some(first) = self.heap.peek() {
            if first.at > now {
                return None;
            }
            let key = first.key;
            self.heap.pop();
            match self.slots.get_mut(key.slot).filter(|timer| timer.serial == key.serial) {
                Some(timer) => return timer.waker.take(),
                None => self.dead -= 1,
            }
        }
        None
    }

    /// When the next timer fires.
    pub(crate) fn next_deadline(&mut self) -> Option<Instant> {
        while let Some(first) = self.heap.peek() {
            if self.get(first.key).is_some() {
                return Some(first.at);
            }
            self.heap.pop();
            self.dead -= 1;
        }
        None
    }

    /// Fires everything at once, in no particular order: the loop is ending.
    pub(crate) fn close(&mut self) -> Vec<Waker> {
        self.heap.clear();
        self.dead = 0;
        self.slots.drain().filter_map(|timer| timer.waker).collect()
    }

    fn get(&self, key: TimerKey) -> Option<&Timer> {
        self.slots.get(key.slot).filter(|timer| timer.serial == key.serial)
    }

    fn sweep(&mut self) {
        if self.heap.len() > SMALL_HEAP && self.dead > self.heap.len() / 2 {
            let slots = &self.slots;
            self.heap.retain(|entry| {
                slots.get(entry.key.slot).is_some_and(|timer| timer.serial == entry.key.serial)
            });
            self.dead = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn insert(timers: &mut Timers, at: Instant) -> TimerKey {
        timers.insert(at, Waker::noop().clone())
    }

    #[test]
    fn fires_by_deadline_and_then_by_age() {
        let start = Instant::now();
        let ms = |n| start + Duration::from_millis(n);
        let mut timers = Timers::default();
        let keys = [5, 1, 3, 1].map(|n| insert(&mut timers, ms(n)));
        let fired = |timers: &Timers| keys.map(|key| timers.has_fired(key));

        assert!(timers.fire_next(start).is_none());
        assert!(timers.fire_next(ms(1)).is_some());
        assert_eq!(fired(&timers), [false, true, false, false]);
        assert!(timers.fire_next(ms(1)).is_some());
        assert_eq!(fired(&timers), [false, true, false, true]);
        assert!(timers.fire_next(ms(1)).is_none());
        assert_eq!(timers.next_deadline(), Some(ms(3)));
        assert!(timers.fire_next(ms(9)).is_some() && timers.fire_next(ms(9)).is_some());
        assert_eq!(fired(&timers), [true; 4]);
        assert_eq!(timers.next_deadline(), None);
    }

    #[test]
    fn a_removed_timer_never_fires_and_its_place_is_used_again() {
        let start = Instant::now();
        let mut timers = Timers::default();
        let first = insert(&mut timers, start);
        assert!(timers.remove(first).is_some());
        let second = insert(&mut timers, start);
        assert_eq!(first.slot, second.slot);
        assert!(timers.has_fired(first) && !timers.has_fired(second));
        assert!(timers.remove(first).is_none(), "a stale key must not touch the timer in its place");
        assert!(timers.fire_next(start).is_some());
        assert!(timers.fire_next(start).is_none());
        assert!(timers.has_fired(second));
    }

    #[test]
    fn dead_entries_are_swept() {
        let start = Instant::now();
        let mut timers = Timers::default();
        let kept = insert(&mut timers, start + Duration::from_secs(1));
        for n in 0..100_000 {
            let key = insert(&mut timers, start + Duration::from_secs(60 + n));
            timers.remove(key);
            assert!(timers.heap.len() <= 2 * SMALL_HEAP);
        }
        assert_eq!(timers.slots.len(), 1);
        assert!(!timers.has_fired(kept));
        timers.remove(kept);
        assert_eq!(timers.next_deadline(), None);
        assert_eq!(timers.dead, 0);
    }
}
