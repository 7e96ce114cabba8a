//! What a run leaves behind: one log a thread, of values, effects and drops, in the order in which they happened.
//!
//! The log is also what steers a run: it counts events and panics at the one that the script names, and it knows which
//! resumption is under way, from which the values sent are made. Thread-local, since bodies must be able to write to it
//! without being handed anything.

use std::cell::RefCell;
use std::fmt;

use crate::script::Script;

/// Runs with more events than this are cut off: a lowering that loops for ever must not hang the tester.
const MOST_EVENTS: usize = 5_000;

/// How many turns all loops of a run may take together.
const FUEL: usize = 24;

/// One line of the log.
#[derive(Clone, PartialEq, Eq)]
pub enum Entry {
    /// `ev(n)`, or another call with an effect.
    Effect(i64),
    /// A guard with this number was made.
    Made(i64),
    /// A guard with this number was dropped.
    Dropped(i64),
    /// Anything else: a value yielded or returned, the mark of a script.
    Text(String),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Effect(n) => write!(f, "ev {n}"),
            Entry::Made(n) => write!(f, "made {n}"),
            Entry::Dropped(n) => write!(f, "drop {n}"),
            Entry::Text(text) => f.write_str(text),
        }
    }
}

/// The payload of a panic that the script asked for.
pub struct ScriptedPanic;

/// The log of the run under way.
struct Log {
    entries: Vec<Entry>,
    events: usize,
    fuel: usize,
    position: usize,
    /// Whether an error could have been sent somewhere.
    fallible: bool,
    script: Script,
}

impl Log {
    /// One in which nothing is written yet.
    const fn new(script: Script) -> Log {
        Log { entries: Vec::new(), events: 0, fuel: FUEL, position: 0, fallible: false, script }
    }
}

/// What a run wrote, and how much there was of it.
pub(crate) struct Written {
    pub(crate) entries: Vec<Entry>,
    pub(crate) events: usize,
    pub(crate) fallible: bool,
}

thread_local! {
    static LOG: RefCell<Log> = const { RefCell::new(Log::new(Script::TO_THE_END)) };
}

/// Empties the log for a run under `script`.
pub(crate) fn begin(script: Script) {
    LOG.set(Log::new(script));
}

/// Takes what was written since [`begin`].
pub(crate) fn finish() -> Written {
    let Log { entries, events, fallible, .. } = LOG.replace(Log::new(Script::TO_THE_END));
    Written { entries, events, fallible }
}

/// Writes one line. Not an event: it never panics.
pub fn record(entry: Entry) {
    LOG.with_borrow_mut(|log| log.entries.push(entry));
}

/// Writes one line and counts it as an event, at which the script may have asked for a panic.
pub fn event(entry: Entry) {
    let (events, panic_at) = LOG.with_borrow_mut(|log| {
        log.entries.push(entry);
        log.events += 1;
        (log.events, log.script.panic_at)
    });
    if Some(events) == panic_at {
        std::panic::resume_unwind(Box::new(ScriptedPanic));
    }
    assert!(events < MOST_EVENTS, "a run of {MOST_EVENTS} events does not end");
}

/// Whether the loops of this run may take another turn.
pub fn fuel() -> bool {
    LOG.with_borrow_mut(|log| {
        let left = log.fuel > 0;
        log.fuel = log.fuel.saturating_sub(1);
        left
    })
}

/// Says which resumption comes next; [`position`] gives it back.
pub(crate) fn set_position(position: usize) {
    LOG.with_borrow_mut(|log| log.position = position);
}

/// Which resumption is under way, and which sequence of values the script sends.
pub(crate) fn position() -> (u64, usize) {
    LOG.with_borrow(|log| (log.script.sends, log.position))
}

/// Whether the script says that what is sent at this suspension is an error.
///
/// To ask says that it can be one: only then are there scripts that do it.
pub(crate) fn throws_at(position: usize) -> bool {
    LOG.with_borrow_mut(|log| {
        log.fallible = true;
        log.script.throw_at == Some(position)
    })
}
