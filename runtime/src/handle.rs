//! The handle: all that tasks, timers, sockets and signals know of the loop.
//!
//! A loop belongs to a thread, and so do its handles. A handle may outlive its loop; then it is closed, and whoever
//! asks through it gets an error, a cancelled task or an end, but never waits for what will not come.
//!
//! The parts of a loop lie in cells of their own. No cell is borrowed while foreign code runs (a future, a destructor,
//! a waker), for that code may come back here.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use mio::event::Source;

use crate::poller::{Poller, Side, SourceKey, WaiterKey};
use crate::task::{Body, Outcome, Runnable, TaskKey, TaskTable, Turn, discard};
use crate::timers::{TimerKey, Timers};
use crate::wake::{Inbox, TaskWaker};

/// How many I/O operations in a row a task may find ready before it has to let others run.
const IO_BUDGET: u32 = 128;

/// How many timers fire in a turn of the loop; the others that are due have to wait for the next. A million timers of one
/// moment must not keep the loop from its sockets.
const TIMERS_PER_TURN: usize = 256;

thread_local! {
    static CURRENT: RefCell<Option<Handle>> = const { RefCell::new(None) };
}

/// A reference to a loop of this thread.
#[derive(Clone)]
pub(crate) struct Handle(Rc<Shared>);

struct Shared {
    tasks: RefCell<TaskTable>,
    timers: RefCell<Timers>,
    poller: RefCell<Poller>,
    inbox: Arc<Inbox>,
    /// The clock as this turn of the loop has read it.
    now: Cell<Instant>,
    /// What is left of the running task's `IO_BUDGET`.
    budget: Cell<u32>,
    /// The loop has ended, or is ending.
    closed: Cell<bool>,
}

impl Handle {
    pub(crate) fn new() -> io::Result<Self> {
        let inbox = Inbox::new();
        Ok(Self(Rc::new(Shared {
            tasks: RefCell::new(TaskTable::new(Arc::clone(&inbox))),
            timers: RefCell::default(),
            poller: RefCell::new(Poller::new()?),
            inbox,
            now: Cell::new(Instant::now()),
            budget: Cell::new(IO_BUDGET),
            closed: Cell::new(false),
        })))
    }

    /// The loop that runs on this thread, for `caller`, which is named if there is none.
    #[track_caller]
    pub(crate) fn current(caller: &str) -> Self {
        match Self::with_current(Self::clone) {
            Some(handle) => handle,
            None => panic!("{caller} needs a running loop: call it inside of `segue::run`"),
        }
    }

    /// Calls `f` with the loop that runs on this thread, if one does.
    pub(crate) fn with_current<T>(f: impl FnOnce(&Self) -> T) -> Option<T> {
        // The cell is gone while the thread ends; a destructor there may still wake a task.
        CURRENT.try_with(|current| current.try_borrow().ok()?.as_ref().map(f)).ok()?
    }

    /// Makes this the loop that runs on this thread, or, with `None`, says that none does.
    pub(crate) fn set_current(handle: Option<Self>) {
        let before = CURRENT.with(|current| current.replace(handle));
        drop(before);
    }

    /// Ending or ended: nothing new is taken up.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.get()
    }

    /// Whether wakes for this inbox are wakes for this loop.
    pub(crate) fn owns(&self, inbox: &Arc<Inbox>) -> bool {
        Arc::ptr_eq(&self.0.inbox, inbox)
    }
}

/// Tasks.
impl Handle {
    pub(crate) fn spawn(&self, body: Pin<Box<dyn Body>>) -> TaskKey {
        self.0.tasks.borrow_mut().spawn(body)
    }

    pub(crate) fn spawn_cancelled(&self) -> TaskKey {
        self.0.tasks.borrow_mut().spawn_cancelled()
    }

    pub(crate) fn root_waker(&self) -> Waker {
        self.0.tasks.borrow().root_waker()
    }

    /// Puts a task into the ready queue. False if that can't be done now, and the inbox has to be used.
    pub(crate) fn schedule(&self, task: TaskKey) -> bool {
        self.0.tasks.try_borrow_mut().map(|mut tasks| tasks.schedule(task)).is_ok()
    }

