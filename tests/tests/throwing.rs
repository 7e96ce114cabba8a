//! `throw` and `close`: what PEP 342 and PEP 380 say of them, and what CPython's tests of those try.
//!
//! Each test names the test or the section whose behaviour it shows (of `Lib/test/test_generators.py` a doctest, by the text
//! that it stands in and its own words); the words and programs are our own.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use segue::{Coroutine, CoroutineState, CoroutineState::*, Throw};

type Log = RefCell<Vec<String>>;

/// Tells when it is dropped.
struct Told<'a>(&'static str, &'a Log);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.1.borrow_mut().push(format!("{} ends", self.0));
    }
}

fn note(log: &Log, what: impl Into<String>) {
    log.borrow_mut().push(what.into());
}

#[derive(Debug, PartialEq, Clone)]
enum Error {
    Value(i32),
    Key,
}

/// What is sent: a number, or an error that is thrown.
type Sent = Result<i32, Error>;

/// Catches what is thrown, and goes on.
#[segue::coroutine(yield = String, resume = Sent)]
fn catches(log: &Log) {
    let _told = Told("catches", log);
    let mut says = String::from("begun");
    loop {
        says = match yield_!(says) {
            Ok(n) => format!("got {n}"),
            Err(error) => format!("caught {error:?}"),
        };
    }
}

/// Lets what is thrown through.
#[segue::coroutine(yield = i32, resume = Sent)]
fn passes(log: &Log, from: i32) -> Result<i32, Error> {
    let _outer = Told("outer", log);
    let a = yield_!(from)?;
    let _inner = Told("inner", log);
    let b = yield_!(from + 1)?;
    Ok(a + b)
}

/// Delegates, and says what came of it.
#[segue::coroutine(yield = i32, resume = Sent)]
fn parent(log: &Log) -> Result<i32, Error> {
    let _parent = Told("parent", log);
    match yield_from!(passes(log, 10)) {
        Ok(n) => note(log, format!("child returned {n}")),
        Err(error) => note(log, format!("child raised {error:?}")),
    }
    let last = yield_from!(passes(log, 20))?;
    Ok(last)
}

/// test_generators, coroutine_tests, "Now check some throw() conditions": a thrown exception is caught, again and again.
#[test]
fn what_is_thrown_is_caught_where_it_is_suspended() {
    let log = Log::default();
    let mut it = catches(&log);
    assert_eq!(it.start(), Yielded("begun".into()));
    assert_eq!(it.throw(Error::Key), Ok(Yielded("caught Key".into())));
    assert_eq!(it.throw(Error::Value(1)), Ok(Yielded("caught Value(1)".into())));
    assert_eq!(it.resume(Ok(5)), Yielded("got 5".into()));
    assert_eq!(it.throw(Error::Value(2)), Ok(Yielded("caught Value(2)".into())));
}

/// test_generators, coroutine_tests, "terminate the generator": what nobody catches comes out, and it is over.
#[test]
fn what_is_not_caught_ends_it() {
    let log = Log::default();
    let mut it = passes(&log, 0);
    assert_eq!(it.start(), Yielded(0));
    assert_eq!(it.resume(Ok(1)), Yielded(1));
    assert_eq!(it.throw(Error::Key), Ok(Complete(Err(Error::Key))));
    assert_eq!(log.take(), ["inner ends", "outer ends"]);
    assert!(!it.is_resumable());
    assert!(catch_unwind(AssertUnwindSafe(|| it.resume(Ok(1)))).is_err());
}

/// test_generators, coroutine_tests, "throw on just-opened generator": the error comes back, the body never runs.
#[test]
fn thrown_before_the_start_it_comes_back() {
    let log = Log::default();
    let mut it = catches(&log);
    assert_eq!(it.throw(Error::Value(7)), Err(Error::Value(7)));
    assert_eq!(log.take(), [""; 0]);
    assert!(!it.is_resumable());
    let panic = catch_unwind(AssertUnwindSafe(|| it.start())).expect_err("it is over");
    let message = panic.downcast::<String>().expect("a message");
    assert!(message.contains("`throwing::catches` was resumed after it had been closed"), "{message}");
}

/// test_generators, coroutine_tests, "throw on closed generator": the error comes back each time.
#[test]
fn thrown_after_the_end_it_comes_back() {
    let log = Log::default();
    let mut it = passes(&log, 0);
    let _ = (it.start(), it.resume(Ok(1)), it.resume(Ok(1)));
    for _ in 0..2 {
        assert_eq!(it.throw(Error::Key), Err(Error::Key));
    }
    let mut it = catches(&log);
    it.start();
    it.close();
    assert_eq!(it.throw(Error::Key), Err(Error::Key));
}

