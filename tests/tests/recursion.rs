//! Functions that delegate to themselves: compared with rustc's own, which are boxed; then how deep they go, and how they
//! are dropped; then what is boxed with us too.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use segue::{Coroutine, CoroutineState::*, Throw};
use segue_tests::prelude::*;

/// `differential!` for a body that calls itself by `$me`: on rustc's side that is a function that boxes it.
macro_rules! recursive {
    ($name:ident = $($subject:expr),+; boxed($($arg:ident: $ty:ty),*) -> $output:ty; $($rule:tt)*) => {
        #[allow(clippy::all, dead_code, unused, reason = "bodies are written for what they show")]
        mod $name {
            use super::*;

            macro_rules! items {
                $($rule)*
            }

            mod ours {
                use {super::*, segue_tests::subject::ours::*};
                items!(body);
                pub(super) const SUBJECTS: &[fn() -> Box<dyn segue_tests::Subject>] = &[$(|| $subject),+];
            }

            mod rustcs {
                use {super::*, segue_tests::subject::rustcs::*};
                fn boxed($($arg: $ty),*) -> Pin<Box<dyn Future<Output = $output>>> {
                    Box::pin(body($($arg),*))
                }
                items!(boxed);
                pub(super) const SUBJECTS: &[fn() -> Box<dyn segue_tests::Subject>] = &[$(|| $subject),+];
            }

            #[test]
            fn agrees() {
                segue_tests::assert_same(stringify!($name), ours::SUBJECTS, rustcs::SUBJECTS);
            }
        }
    };
}

recursive! {
    twice_in_an_expression = generator(body(2, guard(1))), generator(body(0, guard(1)));
    boxed(n: i64, g: Guard) -> i64;
    ($me:ident) => {
        #[lowered(yield = i64, resume = i64)]
        fn body(n: i64, g: Guard) -> i64 {
            let _first = guard(add(10, n));
            let sent = yield_!(n);
            if n == 0 {
                return add(sent, g.id());
            }
            let _second = guard(add(20, n));
            let both = add(yield_from!($me(n - 1, guard(2))), yield_from!($me(n - 1, g)));
            ev(both);
            add(both, yield_!(both))
        }
    };
}

recursive! {
    in_a_loop_with_other_delegates = generator(body(3, 0)), generator(body(0, 1));
    boxed(depth: i64, from: i64) -> Guard;
    ($me:ident) => {
        #[lowered(yield = i64)]
        fn child(g: Guard) -> i64 {
            yield_!(g.id());
            ev(g.id())
        }
        #[lowered(yield = i64)]
        fn body(depth: i64, from: i64) -> Guard {
            let mut held = guard(add(30, depth));
            for at in from..depth {
                let inner = guard(at);
                held = yield_from!($me(depth - 1, at));
                yield_from!(items(inner.id()));
                ev(yield_from!(child(inner)));
            }
            held
        }
    };
}

recursive! {
    arguments_that_suspend = generator(body(3, guard(0)));
    boxed(n: i64, g: Guard) -> i64;
    ($me:ident) => {
        #[lowered(yield = i64, resume = i64)]
        fn body(n: i64, g: Guard) -> i64 {
            if n <= 0 {
                return g.id();
            }
            let other = guard(n);
            yield_from!($me(add(n - 1, yield_!(5) & 0), add(consume(g), yield_!(n)).into_guard()))
        }
        trait IntoGuard {
            fn into_guard(self) -> Guard;
        }
        impl IntoGuard for i64 {
            fn into_guard(self) -> Guard {
                guard(self & 0xff)
            }
        }
    };
}

recursive! {
    errors_on_the_way_out = generator(body(4, guard(9)));
    boxed(n: i64, g: Guard) -> Result<i64, String>;
    ($me:ident) => {
        #[lowered(yield = i64, resume = Result<i64, String>)]
        fn body(n: i64, g: Guard) -> Result<i64, String> {
            let _held = guard(n);
            if n == 0 {
                return Err(format!("at the bottom with {}", g.id()));
            }
            let sent = yield_!(n)?;
            if n & 1 == 0 {
                return match yield_from!($me(n - 1, g)) {
                    Ok(value) => Ok(add(value, sent)),
                    Err(text) if sent & 1 == 0 => Err(text),
                    Err(_) => Ok(add(yield_!(7)?, 1)),
                };
            }
            Ok(add(yield_from!($me(n - 1, g))?, 1))
        }
    };
}

