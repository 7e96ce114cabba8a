//! The tasks of a loop and the queue of those that are ready to run.
//!
//! Nothing here runs foreign code (futures, destructors, wakers): bodies and wakers go in and out by value, so that the
//! handle can let go of the table before it polls, drops or wakes anything.

use std::any::Any;
use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Waker;

use slab::Slab;

use crate::task::body::Body;
use crate::wake::{Inbox, TaskWaker};

/// Names a task. The id tells it from the tasks that had the same place before or will have it after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TaskKey {
    slot: usize,
    pub(crate) id: u64,
}

impl TaskKey {
    /// The future that `run` was called with. It lives on the stack of `run`; here it has only a place.
    pub(crate) const ROOT: TaskKey = TaskKey { slot: 0, id: 0 };
}

/// A task that can be polled.
pub(crate) struct Runnable {
    pub(crate) body: Pin<Box<dyn Body>>,
    pub(crate) waker: Waker,
}

/// How a task ended.
pub(crate) enum Outcome {
    /// The output is in the body.
    Finished(Pin<Box<dyn Body>>),
    Panicked(Box<dyn Any + Send>),
    Cancelled,
}

enum State {
    /// The root: polled by `run` itself.
    Root,
    Idle(Runnable),
    /// On the loop's stack at this moment.
    Polling,
    Done(Outcome),
}

struct Slot {
    id: u64,
    state: State,
    /// In the ready queue.
    scheduled: bool,
    /// To be dropped instead of polled at its next turn.
    aborted: bool,
    /// Nobody holds the `JoinHandle`: what the task leaves is dropped when it ends.
    detached: bool,
    /// Who awaits the `JoinHandle`.
    joiner: Option<Waker>,
}

/// What the loop does next.
pub(crate) enum Turn {
    PollRoot,
    Poll(TaskKey, Runnable),
    /// The task was aborted: drop it.
    Drop(TaskKey, Runnable),
}

/// What is left for the caller to wake and to drop when a task has ended.
pub(crate) struct Ended {
    pub(crate) joiner: Option<Waker>,
    /// The outcome, if nobody can ask for it any more.
    pub(crate) unclaimed: Option<Outcome>,
}

pub(crate) struct TaskTable {
    slots: Slab<Slot>,
    ready: VecDeque<TaskKey>,
    last_id: u64,
    inbox: Arc<Inbox>,
}

impl TaskTable {
    /// A table with the root in it, not yet scheduled.
    pub(crate) fn new(inbox: Arc<Inbox>) -> Self {
        let mut slots = Slab::new();
        let root = slots.insert(Slot::new(TaskKey::ROOT.id, State::Root));
        debug_assert_eq!(root, TaskKey::ROOT.slot);
        Self { slots, ready: VecDeque::new(), last_id: TaskKey::ROOT.id, inbox }
    }

    pub(crate) fn root_waker(&self) -> Waker {
        TaskWaker::new(TaskKey::ROOT, Arc::clone(&self.inbox)).into()
    }

    /// Adds a task at the end of the ready queue.
    pub(crate) fn spawn(&mut self, body: Pin<Box<dyn Body>>) -> TaskKey {
        let key = self.vacant_key();
        let waker = TaskWaker::new(key, Arc::clone(&self.inbox)).into();
        self.slots.insert(Slot::new(key.id, State::Idle(Runnable { body, waker })));
        self.schedule(key);
        key
    }

    /// Adds a task that was cancelled before it began, for a loop that is ending.
    pub(crate) fn spawn_cancelled(&mut self) -> TaskKey {
        let key = self.vacant_key();
        self.slots.insert(Slot::new(key.id, State::Done(Outcome::Cancelled)));
        key
    }

    fn vacant_key(&mut self) -> TaskKey {
        self.last_id += 1;
        TaskKey { slot: self.slots.vacant_key(), id: self.last_id }
    }

    fn get(&self, key: TaskKey) -> Option<&Slot> {
        self.slots.get(key.slot).filter(|slot| slot.id == key.id)
    }

    fn get_mut(&mut self, key: TaskKey) -> Option<&mut Slot> {
        self.slots.get_mut(key.slot).filter(|slot| slot.id == key.id)
    }

