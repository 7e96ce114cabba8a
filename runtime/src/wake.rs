//! Wakers: a plain queue on the loop's own thread, an inbox from every other.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Wake;

use crate::handle::Handle;
use crate::task::TaskKey;

/// What the `Waker` of a task points to. It names the task and its loop but owns neither, so a waker that outlives
/// them is harmless.
pub(crate) struct TaskWaker {
    task: TaskKey,
    inbox: Arc<Inbox>,
    /// This waker lies in the inbox already: another wake from afar adds nothing.
    posted: AtomicBool,
}

impl TaskWaker {
    pub(crate) fn new(task: TaskKey, inbox: Arc<Inbox>) -> Arc<Self> {
        Arc::new(Self { task, inbox, posted: AtomicBool::new(false) })
    }

    /// Schedules the task without an atomic operation, if this is the thread on which its loop is running now.
    fn wake_here(&self) -> bool {
        Handle::with_current(|handle| handle.owns(&self.inbox) && handle.schedule(self.task)).unwrap_or(false)
    }

    /// Takes the wake out of the inbox. Whatever was written before a wake that found `posted` set must be seen by the
    /// poll that follows, so this is an acquiring swap and not a store.
    pub(crate) fn unpost(&self) -> TaskKey {
        self.posted.swap(false, Ordering::AcqRel);
        self.task
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        if !self.wake_here() && !self.posted.swap(true, Ordering::AcqRel) {
            let inbox = Arc::clone(&self.inbox);
            inbox.post(self);
        }
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.wake_here() && !self.posted.swap(true, Ordering::AcqRel) {
            self.inbox.post(Arc::clone(self));
        }
    }
}

/// Where wakes from outside the loop's thread wait for it: the only part of a loop that other threads can reach.
pub(crate) struct Inbox {
    /// A hint that lets a busy loop look without taking the lock. Written under the lock.
    has_mail: AtomicBool,
    state: Mutex<State>,
}

struct State {
    mail: Vec<Arc<TaskWaker>>,
    /// Present while the loop sleeps in its selector, or is about to: whoever takes it must wake the selector.
    sleeper: Option<Arc<mio::Waker>>,
    /// The loop has ended: there is nobody to read the mail.
    closed: bool,
}

impl Inbox {
    pub(crate) fn new() -> Arc<Self> {
        let state = State { mail: Vec::new(), sleeper: None, closed: false };
        Arc::new(Self { has_mail: AtomicBool::new(false), state: Mutex::new(state) })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, waker: Arc<TaskWaker>) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        state.mail.push(waker);
        self.has_mail.store(true, Ordering::Release);
        let sleeper = state.sleeper.take();
        drop(state);
        if let Some(selector) = sleeper {
            // Failing to write to an eventfd or a pipe of our own means the process is past helping.
            selector.wake().expect("segue: the selector of the event loop can't be woken");
        }
    }

    pub(crate) fn has_mail(&self) -> bool {
        self.has_mail.load(Ordering::Acquire)
    }

    /// Announces that the loop is going to sleep. False if there is mail, and then it must not.
    pub(crate) fn park(&self, selector: &Arc<mio::Waker>) -> bool {
        let mut state = self.lock();
        let may_sleep = state.mail.is_empty();
        if may_sleep {
            state.sleeper = Some(Arc::clone(selector));
        }
        may_sleep
    }

    /// The sleep is over: nobody need wake the selector.
    pub(crate) fn unpark(&self) {
        self.lock().sleeper = None;
    }

    /// Swaps the mail with the empty `out`.
    pub(crate) fn collect(&self, out: &mut Vec<Arc<TaskWaker>>) {
        let mut state = self.lock();
        mem::swap(&mut state.mail, out);
        self.has_mail.store(false, Ordering::Relaxed);
    }

    /// Refuses all mail from here on, and lets go of what came.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.sleeper = None;
        let mail = mem::take(&mut state.mail);
        drop(state);
        drop(mail);
    }
}
