//! The work queue: workers take jobs from it, and whoever waits on [`Queue::join`] learns when all of them are done.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::ops::Deref;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A queue of jobs, asyncio's `Queue` in small. A clone is the same queue.
pub(crate) struct Queue<T> {
    state: Rc<RefCell<State<T>>>,
}

struct State<T> {
    waiting: VecDeque<T>,
    /// Jobs put and not yet done, taken or not.
    unfinished: usize,
    closed: bool,
    getters: VecDeque<Waker>,
    joiners: Vec<Waker>,
}

/// A job taken from the queue. It is done when this is dropped, even by a panic.
pub(crate) struct Job<T> {
    item: T,
    queue: Queue<T>,
}

impl<T> Queue<T> {
    /// An empty queue.
    pub(crate) fn new() -> Self {
        let state = State {
            waiting: VecDeque::new(),
            unfinished: 0,
            closed: false,
            getters: VecDeque::new(),
            joiners: Vec::new(),
        };
        Self { state: Rc::new(RefCell::new(state)) }
    }

    /// Adds a job, unless the queue is closed.
    pub(crate) fn put(&self, item: T) {
        let mut state = self.state.borrow_mut();
        if state.closed {
            return;
        }
        state.waiting.push_back(item);
        state.unfinished += 1;
        if let Some(getter) = state.getters.pop_front() {
            getter.wake();
        }
    }

    /// Waits for a job; `None` once the queue is closed.
    #[segue::coroutine]
    pub(crate) async fn get(&self) -> Option<Job<T>> {
        poll_fn(|cx| self.poll_get(cx)).await
    }

    /// Waits until every job that was put is done, or the queue is closed.
    #[segue::coroutine]
    pub(crate) async fn join(&self) {
        poll_fn(|cx| self.poll_join(cx)).await;
    }

    /// Ends the work: jobs not yet taken are dropped, and nobody waits any longer.
    pub(crate) fn close(&self) {
        let mut state = self.state.borrow_mut();
        state.closed = true;
        state.waiting.clear();
        state.getters.drain(..).for_each(Waker::wake);
        state.joiners.drain(..).for_each(Waker::wake);
    }

    fn poll_get(&self, cx: &Context<'_>) -> Poll<Option<Job<T>>> {
        let mut state = self.state.borrow_mut();
        if state.closed {
            return Poll::Ready(None);
        }
        match state.waiting.pop_front() {
            Some(item) => Poll::Ready(Some(Job { item, queue: self.clone() })),
            None => {
                state.getters.push_back(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn poll_join(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.state.borrow_mut();
        if state.closed || state.unfinished == 0 {
            return Poll::Ready(());
        }
        state.joiners.push(cx.waker().clone());
        Poll::Pending
    }

    fn task_done(&self) {
        let mut state = self.state.borrow_mut();
        state.unfinished -= 1;
        if state.unfinished == 0 {
            state.joiners.drain(..).for_each(Waker::wake);
        }
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone() }
    }
}

impl<T> Deref for Job<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.queue.task_done();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Polls once, with a waker that does nothing.
    fn once<T>(future: impl Future<Output = T>) -> Poll<T> {
        std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn joined_when_the_last_job_is_dropped() {
        let queue = Queue::new();
        assert!(once(queue.join()).is_ready(), "nothing to do");
        queue.put(1);
        let Poll::Ready(Some(job)) = once(queue.get()) else { panic!("there is a job") };
        assert_eq!(*job, 1);
        assert!(once(queue.get()).is_pending() && once(queue.join()).is_pending());
        queue.put(2);
        drop(job);
        assert!(once(queue.join()).is_pending(), "a job that nobody took isn't done");
        drop(once(queue.get()));
        assert!(once(queue.join()).is_ready());
    }

    #[test]
    fn a_closed_queue_holds_nobody() {
        let queue = Queue::new();
        queue.put(1);
        queue.close();
        queue.put(2);
        assert!(matches!(once(queue.get()), Poll::Ready(None)));
        assert!(once(queue.join()).is_ready());
    }
}
