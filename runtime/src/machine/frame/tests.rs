//! What is dropped, when, and that it is dropped once.

use core::cell::RefCell;
use core::marker::PhantomPinned;
use core::ops::ControlFlow::{self, Break, Continue};
use core::pin::{Pin, pin};
use std::panic::{self, AssertUnwindSafe};
use std::string::String;
use std::vec::Vec;

use super::{Delegation, Frame, Open};

type Log = RefCell<Vec<&'static str>>;

/// Tells when it is dropped. It owns memory: what is dropped twice or never is found by Miri too.
struct Told<'a> {
    name: String,
    log: &'a Log,
}

fn told<'a>(name: &'static str, log: &'a Log) -> Told<'a> {
    Told { name: name.into(), log }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.log.borrow_mut().push(match &*self.name {
            "arguments" => "arguments",
            "variables" => "variables",
            "delegate" => "delegate",
            _ => "bomb",
        });
        assert!(self.name != "bomb" || std::thread::panicking(), "a destructor that panics");
    }
}

/// A delegate that must stay where it is, and knows whether it did.
struct Fixed<'a> {
    told: Told<'a>,
    at: *const Self,
    _pinned: PhantomPinned,
}

fn fixed<'a>(name: &'static str, log: &'a Log) -> Fixed<'a> {
    Fixed { told: told(name, log), at: core::ptr::null(), _pinned: PhantomPinned }
}

impl Fixed<'_> {
    fn visit(self: Pin<&mut Self>) {
        let here = core::ptr::from_ref(&*self);
        // SAFETY: nothing is moved.
        let this = unsafe { self.get_unchecked_mut() };
        assert!(this.at.is_null() || this.at == here, "a pinned delegate was moved");
        this.at = here;
    }
}

impl Drop for Fixed<'_> {
    fn drop(&mut self) {
        assert!(self.at.is_null() || self.at == core::ptr::from_ref(self), "a pinned delegate was moved");
        let _ = &self.told;
    }
}

type Machine<'a> = Frame<Told<'a>, Told<'a>, Delegation<Fixed<'a>, Told<'a>>>;

/// From its arguments to a delegate.
fn wait<'a>(frame: Pin<&mut Machine<'a>>, name: &'static str, log: &'a Log) {
    let Open::Start(arguments) = frame.open() else { panic!("it begins") };
    let (arguments, vacant) = arguments.take();
    drop(arguments);
    vacant.wait(fixed(name, log), told("variables", log));
}

fn run<'a, O>(
    frame: Pin<&mut Machine<'a>>,
    run: impl FnOnce(Pin<&mut Fixed<'a>>) -> ControlFlow<O>,
) -> Option<(Told<'a>, O)> {
    let Open::Waiting(waiting) = frame.open() else { panic!("it waits") };
    match waiting.run(run) {
        Continue(()) => None,
        Break((state, outcome, vacant)) => {
            vacant.complete();
            Some((state, outcome))
        }
    }
}

fn is_over(frame: Pin<&mut Machine<'_>>) -> Option<bool> {
    match frame.open() {
        Open::Over(over) => Some(over.ending() == super::Ending::Completed),
        _ => None,
    }
}

#[test]
fn arguments_that_are_never_taken_are_dropped() {
    let log = Log::default();
    drop(Machine::new(told("arguments", &log)));
    assert_eq!(log.take(), ["arguments"]);
}

#[test]
fn a_delegate_stays_in_place_and_goes_before_the_variables_come_out() {
    let log = Log::default();
    let mut frame = pin!(Machine::new(told("arguments", &log)));
    wait(frame.as_mut(), "delegate", &log);
    assert_eq!(log.take(), ["arguments"]);
    for _ in 0..2 {
        let done = run(frame.as_mut(), |delegate| {
            delegate.visit();
            Continue::<()>(())
        });
        assert!(done.is_none());
    }
    let (state, outcome) = run(frame.as_mut(), |_| Break(7)).expect("it is done");
    assert_eq!((log.take(), outcome), (["delegate"].to_vec(), 7));
    drop(state);
    assert_eq!(is_over(frame), Some(true));
    assert_eq!(log.take(), ["variables"]);
}

