//! What a coroutine says to whoever uses it wrongly, where, and that it isn't hurt by it.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo};
use std::pin::pin;
use std::sync::Once;
use std::task::{Context, Poll, Waker};

use segue::{Coroutine, CoroutineState::*};

thread_local! {
    /// Where the last panic of this thread was raised.
    static RAISED: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
}

/// The message of the panic that `job` ends with, and the file and line it is told of.
fn panic_of<T>(job: impl FnOnce() -> T) -> (String, (String, u32)) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| panic::set_hook(Box::new(note)));
    let payload = match panic::catch_unwind(AssertUnwindSafe(job)) {
        Ok(_) => panic!("that should have panicked"),
        Err(payload) => payload,
    };
    let message = payload.downcast::<String>().map(|message| *message);
    let message =
        message.unwrap_or_else(|payload| payload.downcast_ref::<&str>().expect("a message").to_string());
    (message, RAISED.take().expect("the hook was called"))
}

fn note(info: &PanicHookInfo<'_>) {
    let at = info.location().expect("a panic has a location");
    RAISED.set(Some((at.file().to_owned(), at.line())));
}

/// The call that panics, with what is expected of its message, on one line.
macro_rules! panics {
    ($call:expr, $($part:literal),+) => {{
        let (message, at) = panic_of(|| $call);
        $(assert!(message.contains($part), "{message}");)+
        assert_eq!(at, here());
    }};
}

#[track_caller]
fn here() -> (String, u32) {
    let at = Location::caller();
    (at.file().to_owned(), at.line())
}

#[segue::coroutine(yield = u32, resume = u32)]
fn sum() -> u32 {
    let a = yield_!(1);
    let b = yield_!(2);
    a + b
}

#[segue::coroutine(yield = u32, resume = u32)]
fn twice(start: u32) -> u32 {
    let a = start + yield_!(0);
    a + yield_from!(sum())
}

#[segue::coroutine(yield = u32)]
fn count(n: u32) {
    for i in 0..n {
        yield_!(i);
    }
}

#[segue::coroutine(yield = u32)]
fn counts() {
    yield_from!(count(1));
    yield_!(7);
}

#[test]
fn a_value_sent_too_early_is_refused_and_the_machine_goes_on() {
    let mut sum = sum();
    panics!(sum.resume(1), "`misuse::sum` was resumed before it was started", "call `start()` first");
    assert_eq!(sum.start(), Yielded(1));
    assert_eq!(sum.resume(10), Yielded(2));
    assert_eq!(sum.resume(20), Complete(30));

    let mut twice = twice(100);
    panics!(twice.resume(1), "`misuse::twice` was resumed before it was started", "call `start()` first");
    assert_eq!(twice.start(), Yielded(0));
}

#[test]
fn a_second_start_is_refused_and_the_machine_goes_on() {
    let mut twice = twice(100);
    assert_eq!(twice.start(), Yielded(0));
    panics!(twice.start(), "`misuse::twice` was started a second time", "call `resume(value)`");
    assert_eq!(twice.resume(1), Yielded(1));
    // It delegates now; the child hears nothing of the mistake.
    panics!(twice.start(), "`misuse::twice` was started a second time", "call `resume(value)`");
    assert_eq!(twice.resume(10), Yielded(2));
    assert_eq!(twice.resume(20), Complete(131));

    let mut sum = sum();
    assert_eq!(sum.start(), Yielded(1));
    panics!(sum.start(), "`misuse::sum` was started a second time", "call `resume(value)`");
    assert_eq!(sum.resume(3), Yielded(2));
}

#[test]
fn with_nothing_to_send_start_and_resume_are_the_same() {
    let mut one = count(3);
    assert_eq!(one.resume(()), Yielded(0));
    assert_eq!(one.start(), Yielded(1));
    assert_eq!(one.next(), Some(2));
    let mut one = counts();
    assert_eq!(one.resume(()), Yielded(0));
    assert_eq!(one.start(), Yielded(7));
    assert_eq!(one.start(), Complete(()));
}

#[test]
fn what_is_complete_says_so_each_time() {
    let mut one = count(0);
    assert_eq!(one.start(), Complete(()));
    panics!(one.start(), "`misuse::count` was resumed after it had completed", "`CoroutineState::Complete`");
    panics!(one.resume(()), "`misuse::count` was resumed after it had completed");
    assert_eq!(one.next(), None);
    let mut one = counts();
    assert_eq!(one.by_ref().count(), 2);
    panics!(one.start(), "`misuse::counts` was resumed after it had completed");
    panics!(one.resume(()), "`misuse::counts` was resumed after it had completed");
    assert_eq!(one.next(), None);
    let mut sum = sum();
    let _ = (sum.start(), sum.resume(1), sum.resume(1));
    panics!(sum.resume(1), "`misuse::sum` was resumed after it had completed");
    panics!(sum.start(), "`misuse::sum` was resumed after it had completed");
}

#[segue::coroutine(yield = u32)]
fn fails() {
    yield_!(1);
    fail();
}

fn fail() {
    panic!("on purpose")
}

#[segue::coroutine(yield = u32)]
fn hands_over() {
    yield_from!(fails());
}

#[test]
fn what_has_panicked_says_so_each_time() {
    let mut fails = fails();
    assert_eq!(fails.start(), Yielded(1));
    assert_eq!(panic_of(|| fails.resume(())).0, "on purpose");
    panics!(fails.resume(()), "`misuse::fails` was resumed after it had panicked", "call the function again");
    panics!(fails.start(), "`misuse::fails` was resumed after it had panicked");
    panics!(fails.next(), "`misuse::fails` was resumed after it had panicked");

    let mut over = hands_over();
    assert_eq!(over.start(), Yielded(1));
    assert_eq!(panic_of(|| over.resume(())).0, "on purpose");
    panics!(over.resume(()), "`misuse::hands_over` was resumed after it had panicked");
    panics!(over.start(), "`misuse::hands_over` was resumed after it had panicked");
    panics!(over.next(), "`misuse::hands_over` was resumed after it had panicked");
}

struct Answer;

impl Answer {
    #[segue::coroutine(yield = u32, resume = u32)]
    fn asked(&self) {
        yield_!(42);
    }
}

#[test]
fn the_caller_is_named_through_a_reference_a_box_and_a_method() {
    let mut sum = sum();
    let by_reference = &mut sum;
    panics!(by_reference.resume(1), "`misuse::sum`");
    let mut boxed = Box::new(by_reference);
    panics!(boxed.resume(1), "`misuse::sum`");
    panics!(Answer.asked().resume(1), "`misuse::Answer::asked`");
}

#[segue::coroutine]
async fn ready() -> u32 {
    7
}

#[segue::coroutine]
async fn awaits_what_fails() {
    std::future::poll_fn(|_| -> Poll<()> { panic!("on purpose") }).await;
}

#[test]
fn a_future_says_so_too() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut ready = pin!(ready());
    assert_eq!(ready.as_mut().poll(&mut cx), Poll::Ready(7));
    for _ in 0..2 {
        let (message, _) = panic_of(|| ready.as_mut().poll(&mut cx));
        assert!(message.contains("`misuse::ready` was polled after it had completed"), "{message}");
    }
    let mut fails = pin!(awaits_what_fails());
    assert_eq!(panic_of(|| fails.as_mut().poll(&mut cx)).0, "on purpose");
    for _ in 0..2 {
        let (message, _) = panic_of(|| fails.as_mut().poll(&mut cx));
        assert!(
            message.contains("`misuse::awaits_what_fails` was polled after it had panicked"),
            "{message}"
        );
    }
}
