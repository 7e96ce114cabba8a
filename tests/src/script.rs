//! A script, and what one run under it leaves.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::log::{self, Entry, ScriptedPanic, Written};
use crate::subject::Subject;

/// After so many suspensions a run is ended by dropping the subject.
const MOST_SUSPENSIONS: usize = 60;

/// What is done to a subject: which values are sent, and how its life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// Which sequence of values is sent.
    pub sends: u64,
    /// Whether what can be moved is moved between resumptions.
    pub moves: bool,
    /// Drop the subject at this suspension; 0 is before it is started.
    pub drop_at: Option<usize>,
    /// Close it there, and drop it only afterwards.
    pub close_at: Option<usize>,
    /// Send an error at this suspension, counted from 1: throw it.
    pub throw_at: Option<usize>,
    /// Panic at this event, counted from 1.
    pub panic_at: Option<usize>,
}

impl Script {
    /// Resume until it completes.
    pub const TO_THE_END: Script =
        Script { sends: 0, moves: false, drop_at: None, close_at: None, throw_at: None, panic_at: None };
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "values sent: sequence {}", self.sends)?;
        if self.moves {
            write!(f, ", moved between resumptions")?;
        }
        if let Some(suspension) = self.drop_at {
            write!(f, ", dropped at suspension {suspension}")?;
        }
        if let Some(suspension) = self.close_at {
            write!(f, ", closed at suspension {suspension}")?;
        }
        if let Some(suspension) = self.throw_at {
            write!(f, ", an error thrown at suspension {suspension}")?;
        }
        if let Some(event) = self.panic_at {
            write!(f, ", panic at event {event}")?;
        }
        Ok(())
    }
}

/// What one run left.
#[derive(Clone, PartialEq, Eq)]
pub struct Trace {
    /// The log.
    pub entries: Vec<Entry>,
    /// How many times the subject was suspended.
    pub suspensions: usize,
    /// How many events there were.
    pub events: usize,
    /// Whether errors can be thrown into the subject.
    pub fallible: bool,
}

/// Makes a subject and takes it through `script`.
///
/// The arguments of a subject are made inside the run, so their drops are in the log too.
pub fn run(script: Script, make: &dyn Fn() -> Box<dyn Subject>) -> Trace {
    log::begin(script);
    let mut suspensions = 0;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut subject = make();
        log::record(Entry::Text("created".to_owned()));
        drive(&mut *subject, script, &mut suspensions);
        log::record(Entry::Text("let go".to_owned()));
    }));
    if let Err(payload) = outcome {
        log::record(Entry::Text(format!("unwound: {}", message(&*payload))));
    }
    let Written { entries, events, fallible } = log::finish();
    Trace { entries, suspensions, events, fallible }
}

/// Resumes until the subject completes or panics, or the script says to drop or close it.
///
/// A panic is caught here, with the subject still alive: what it drops afterwards must be what rustc's would.
fn drive(subject: &mut dyn Subject, script: Script, suspensions: &mut usize) {
    while script.drop_at != Some(*suspensions) && *suspensions < MOST_SUSPENSIONS {
        if script.close_at == Some(*suspensions) {
            subject.close();
            return log::record(Entry::Text("closed".to_owned()));
        }
        log::set_position(*suspensions);
        if script.moves {
            subject.move_on();
        }
        match catch_unwind(AssertUnwindSafe(|| subject.step(*suspensions))) {
            Ok(true) => *suspensions += 1,
            Ok(false) => return,
            Err(payload) => return log::record(Entry::Text(format!("panicked: {}", message(&*payload)))),
        }
    }
}

/// The words of a panic.
fn message(payload: &(dyn Any + Send)) -> String {
    if payload.is::<ScriptedPanic>() {
        return "as scripted".to_owned();
    }
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without words".to_owned())
}