#[test]
fn a_frame_that_waits_drops_the_delegate_first() {
    let log = Log::default();
    {
        let mut frame = pin!(Machine::new(told("arguments", &log)));
        wait(frame.as_mut(), "delegate", &log);
    }
    assert_eq!(log.take(), ["arguments", "delegate", "variables"]);
}

#[test]
fn a_delegate_that_panics_is_dropped_and_then_the_variables() {
    let log = Log::default();
    let mut frame = pin!(Machine::new(told("arguments", &log)));
    wait(frame.as_mut(), "delegate", &log);
    log.take();
    let panicked = panic::catch_unwind(AssertUnwindSafe(|| {
        run::<()>(frame.as_mut(), |delegate| {
            delegate.visit();
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(log.take(), ["delegate", "variables"]);
    assert_eq!(is_over(frame), Some(false));
}

#[test]
fn a_delegate_whose_destructor_panics_leaves_nothing() {
    let log = Log::default();
    let mut frame = pin!(Machine::new(told("arguments", &log)));
    wait(frame.as_mut(), "bomb", &log);
    log.take();
    let panicked = panic::catch_unwind(AssertUnwindSafe(|| run(frame.as_mut(), |_| Break(()))));
    assert!(panicked.is_err());
    assert_eq!(log.take(), ["bomb", "variables"]);
    assert_eq!(is_over(frame), Some(false));
}

#[test]
fn a_frame_that_nobody_fills_has_panicked() {
    let log = Log::default();
    let mut frame = pin!(Machine::new(told("arguments", &log)));
    assert!(frame.is_start());
    {
        let Open::Start(arguments) = frame.as_mut().open() else { panic!("it begins") };
        let _ = arguments.take();
    }
    assert_eq!(log.take(), ["arguments"]);
    assert_eq!(is_over(frame.as_mut()), Some(false));
    assert!(frame.is_over() && !frame.is_done() && !frame.is_suspended() && frame.state().is_none());
}

#[test]
fn a_frame_is_closed_once() {
    let log = Log::default();
    let mut frame = pin!(Machine::new(told("arguments", &log)));
    frame.as_mut().close();
    assert_eq!(log.take(), ["arguments"]);
    frame.as_mut().close();
    assert!(frame.is_done() && log.take().is_empty());

    let mut frame = pin!(Machine::new(told("arguments", &log)));
    wait(frame.as_mut(), "delegate", &log);
    log.take();
    frame.as_mut().close();
    assert_eq!(log.take(), ["delegate", "variables"]);
    assert!(frame.is_done() && !frame.is_suspended());
}

#[test]
fn a_frame_is_closed_though_a_destructor_panics() {
    let log = Log::default();
    let mut frame = pin!(Machine::new(told("arguments", &log)));
    wait(frame.as_mut(), "bomb", &log);
    log.take();
    assert!(panic::catch_unwind(AssertUnwindSafe(|| frame.as_mut().close())).is_err());
    assert_eq!(log.take(), ["bomb", "variables"]);
    assert!(frame.is_done());
}

#[test]
fn variables_are_seen_taken_and_put_back() {
    let log = Log::default();
    let mut frame = pin!(Machine::suspended(told("variables", &log)));
    for _ in 0..2 {
        assert!(frame.is_suspended() && !frame.is_start());
        assert_eq!(frame.state().expect("they are there").name, "variables");
        let Open::Suspended(state) = frame.as_mut().open() else { panic!("it is suspended") };
        let (state, vacant) = state.take();
        vacant.suspend(state);
    }
    assert_eq!(log.borrow().len(), 0);
}