    pub(crate) fn abort(&self, task: TaskKey) {
        self.0.tasks.borrow_mut().abort(task);
    }

    pub(crate) fn is_done(&self, task: TaskKey) -> bool {
        self.0.tasks.borrow().is_done(task)
    }

    /// The outcome of a task, once it has ended.
    pub(crate) fn poll_join(&self, task: TaskKey, context: &Context<'_>) -> Poll<Outcome> {
        let mut tasks = self.0.tasks.borrow_mut();
        if let Some(outcome) = tasks.claim(task) {
            return Poll::Ready(outcome);
        }
        if !tasks.is_joined_by(task, context.waker()) {
            drop(tasks);
            let waker = context.waker().clone();
            let before = self.0.tasks.borrow_mut().set_joiner(task, waker);
            drop(before);
        }
        Poll::Pending
    }

    /// The `JoinHandle` of the task is dropped.
    pub(crate) fn detach(&self, task: TaskKey) {
        let left = self.0.tasks.borrow_mut().detach(task);
        if let Some(outcome) = left.and_then(|ended| ended.unclaimed) {
            discard(task, outcome);
        }
    }
}

/// Timers.
impl Handle {
    /// The clock as this turn has read it.
    pub(crate) fn now(&self) -> Instant {
        self.0.now.get()
    }

    pub(crate) fn insert_timer(&self, at: Instant, context: &Context<'_>) -> TimerKey {
        let waker = context.waker().clone();
        self.0.timers.borrow_mut().insert(at, waker)
    }

    /// Ready once the timer has fired.
    pub(crate) fn poll_timer(&self, timer: TimerKey, context: &Context<'_>) -> Poll<()> {
        let mut timers = self.0.timers.borrow_mut();
        if timers.has_fired(timer) {
            return Poll::Ready(());
        }
        if timers.waker_mut(timer).is_some_and(|waker| !waker.will_wake(context.waker())) {
            drop(timers);
            let mut waker = context.waker().clone();
            if let Some(place) = self.0.timers.borrow_mut().waker_mut(timer) {
                std::mem::swap(place, &mut waker);
            }
        }
        Poll::Pending
    }

    pub(crate) fn remove_timer(&self, timer: TimerKey) {
        let waker = self.0.timers.borrow_mut().remove(timer);
        drop(waker);
    }
}

/// Input and output.
impl Handle {
    pub(crate) fn register(&self, source: &mut impl Source) -> io::Result<SourceKey> {
        self.0.poller.borrow_mut().register(source)
    }

    pub(crate) fn deregister(&self, key: SourceKey, source: &mut impl Source) {
        let wakers = self.0.poller.borrow_mut().deregister(key, source);
        drop(wakers);
    }

    /// Whether the next call on this side of a source is worth trying, and fails if there is no loop any more.
    pub(crate) fn is_source_ready(&self, key: SourceKey, side: Side) -> io::Result<bool> {
        self.0.poller.borrow().is_ready(key, side)
    }

    /// The last call on this side found nothing to do: wait for the selector to speak.
    pub(crate) fn clear_ready(&self, key: SourceKey, side: Side) {
        self.0.poller.borrow_mut().clear_ready(key, side);
    }

    /// The last call on this side did less than it could have: the next one would find nothing to do.
    pub(crate) fn drained(&self, key: SourceKey, side: Side) {
        self.0.poller.borrow_mut().drained(key, side);
    }

    /// Registers the one waker that a `poll_` method of this side wakes. A different one that was there is woken: two
    /// tasks that poll the same side take turns, and neither is lost.
    pub(crate) fn set_poller(&self, key: SourceKey, side: Side, context: &Context<'_>) {
        if self.0.poller.borrow().is_polled_by(key, side, context.waker()) {
            return;
        }
        let waker = context.waker().clone();
        let before = self.0.poller.borrow_mut().set_poller(key, side, waker);
        if let Some(before) = before {
            before.wake();
        }
    }

