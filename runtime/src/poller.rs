//! The selector, and what is known of each source of events that is registered with it.
//!
//! A source is registered once, for both directions, edge-triggered. Each side of it keeps a cached readiness: the call
//! is tried while the side is believed ready, and the belief is given up when a call would block, or did less than was
//! asked for. The loop hears of news from the selector only between tasks, so a belief given up by a task can't cover
//! news of a later time: whatever happens after the call raises a new edge.

use std::io;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use mio::event::{Event, Source};
use mio::{Events, Interest, Poll, Token};
use slab::Slab;

/// How many events the selector hands over at once.
const EVENTS: usize = 1024;

/// The token of the waker that ends the selector's sleep.
const WAKE: Token = Token(usize::MAX);

/// On these systems a short read or write of a stream means that the next call would block, and the selector raises an
/// edge when that changes. Elsewhere (Windows) it speaks again only after a call that did block.
const SHORT_MEANS_DRAINED: bool = cfg!(any(
    target_os = "linux",
    target_os = "android",
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly",
));

/// Names a registered source.
pub(crate) type SourceKey = usize;

/// Names a future that waits for one side of a source.
pub(crate) type WaiterKey = usize;

/// The two things that a source can be ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Read,
    Write,
}

/// What is known of one side of a source, and who waits for it.
struct Readiness {
    /// A call is worth trying.
    ready: bool,
    /// The end, or an error, was announced. It is announced once: from here on every call is tried.
    ended: bool,
    /// Who called a `poll_` method last.
    poller: Option<Waker>,
    /// Futures that wait; a waiter that has been woken is empty until it waits again or goes.
    waiters: Slab<Option<Waker>>,
}

impl Default for Readiness {
    /// The first call is tried before anybody waits.
    fn default() -> Self {
        Self { ready: true, ended: false, poller: None, waiters: Slab::new() }
    }
}

impl Readiness {
    fn announce(&mut self, ended: bool, woken: &mut Vec<Waker>) {
        self.ready = true;
        self.ended |= ended;
        self.take_wakers(woken);
    }

    fn take_wakers(&mut self, woken: &mut Vec<Waker>) {
        woken.extend(self.poller.take());
        woken.extend(self.waiters.iter_mut().filter_map(|(_, waiter)| waiter.take()));
    }
}

#[derive(Default)]
struct SourceState {
    read: Readiness,
    write: Readiness,
}