recursive! {
    tasks = task(body(3, guard(1))), task(body(0, guard(1)));
    boxed(n: i64, g: Guard) -> i64;
    ($me:ident) => {
        #[lowered]
        async fn body(n: i64, g: Guard) -> i64 {
            let _held = guard(add(10, n));
            let mut source = source(add(40, n));
            let mut buffer = buffer(add(50, n));
            if n == 0 {
                return pause_holding(g, 1).await;
            }
            let here = add(pause(n).await, $me(n - 1, g).await);
            let _ = source.read(&mut buffer).await;
            let below = ($me(n - 2 & 1, guard(here & 0xff))).await;
            ev(guard(60).plus(peek_with(&guard(61), $me(0, guard(62)).await)));
            if let 2.. = peek_with(&guard(63), n & $me(0, guard(64)).await | 2) {
                ev(65);
            }
            ev(add(below, buffer.sum()))
        }
    };
}

recursive! {
    tasks_that_fail = task(body(3)), task(body(6));
    boxed(n: i64) -> Result<i64, Oops>;
    ($me:ident) => {
        #[lowered]
        async fn body(n: i64) -> Result<i64, Oops> {
            let _held = guard(n);
            if n <= 0 {
                return Ok(attempt(pause(3).await)?);
            }
            let below = match $me(n - 3).await {
                Ok(value) => value,
                Err(Oops(value)) => add(value, pause(1).await),
            };
            Ok(add($me(n - 2).await?, attempt(below)?))
        }
    };
}

recursive! {
    streams = stream(body(2, guard(1)));
    boxed(n: i64, g: Guard) -> ();
    ($me:ident) => {
        #[lowered(yield = i64)]
        async fn body(n: i64, g: Guard) {
            let _held = guard(add(10, n));
            yield_!(pause(n).await);
            if n > 0 {
                yield_from!($me(n - 1, g));
                yield_!(n);
                yield_from!($me(n - 1, guard(2)));
                ev(pause(4).await);
            }
        }
    };
}

// ---- how deep it goes ----

const DEEP: usize = 100_000;

/// Yields at the bottom, and counts the frames on the way up.
#[segue::coroutine(yield = usize, resume = Result<usize, &'static str>)]
fn down(left: usize) -> Result<usize, &'static str> {
    if left == 0 {
        return Ok(yield_!(0)?);
    }
    let below = yield_from!(down(left - 1));
    below.map(|below| below + 1)
}

#[test]
fn a_deep_generator_is_resumed_thrown_into_closed_and_dropped() {
    let mut deep = down(DEEP);
    assert_eq!(deep.start(), Yielded(0));
    assert_eq!(deep.resume(Ok(7)), Complete(Ok(DEEP + 7)));

    let mut deep = down(DEEP);
    deep.start();
    assert_eq!(deep.throw("enough"), Ok(Complete(Err("enough"))));

    let mut deep = down(DEEP);
    deep.start();
    deep.close();
    assert!(!deep.is_resumable());

    let mut deep = down(DEEP);
    deep.start();
    drop(deep);
}

#[segue::coroutine]
async fn awaits_deep(left: u64, gate: impl Future<Output = u64>) -> u64 {
    if left == 0 {
        return gate.await;
    }
    awaits_deep(left - 1, gate).await + 1
}

#[test]
fn a_deep_future_is_polled_at_its_bottom() {
    let mut polls = 0;
    let gate = std::future::poll_fn(|_| {
        polls += 1;
        if polls == 3 { Poll::Ready(5) } else { Poll::Pending }
    });
    let mut deep = pin!(awaits_deep(DEEP as u64, gate));
    let mut context = Context::from_waker(Waker::noop());
    assert!(deep.as_mut().poll(&mut context).is_pending());
    assert!(deep.as_mut().poll(&mut context).is_pending());
    assert_eq!(deep.as_mut().poll(&mut context), Poll::Ready(DEEP as u64 + 5));
}