/// test_generators, coroutine_tests, "Now let's try closing a generator": close runs what is to be run at the end, once.
#[test]
fn closed_it_drops_what_it_holds_once() {
    let log = Log::default();
    {
        let mut it = passes(&log, 0);
        assert_eq!((it.start(), it.resume(Ok(1))), (Yielded(0), Yielded(1)));
        it.close();
        assert_eq!(log.take(), ["inner ends", "outer ends"]);
        it.close();
    }
    assert_eq!(log.take(), [""; 0]);
}

#[segue::coroutine(yield = i32)]
fn owns(told: Told<'_>) {
    note(told.1, "runs");
    yield_!(1);
}

/// test_generators, coroutine_tests, "close on just-opened generator": nothing of it runs.
#[test]
fn closed_before_the_start_nothing_runs() {
    let log = Log::default();
    let mut it = owns(Told("argument", &log));
    it.close();
    assert_eq!(log.take(), ["argument ends"]);
    assert_eq!(it.next(), None);
    it.close();
    drop(it);
    assert_eq!(log.take(), [""; 0]);
}

/// PEP 342, "close": a closed generator raises StopIteration; one that has returned stays as it is.
#[test]
fn after_it_was_closed() {
    let log = Log::default();
    let mut it = owns(Told("argument", &log));
    assert_eq!(it.next(), Some(1));
    it.close();
    assert_eq!((it.next(), it.next()), (None, None));
    let panic = catch_unwind(AssertUnwindSafe(|| it.resume(()))).expect_err("it is closed");
    let message = panic.downcast::<String>().expect("a message");
    assert!(message.contains("`throwing::owns` was resumed after it had been closed"), "{message}");

    let mut it = owns(Told("argument", &log));
    assert_eq!(it.by_ref().count(), 1);
    it.close();
    let panic = catch_unwind(AssertUnwindSafe(|| it.resume(()))).expect_err("it is complete");
    let message = panic.downcast::<String>().expect("a message");
    assert!(message.contains("`throwing::owns` was resumed after it had completed"), "{message}");
}

/// test_pep380, test_delegating_throw: what is thrown is raised in the innermost frame, which ends first.
#[test]
fn thrown_into_a_delegation_it_is_raised_in_the_child() {
    let log = Log::default();
    let mut it = parent(&log);
    assert_eq!(it.start(), Yielded(10));
    assert_eq!(it.resume(Ok(1)), Yielded(11));
    assert_eq!(it.throw(Error::Value(3)), Ok(Yielded(20)));
    assert_eq!(log.take(), ["inner ends", "outer ends", "child raised Value(3)"]);
    assert_eq!(it.throw(Error::Key), Ok(Complete(Err(Error::Key))));
    assert_eq!(log.take(), ["outer ends", "parent ends"]);
}

/// test_pep380, test_catching_exception_from_subgen_and_returning, test_returning_value_from_delegated_throw: a child
/// that catches returns a value, and its parent sees nothing of the error.
#[test]
fn a_child_that_catches_returns_a_value() {
    #[segue::coroutine(yield = &'static str, resume = Sent)]
    fn child() -> &'static str {
        match yield_!("child") {
            Ok(_) => "went on",
            Err(_) => "caught it",
        }
    }
    #[segue::coroutine(yield = &'static str, resume = Sent)]
    fn parent() -> &'static str {
        let said = yield_from!(child());
        let _ = yield_!(said);
        "parent"
    }
    let mut it = parent();
    assert_eq!(it.start(), Yielded("child"));
    assert_eq!(it.throw(Error::Key), Ok(Yielded("caught it")));
    assert_eq!(it.resume(Ok(1)), Complete("parent"));
}

/// test_pep380, test_delegating_close: the child ends before its parent, the grandchild before both.
#[test]
fn closed_in_a_delegation_the_innermost_ends_first() {
    #[segue::coroutine(yield = i32, resume = Sent)]
    fn grandparent(log: &Log) {
        let _told = Told("grandparent", log);
        let _ = yield_from!(parent(log));
    }
    let log = Log::default();
    let mut it = grandparent(&log);
    assert_eq!((it.start(), it.resume(Ok(1))), (Yielded(10), Yielded(11)));
    it.close();
    assert_eq!(log.take(), ["inner ends", "outer ends", "parent ends", "grandparent ends"]);
    it.close();
    drop(it);
    assert_eq!(log.take(), [""; 0]);
}

#[segue::coroutine(yield = i32, resume = Sent)]
fn borrows<'a, C: Coroutine<Sent, Yield = i32, Return = Result<i32, Error>>>(child: &mut C, log: &'a Log) {
    let _told = Told("borrower", log);
    let _ = yield_from!(child);
}