impl SourceState {
    fn side(&self, side: Side) -> &Readiness {
        match side {
            Side::Read => &self.read,
            Side::Write => &self.write,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut Readiness {
        match side {
            Side::Read => &mut self.read,
            Side::Write => &mut self.write,
        }
    }

    fn announce(&mut self, event: &Event, woken: &mut Vec<Waker>) {
        let failed = event.is_error();
        let (read_ended, write_ended) = (failed || event.is_read_closed(), failed || event.is_write_closed());
        if event.is_readable() || read_ended {
            self.read.announce(read_ended, woken);
        }
        if event.is_writable() || write_ended {
            self.write.announce(write_ended, woken);
        }
    }
}

/// The selector and its sources. No method runs foreign code: wakers go in and out by value.
pub(crate) struct Poller {
    /// Gone when the loop has ended.
    poll: Option<Poll>,
    events: Events,
    waker: Arc<mio::Waker>,
    sources: Slab<SourceState>,
}

impl Poller {
    pub(crate) fn new() -> io::Result<Self> {
        let poll = Poll::new()?;
        let waker = Arc::new(mio::Waker::new(poll.registry(), WAKE)?);
        Ok(Self { poll: Some(poll), events: Events::with_capacity(EVENTS), waker, sources: Slab::new() })
    }

    /// What ends a sleep in `poll` from another thread.
    pub(crate) fn selector_waker(&self) -> &Arc<mio::Waker> {
        &self.waker
    }

    pub(crate) fn register(&mut self, source: &mut impl Source) -> io::Result<SourceKey> {
        let Some(poll) = &self.poll else { return Err(loop_has_ended()) };
        let entry = self.sources.vacant_entry();
        let key = entry.key();
        poll.registry().register(source, Token(key), Interest::READABLE | Interest::WRITABLE)?;
        entry.insert(SourceState::default());
        Ok(key)
    }

    /// Forgets a source. The wakers of those who waited come back to be dropped.
    pub(crate) fn deregister(&mut self, key: SourceKey, source: &mut impl Source) -> Vec<Waker> {
        let mut wakers = Vec::new();
        if let Some(poll) = &self.poll {
            // The descriptor is about to be closed, which says the same to the selector.
            let _ = poll.registry().deregister(source);
            let mut state = self.sources.remove(key);
            state.read.take_wakers(&mut wakers);
            state.write.take_wakers(&mut wakers);
        }
        wakers
    }

    /// Whether the next call is worth trying. Fails if the loop has ended.
    pub(crate) fn is_ready(&self, key: SourceKey, side: Side) -> io::Result<bool> {
        self.sources.get(key).map(|source| source.side(side).ready).ok_or_else(loop_has_ended)
    }

    pub(crate) fn clear_ready(&mut self, key: SourceKey, side: Side) {
        self.sources[key].side_mut(side).ready = false;
    }

    /// As [`Self::clear_ready`] after a call that did less than was asked for, unless that can't be relied on.
    pub(crate) fn drained(&mut self, key: SourceKey, side: Side) {
        let side = self.sources[key].side_mut(side);
        if SHORT_MEANS_DRAINED && !side.ended {
            side.ready = false;
        }
    }

    pub(crate) fn is_polled_by(&self, key: SourceKey, side: Side, waker: &Waker) -> bool {
        self.sources[key].side(side).poller.as_ref().is_some_and(|poller| poller.will_wake(waker))
    }

    pub(crate) fn set_poller(&mut self, key: SourceKey, side: Side, waker: Waker) -> Option<Waker> {
        self.sources[key].side_mut(side).poller.replace(waker)
    }

    pub(crate) fn set_waiter(
        &mut self,
        key: SourceKey,
        side: Side,
        waiter: Option<WaiterKey>,
        waker: Waker,
    ) -> (WaiterKey, Option<Waker>) {
        let waiters = &mut self.sources[key].side_mut(side).waiters;
        match waiter {
            Some(waiter) => (waiter, waiters[waiter].replace(waker)),
            None => (waiters.insert(Some(waker)), None),
        }
    }

    pub(crate) fn remove_waiter(&mut self, key: SourceKey, side: Side, waiter: WaiterKey) -> Option<Waker> {
        self.sources.get_mut(key)?.side_mut(side).waiters.try_remove(waiter)?
    }

    /// Collects what is ready by now, without waiting. A loop without sources has nothing to ask.
    pub(crate) fn poll_now(&mut self, woken: &mut Vec<Waker>) -> io::Result<()> {
        if self.sources.is_empty() { Ok(()) } else { self.poll(Some(Duration::ZERO), woken) }
    }

    /// Waits for events, at longest for `timeout`, and collects the wakers of those who waited for them.
    pub(crate) fn poll(&mut self, timeout: Option<Duration>, woken: &mut Vec<Waker>) -> io::Result<()> {
        let Some(poll) = &mut self.poll else { return Ok(()) };
        match poll.poll(&mut self.events, timeout) {
            // A signal came; its handler may have made something ready, and the loop looks again in any case.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            result => result?,
        }
        for event in self.events.iter().filter(|event| event.token() != WAKE) {
            // An event of a source that has been dropped meanwhile, or at worst of its successor: a call too many.
            if let Some(source) = self.sources.get_mut(event.token().0) {
                source.announce(event, woken);
            }
        }
        Ok(())
    }

    /// Closes the selector. Whoever waits for a source is to be woken.
    pub(crate) fn close(&mut self, woken: &mut Vec<Waker>) {
        self.poll = None;
        for (_, source) in self.sources.iter_mut() {
            source.read.take_wakers(woken);
            source.write.take_wakers(woken);
        }
        self.sources.clear();
    }
}

fn loop_has_ended() -> io::Error {
    io::Error::other("the segue loop that this belongs to has ended")
}