    /// Puts a task into the ready queue, unless it is there or has ended.
    pub(crate) fn schedule(&mut self, key: TaskKey) {
        let Some(slot) = self.get_mut(key) else { return };
        if !slot.scheduled && !slot.is_done() {
            slot.scheduled = true;
            self.ready.push_back(key);
        }
    }

    pub(crate) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Takes the next task from the ready queue.
    pub(crate) fn next_turn(&mut self) -> Option<Turn> {
        while let Some(key) = self.ready.pop_front() {
            let Some(slot) = self.get_mut(key) else { continue };
            slot.scheduled = false;
            match mem::replace(&mut slot.state, State::Polling) {
                State::Root => {
                    slot.state = State::Root;
                    return Some(Turn::PollRoot);
                }
                State::Idle(runnable) if slot.aborted => return Some(Turn::Drop(key, runnable)),
                State::Idle(runnable) => return Some(Turn::Poll(key, runnable)),
                other => slot.state = other,
            }
        }
        None
    }

    /// Puts back a task that is not done yet.
    pub(crate) fn put_back(&mut self, key: TaskKey, runnable: Runnable) {
        let slot = self.get_mut(key).expect("a task that is being polled keeps its place");
        slot.state = State::Idle(runnable);
    }

    /// Ends a task that was taken out to be polled or dropped.
    pub(crate) fn end(&mut self, key: TaskKey, outcome: Outcome) -> Ended {
        let slot = self.get_mut(key).expect("a task that is being polled keeps its place");
        let joiner = slot.joiner.take();
        if slot.detached {
            self.slots.remove(key.slot);
            return Ended { joiner, unclaimed: Some(outcome) };
        }
        slot.state = State::Done(outcome);
        Ended { joiner, unclaimed: None }
    }

    /// Asks for a task to be dropped at its next turn.
    pub(crate) fn abort(&mut self, key: TaskKey) {
        if let Some(slot) = self.get_mut(key) {
            slot.aborted = true;
            self.schedule(key);
        }
    }

    pub(crate) fn is_done(&self, key: TaskKey) -> bool {
        self.get(key).is_none_or(Slot::is_done)
    }

    /// The outcome of a task that has ended; the task is forgotten with it.
    pub(crate) fn claim(&mut self, key: TaskKey) -> Option<Outcome> {
        if !self.get(key)?.is_done() {
            return None;
        }
        match self.slots.remove(key.slot).state {
            State::Done(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Whether a wake of `waker` will follow the end of the task.
    pub(crate) fn is_joined_by(&self, key: TaskKey, waker: &Waker) -> bool {
        self.get(key).and_then(|slot| slot.joiner.as_ref()).is_some_and(|joiner| joiner.will_wake(waker))
    }

    /// Registers who awaits the task; the waker that was there before comes back to be dropped.
    pub(crate) fn set_joiner(&mut self, key: TaskKey, waker: Waker) -> Option<Waker> {
        self.get_mut(key)?.joiner.replace(waker)
    }

    /// The `JoinHandle` is gone. Gives what has to be dropped: the outcome of a task that has ended, or a joiner.
    pub(crate) fn detach(&mut self, key: TaskKey) -> Option<Ended> {
        if let Some(outcome) = self.claim(key) {
            return Some(Ended { joiner: None, unclaimed: Some(outcome) });
        }
        let slot = self.get_mut(key)?;
        slot.detached = true;
        Some(Ended { joiner: slot.joiner.take(), unclaimed: None })
    }

    /// The tasks that have not ended, the oldest first.
    pub(crate) fn unfinished(&self) -> Vec<TaskKey> {
        let mut keys: Vec<TaskKey> = self
            .slots
            .iter()
            .filter(|(_, slot)| matches!(slot.state, State::Idle(_)))
            .map(|(slot, task)| TaskKey { slot, id: task.id })
            .collect();
        keys.sort_unstable_by_key(|key| key.id);
        keys
    }

    /// Takes a task out to be dropped.
    pub(crate) fn take(&mut self, key: TaskKey) -> Option<Runnable> {
        let slot = self.get_mut(key)?;
        match mem::replace(&mut slot.state, State::Polling) {
            State::Idle(runnable) => Some(runnable),
            other => {
                slot.state = other;
                None
            }
        }
    }
}

impl Slot {
    fn new(id: u64, state: State) -> Self {
        Self { id, state, scheduled: false, aborted: false, detached: false, joiner: None }
    }

    fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }
}