// ---- how it is dropped ----

/// Tells its number when it is dropped, and panics where it was asked to.
struct Told<'a> {
    number: usize,
    panics: bool,
    log: &'a RefCell<Vec<usize>>,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.log.borrow_mut().push(self.number);
        assert!(!self.panics, "on the way out");
    }
}

/// Each frame has a value; that of frame `panics` panics when it is dropped.
#[segue::coroutine(yield = usize)]
fn holding(left: usize, panics: usize, log: &RefCell<Vec<usize>>) {
    let _told = Told { number: left, panics: left == panics, log };
    if left == 0 {
        yield_!(0);
    } else {
        yield_from!(holding(left - 1, panics, log));
    }
}

#[test]
fn the_innermost_frame_is_dropped_first_and_each_once_even_if_one_panics() {
    for panics in [DEEP, 0, 3, 5] {
        for closes in [false, true] {
            let log = RefCell::new(Vec::new());
            let mut coroutine = holding(5, panics, &log);
            coroutine.start();
            let ended =
                catch_unwind(AssertUnwindSafe(|| if closes { coroutine.close() } else { drop(coroutine) }));
            assert_eq!(ended.is_err(), panics != DEEP);
            assert_eq!(*log.borrow(), [0, 1, 2, 3, 4, 5]);
        }
    }
}

#[test]
fn a_panic_passes_through_all_frames() {
    let log = RefCell::new(Vec::new());
    let mut coroutine = holding(5, 2, &log);
    coroutine.start();
    assert!(catch_unwind(AssertUnwindSafe(|| coroutine.resume(()))).is_err());
    assert_eq!(*log.borrow(), [0, 1, 2, 3, 4, 5]);
    let message = catch_unwind(AssertUnwindSafe(|| coroutine.resume(()))).expect_err("it is over");
    let message = message.downcast::<String>().expect("a message");
    assert!(message.contains("recursion::holding` was resumed after it had panicked"), "{message}");
}

// ---- by which names ----

struct Tree {
    name: &'static str,
    children: Vec<Tree>,
}

fn tree() -> Tree {
    let leaf = |name| Tree { name, children: Vec::new() };
    Tree { name: "a", children: vec![leaf("b"), Tree { name: "c", children: vec![leaf("d")] }] }
}

trait Walk {
    fn walk(&self) -> impl Coroutine<(), Yield = &'static str, Return = usize>;
}

impl Walk for Tree {
    #[segue::coroutine(yield = &'static str)]
    fn walk(&self) -> usize {
        yield_!(self.name);
        let mut count = 1;
        for child in &self.children {
            count += yield_from!(Self::walk(child));
        }
        count
    }
}

impl Tree {
    #[segue::coroutine(yield = &str)]
    fn names(&self) {
        yield_!(self.name);
        for child in &self.children {
            yield_from!(Self::names(child));
        }
    }

    #[segue::coroutine(yield = &'static str)]
    fn into_names(mut self) {
        yield_!(self.name);
        if let Some(child) = self.children.pop() {
            yield_from!(Self::into_names(child));
            yield_from!(self.into_names());
        }
    }

    #[segue::coroutine]
    async fn again(&self, times: usize) -> usize {
        if times == 0 { 0 } else { self.children.len() + self.again(times - 1).await }
    }
}

#[test]
fn methods_call_themselves() {
    let mut names = Vec::new();
    let family = tree();
    let mut walk = family.walk();
    while let Yielded(name) = walk.resume(()) {
        names.push(name);
    }
    assert_eq!(names, ["a", "b", "c", "d"]);
    assert_eq!(family.names().collect::<Vec<_>>(), names);
    assert_eq!(segue::run(family.again(3)), 6);
    assert_eq!(tree().into_names().collect::<Vec<_>>(), ["a", "c", "d", "c", "a", "b", "a"]);
}