    /// Registers one of any number of waiting futures.
    pub(crate) fn set_waiter(
        &self,
        key: SourceKey,
        side: Side,
        waiter: Option<WaiterKey>,
        context: &Context<'_>,
    ) -> WaiterKey {
        let waker = context.waker().clone();
        let (waiter, before) = self.0.poller.borrow_mut().set_waiter(key, side, waiter, waker);
        drop(before);
        waiter
    }

    pub(crate) fn remove_waiter(&self, key: SourceKey, side: Side, waiter: WaiterKey) {
        let waker = self.0.poller.borrow_mut().remove_waiter(key, side, waiter);
        drop(waker);
    }

    /// Counts an I/O operation. When a task has had many in a row without waiting, it is made to give the others a
    /// turn: a peer that sends faster than the task reads would hold the loop for ever.
    pub(crate) fn poll_budget(&self, context: &Context<'_>) -> Poll<()> {
        let left = self.0.budget.get();
        if left == 0 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.0.budget.set(left - 1);
        Poll::Ready(())
    }
}

/// What only the loop itself calls.
impl Handle {
    pub(crate) fn next_turn(&self) -> Option<Turn> {
        self.0.budget.set(IO_BUDGET);
        self.0.tasks.borrow_mut().next_turn()
    }

    pub(crate) fn has_ready(&self) -> bool {
        self.0.tasks.borrow().has_ready()
    }

    pub(crate) fn put_back(&self, task: TaskKey, runnable: Runnable) {
        self.0.tasks.borrow_mut().put_back(task, runnable);
    }

    pub(crate) fn end(&self, task: TaskKey, outcome: Outcome) {
        let ended = self.0.tasks.borrow_mut().end(task, outcome);
        if let Some(joiner) = ended.joiner {
            joiner.wake();
        }
        if let Some(outcome) = ended.unclaimed {
            discard(task, outcome);
        }
    }

    pub(crate) fn unfinished(&self) -> Vec<TaskKey> {
        self.0.tasks.borrow().unfinished()
    }

    pub(crate) fn take_task(&self, task: TaskKey) -> Option<Runnable> {
        self.0.tasks.borrow_mut().take(task)
    }

    /// Takes up the wakes from other threads. `mail` is an empty vector to work with.
    pub(crate) fn read_inbox(&self, mail: &mut Vec<Arc<TaskWaker>>) {
        if self.0.inbox.has_mail() {
            self.0.inbox.collect(mail);
            for waker in mail.drain(..) {
                self.schedule(waker.unpost());
            }
        }
    }

    /// Asks the selector what became ready, and puts the wakers that wait for it into `woken`. Sleeps, at longest until
    /// the next timer, if there is nothing else to do.
    pub(crate) fn select(&self, woken: &mut Vec<Waker>) -> io::Result<()> {
        let mut poller = self.0.poller.borrow_mut();
        if self.has_ready() || !self.0.inbox.park(poller.selector_waker()) {
            return poller.poll_now(woken);
        }
        let deadline = self.0.timers.borrow_mut().next_deadline();
        let timeout = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        let result = poller.poll(timeout, woken);
        self.0.inbox.unpark();
        result
    }

    /// Reads the clock and wakes whoever waited for a time that has come.
    pub(crate) fn fire_timers(&self) {
        let now = Instant::now();
        self.0.now.set(now);
        for _ in 0..TIMERS_PER_TURN {
            let fired = self.0.timers.borrow_mut().fire_next(now);
            let Some(waker) = fired else { return };
            waker.wake();
        }
    }

    /// From here on nothing new is taken up.
    pub(crate) fn begin_close(&self) {
        self.0.closed.set(true);
    }

    /// Lets go of timers, sources and the inbox. Whoever waits for them is woken, to find the loop closed.
    pub(crate) fn finish_close(&self) {
        let mut woken = self.0.timers.borrow_mut().close();
        self.0.poller.borrow_mut().close(&mut woken);
        self.0.inbox.close();
        for waker in woken {
            waker.wake();
        }
    }
}