/// PEP 380: "close() is called on the iterator", whoever else has it; a drop in Rust leaves it alone.
#[test]
fn a_child_that_is_lent_is_closed_but_not_dropped() {
    let log = Log::default();
    let mut child = passes(&log, 0);
    let mut it = borrows(&mut child, &log);
    it.start();
    it.close();
    assert_eq!(log.take(), ["outer ends", "borrower ends"]);
    drop(it);
    assert!(!child.is_resumable());

    let mut child = passes(&log, 0);
    let mut it = borrows(&mut child, &log);
    it.start();
    drop(it);
    assert_eq!(log.take(), ["borrower ends"]);
    assert!(child.is_resumable());
    assert_eq!(child.resume(Ok(1)), Yielded(1));
}

/// test_pep380, test_handing_exception_while_delegating_close: a destructor that panics in the child
/// ends the parent too, and the panic comes out of `close`.
#[test]
fn a_destructor_that_panics_comes_out_of_close() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("a destructor");
        }
    }
    #[segue::coroutine(yield = i32)]
    fn child(log: &Log) {
        let _told = Told("child", log);
        let _bomb = Bomb;
        yield_!(1);
    }
    #[segue::coroutine(yield = i32)]
    fn parent(log: &Log) {
        let _told = Told("parent", log);
        yield_from!(child(log));
    }
    let log = Log::default();
    let mut it = parent(&log);
    it.start();
    assert!(catch_unwind(AssertUnwindSafe(|| it.close())).is_err());
    assert_eq!(log.take(), ["child ends", "parent ends"]);
    assert!(!it.is_resumable());
    it.close();
    drop(it);
    assert_eq!(log.take(), [""; 0]);
}

/// test_pep380, test_delegation_of_close_to_non_generator: an iterator is only dropped.
#[test]
fn an_iterator_that_is_delegated_to_is_dropped() {
    struct Ones<'a>(Told<'a>);
    impl Iterator for Ones<'_> {
        type Item = i32;
        fn next(&mut self) -> Option<i32> {
            let _ = &self.0;
            Some(1)
        }
    }
    #[segue::coroutine(yield = i32)]
    fn ones(log: &Log) {
        let _told = Told("ones", log);
        yield_from!(Ones(Told("iterator", log)));
    }
    let log = Log::default();
    let mut it = ones(&log);
    it.start();
    it.close();
    assert_eq!(log.take(), ["iterator ends", "ones ends"]);
}

/// More than eight delegations: they are nested.
#[test]
fn the_ninth_delegation_is_closed_and_thrown_into() {
    #[segue::coroutine(yield = i32, resume = Sent)]
    fn nine(log: &Log) -> Result<i32, Error> {
        let _told = Told("nine", log);
        for skip in [true, false] {
            if !skip {
                yield_from!(passes(log, 9))?;
            }
            if !skip && log.borrow().len() > 99 {
                yield_from!(passes(log, 1))?;
                yield_from!(passes(log, 2))?;
                yield_from!(passes(log, 3))?;
                yield_from!(passes(log, 4))?;
                yield_from!(passes(log, 5))?;
                yield_from!(passes(log, 6))?;
                yield_from!(passes(log, 7))?;
            }
            if !skip {
                let caught = yield_from!(passes(log, 30));
                note(log, format!("{caught:?}"));
            }
        }
        yield_from!(passes(log, 40))
    }
    let log = Log::default();
    let mut it = nine(&log);
    assert_eq!(it.start(), Yielded(9));
    let _ = (it.resume(Ok(0)), it.resume(Ok(0)));
    assert_eq!(it.throw(Error::Key), Ok(Yielded(40)));
    assert_eq!(log.take(), ["inner ends", "outer ends", "outer ends", "Err(Key)"]);
    assert!(it.is_resumable());
    it.close();
    assert_eq!(log.take(), ["outer ends", "nine ends"]);
}

/// Generic code drives any of them, behind a `dyn` too.
#[test]
fn through_a_trait_object() {
    fn stop<Y, T>(it: &mut dyn Coroutine<Sent, Yield = Y, Return = T>) -> Option<CoroutineState<Y, T>> {
        let answer = it.throw(Error::Key).ok();
        it.close();
        answer
    }
    let log = Log::default();
    let mut it = catches(&log);
    assert_eq!(stop(&mut it), None);
    let mut it = Box::new(catches(&log));
    it.start();
    assert_eq!(stop(&mut *it), Some(Yielded("caught Key".into())));
    assert!(!it.is_resumable());
    assert_eq!(log.take(), ["catches ends"]);
}

/// With nothing to send, what isn't started can be resumed: that starts it.
#[test]
fn what_can_be_resumed() {
    let log = Log::default();
    let mut it = owns(Told("argument", &log));
    assert!(it.is_resumable());
    assert_eq!(it.resume(()), Yielded(1));
    assert!(it.is_resumable());
    assert_eq!(it.resume(()), Complete(()));
    assert!(!it.is_resumable());
}