#[allow(clippy::needless_borrow, reason = "the coercion is what it shows")]
#[segue::coroutine(yield = T)]
fn halves<T: Copy, const N: usize>(parts: &[T]) -> usize {
    if let [one] = parts {
        yield_!(*one);
        return N;
    }
    let (left, right) = parts.split_at(parts.len() / 2);
    let left = yield_from!(halves::<T, N>(left));
    left + yield_from!(halves(&right.iter().as_slice()))
}

#[test]
fn generics_and_coercions_are_those_of_a_call() {
    let mut halves = halves::<_, 10>(&[1, 2, 3]);
    assert_eq!(
        [halves.resume(()), halves.resume(()), halves.resume(())],
        [Yielded(1), Yielded(2), Yielded(3)]
    );
    assert_eq!(halves.resume(()), Complete(30));
}

/// Nothing in here is a call of the function itself.
mod others_of_the_same_name {
    #[segue::coroutine(yield = u32)]
    fn by_a_local() {
        let by_a_local = |n| n..n + 2;
        yield_from!(by_a_local(1));
    }

    #[segue::coroutine(yield = u32)]
    fn by_an_item() {
        fn by_an_item() -> std::ops::Range<u32> {
            3..5
        }
        yield_from!(by_an_item());
    }

    #[segue::coroutine(yield = u32)]
    fn by_a_path() {
        yield_from!(elsewhere::by_a_path());
    }

    mod elsewhere {
        pub(super) fn by_a_path() -> std::ops::Range<u32> {
            5..7
        }
    }

    fn number(n: u32) -> std::future::Ready<u32> {
        std::future::ready(n)
    }

    struct Inner;

    impl Inner {
        #[segue::coroutine]
        async fn number(&mut self) -> u32 {
            7
        }
    }

    struct Outer(Inner);

    impl Outer {
        #[segue::coroutine]
        async fn number(&mut self) -> u32 {
            let inner = self.0.number().await;
            number(inner + 1).await
        }
    }

    #[test]
    fn are_called() {
        assert_eq!(
            by_a_local().chain(by_an_item()).chain(by_a_path()).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5, 6]
        );
        assert_eq!(segue::run(Outer(Inner).number()), 8);
    }
}

// ---- in boxes ----

#[segue::coroutine(yield = u32)]
fn even(n: u32) -> bool {
    yield_!(n);
    n == 0 || yield_from!(Box::new(odd_one(n - 1)) as Box<dyn Coroutine<Yield = u32, Return = bool>>)
}

#[segue::coroutine(yield = u32)]
fn odd_one(n: u32) -> bool {
    yield_!(n);
    n != 0 && yield_from!(even(n - 1))
}

#[test]
fn generators_that_call_each_other() {
    let mut coroutine = even(3);
    for n in [3, 2, 1, 0] {
        assert_eq!(coroutine.resume(()), Yielded(n));
    }
    assert_eq!(coroutine.resume(()), Complete(false));
}

#[segue::coroutine]
async fn even_later(n: u32) -> bool {
    n == 0 || Box::pin(odd_later(n - 1)).await
}

#[segue::coroutine]
async fn odd_later(n: u32) -> bool {
    n != 0 && Box::pin(even_later(n - 1)).await
}

struct Parser(&'static [u8]);

impl Parser {
    #[segue::coroutine]
    async fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// What is borrowed again after the call is borrowed through a box.
    #[segue::coroutine]
    async fn depth(&mut self) -> usize {
        let mut deepest = 0;
        while let Some(b'(') = self.next().await {
            deepest = deepest.max(1 + Box::pin(self.depth()).await);
        }
        deepest
    }
}

static TREE: Tree = Tree { name: "a", children: Vec::new() };

fn is_send<T: Send>(_: &T) {}

#[test]
fn futures_that_call_each_other() {
    assert!(segue::run(even_later(10)));
    assert!(segue::run(odd_later(11)));
    assert_eq!(segue::run(Parser(b"(()(()))()").depth()), 3);
    is_send(&even_later(1));
    is_send(&Parser(b"").depth());
    is_send(&down(1));
    is_send(&TREE.again(1));
}
