//! A source of events that is registered with a loop: the one place where calls, readiness and waiting meet.

use std::future::{self, Future};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use mio::event::Source;

use crate::handle::Handle;
use crate::poller::{Side, SourceKey, WaiterKey};

/// Owns a source, and takes it from the loop's selector when it goes.
pub(crate) struct Registered<S: Source> {
    /// There until the value is dropped or taken apart.
    source: Option<S>,
    handle: Handle,
    key: SourceKey,
}

impl<S: Source> Registered<S> {
    pub(crate) fn new(mut source: S, handle: Handle) -> io::Result<Self> {
        let key = handle.register(&mut source)?;
        Ok(Self { source: Some(source), handle, key })
    }

    pub(crate) fn source(&self) -> &S {
        self.source.as_ref().expect("a registered source is there until it is taken apart")
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Takes the source from the loop.
    pub(crate) fn into_source(mut self) -> S {
        self.release().expect("a registered source is there until it is taken apart")
    }

    fn release(&mut self) -> Option<S> {
        let mut source = self.source.take()?;
        self.handle.deregister(self.key, &mut source);
        Some(source)
    }

    /// Tries a call now. `WouldBlock` if the side isn't ready, be it known before or found out by the call.
    pub(crate) fn try_io<T>(&self, side: Side, call: impl FnOnce(&S) -> io::Result<T>) -> io::Result<T> {
        if !self.handle.is_source_ready(self.key, side)? {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let result = call(self.source());
        if result.as_ref().is_err_and(would_block) {
            self.handle.clear_ready(self.key, side);
        }
        result
    }

    /// As [`Self::try_io`] for a call that moves up to `wanted` bytes of a stream and says how many it moved.
    pub(crate) fn try_transfer(
        &self,
        side: Side,
        wanted: usize,
        call: impl FnOnce(&S) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let result = self.try_io(side, call);
        // Nothing at all is no short read: it is the end of the stream, and stays to be read again.
        if let Ok(moved @ 1..) = result
            && moved < wanted
        {
            self.handle.drained(self.key, side);
        }
        result
    }

    /// Repeats an attempt, for a hand-written `poll`, until it doesn't block. Of several tasks that poll the same side only
    /// the last is remembered, the one before is woken to poll again.
    pub(crate) fn poll_io<T>(
        &self,
        side: Side,
        context: &Context<'_>,
        mut attempt: impl FnMut() -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        ready!(self.handle.poll_budget(context));
        loop {
            match attempt() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if would_block(&error) => {
                    self.handle.set_poller(self.key, side, context);
                    return Poll::Pending;
                }
                result => return Poll::Ready(result),
            }
        }
    }

    /// Repeats an attempt until it doesn't block. Any number of tasks may wait so.
    pub(crate) async fn io<T>(
        &self,
        side: Side,
        mut attempt: impl FnMut() -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            self.ready(side).await?;
            match attempt() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted || would_block(&error) => {}
                result => return result,
            }
        }
    }

    /// Waits until a call on this side is worth trying.
    pub(crate) async fn ready(&self, side: Side) -> io::Result<()> {
        future::poll_fn(|context| self.handle.poll_budget(context)).await;
        Ready { registered: self, side, waiter: None }.await
    }

    /// Says that the side isn't ready, for whoever knows it otherwise than by a call that would block.
    pub(crate) fn clear_ready(&self, side: Side) {
        self.handle.clear_ready(self.key, side);
    }
}

impl<S: Source> Drop for Registered<S> {
    fn drop(&mut self) {
        self.release();
    }
}

/// Waits for one side to be ready.
struct Ready<'a, S: Source> {
    registered: &'a Registered<S>,
    side: Side,
    waiter: Option<WaiterKey>,
}

impl<S: Source> Future for Ready<'_, S> {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Registered { handle, key, .. } = self.registered;
        if handle.is_source_ready(*key, self.side)? {
            return Poll::Ready(Ok(()));
        }
        self.waiter = Some(handle.set_waiter(*key, self.side, self.waiter, context));
        Poll::Pending
    }
}

impl<S: Source> Drop for Ready<'_, S> {
    fn drop(&mut self) {
        if let Some(waiter) = self.waiter {
            self.registered.handle.remove_waiter(self.registered.key, self.side, waiter);
        }
    }
}

fn would_block(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}
