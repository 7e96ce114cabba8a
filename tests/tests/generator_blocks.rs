//! `generator!`: what a block captures and when that is dropped, what is inferred, and its bare words.

use std::cell::Cell;
use std::rc::Rc;

use segue::{Coroutine, CoroutineState::*};
use segue_tests::Subject;
use segue_tests::prelude::*;

type Boxed = Box<dyn Subject>;

differential! {
    captures_are_dropped_in_the_order_of_their_mention = body();
    fn body() -> Boxed {
        let (a, b, c, d) = (guard(1), guard(2), guard(3), guard(4));
        generator(generator! { (yield = i64)
            let _local = guard(5);
            yield_!(b.id());
            let _late = guard(6);
            yield_!(add(d.id(), a.id()));
            ev(c.id());
        })
    }
}

differential! {
    captures_are_moved_out = body(3), body(0);
    fn body(n: i64) -> Boxed {
        let (a, b, list) = (guard(1), guard(2), vec![guard(3), guard(4)]);
        generator(generator! { (yield = i64, resume = i64)
            for g in list {
                let sent = yield_!(g.id());
                ev(sent);
            }
            if n > 1 {
                consume(a);
                yield_!(7);
            }
            let mine = b;
            yield_!(8);
            mine
        })
    }
}

differential! {
    captures_are_changed = body();
    fn body() -> Boxed {
        let (mut n, mut list, g) = (3, vec![1], guard(9));
        generator(generator! { (yield = i64)
            while n > 0 {
                n -= 1;
                list.push(n);
                yield_!(list.len() as i64);
            }
            println!("{n} {list:?} {}", g.id());
            yield_!(list.iter().sum());
        })
    }
}

differential! {
    called_captures = body();
    fn body() -> Boxed {
        let held = guard(1);
        let mut count = 0;
        let f = move |n: i64| add(n, held.id());
        let mut g = move || { count += 1; ev(count) };
        generator(generator! { (yield = i64)
            let _local = guard(2);
            yield_!(f(1));
            yield_!(g());
            let sum = add(f(2), g());
            yield_!(sum);
        })
    }
}

differential! {
    captures_of_one_that_delegates = body();
    fn body() -> Boxed {
        #[lowered(yield = i64)]
        fn child(g: Guard) -> i64 {
            let _local = guard(5);
            yield_!(g.id());
            ev(6)
        }
        let (a, b, held) = (guard(1), guard(2), guard(3));
        let f = move |n: i64| add(n, held.id());
        generator(generator! { (yield = i64)
            ev(b.id());
            let n = yield_from!(child(a));
            yield_!(f(n));
            yield_from!(child(guard(8)));
            consume(b);
        })
    }
}

differential! {
    closures_in_a_block_capture_too = body();
    fn body() -> Boxed {
        let (a, b, n) = (guard(1), guard(2), 5);
        generator(generator! { (yield = i64)
            let f = move |x: i64| add(x, a.id() + n);
            let g = move || b.id();
            yield_!(f(1));
            yield_!(g());
            yield_!(2);
        })
    }
}

differential! {
    errors_leave_a_block = body(1), body(2), body(3);
    fn body(n: i64) -> Boxed {
        let g = guard(1);
        generator(generator! { (yield = i64, return = Result<i64, Oops>)
            let _local = guard(2);
            yield_!(g.id());
            let a = attempt(n)?;
            yield_!(a);
            Ok::<i64, Oops>(a)
        })
    }
}

differential! {
    shadowed_and_struct_fields = body();
    fn body() -> Boxed {
        let (id, x) = (guard(1), guard(2));
        generator(generator! { (yield = i64)
            let n = { let x = x.id(); let id = 4; x + id };
            yield_!(n);
            let x = pass(id);
            yield_!(x.id());
        })
    }
}

differential! {
    names_given_in_a_format_are_not_captured = body(guard(1));
    fn body(n: Guard) -> Boxed {
        let h = 3;
        generator(generator! { (yield = i64)
            let text = format!("{:?} {n}", yield_!(h), n = h);
            yield_!(text.len() as i64);
        })
    }
}

struct Counter {
    n: i64,
    guard: Guard,
}

impl Counter {
    fn up_to<'a>(&'a mut self, limit: &'a i64) -> impl Iterator<Item = i64> + use<'a> {
        segue::generator! {
            while self.n < *limit {
                self.n += 1;
                yield self.n;
            }
        }
    }

    fn into_values(self) -> impl Iterator<Item = i64> {
        segue::generator! { yield self.n; yield self.guard.id() }
    }
}

#[test]
fn self_is_captured() {
    let mut counter = Counter { n: 1, guard: Guard::quiet(7) };
    assert!(counter.up_to(&3).eq([2, 3]));
    assert!(counter.into_values().eq([3, 7]));
}

#[test]
fn bare_words() {
    let inner = || segue::generator! { (resume = i64) let a = yield 1; let b = yield a + 1; a + b };
    let mut outer = segue::generator! { (resume = i64)
        let sum = yield from inner();
        let from = yield sum;
        let next = yield (from);
        if (yield from + next) > 0 { "done" } else { "no" }
    };
    assert_eq!(outer.start(), Yielded(1));
    assert_eq!(outer.resume(10), Yielded(11));
    assert_eq!(outer.resume(20), Yielded(30));
    assert_eq!(outer.resume(5), Yielded(5));
    assert_eq!(outer.resume(6), Yielded(11));
    assert_eq!(outer.resume(1), Complete("done"));
}

#[test]
fn bare_words_in_expressions() {
    let mut it = segue::generator! { (resume = i64)
        let pair = (yield 1, yield 2);
        let list = [yield from [3, 4].map(|n| n).into_sent(), yield 5];
        match yield pair.0 { 0 => return None, n => Some(n + pair.1 + list[0] + list[1]) }
    };
    let mut got = vec![it.start().yielded().unwrap()];
    for sent in 1..=5 {
        got.push(it.resume(sent).yielded().unwrap());
    }
    assert_eq!(got, [1, 2, 3, 4, 5, 1]);
    assert_eq!(it.resume(100), Complete(Some(100 + 2 + 4 + 5)));
}

/// Items, yielded to one who sends numbers: the last one sent is the value.
trait IntoSent<const N: usize> {
    fn into_sent(self) -> impl Coroutine<i64, Yield = i64, Return = i64>;
}

impl<const N: usize> IntoSent<N> for [i64; N] {
    fn into_sent(self) -> impl Coroutine<i64, Yield = i64, Return = i64> {
        segue::generator! { (resume = i64)
            let mut last = 0;
            for n in self {
                last = yield n;
            }
            last
        }
    }
}

#[test]
fn types_are_inferred() {
    let words: Vec<String> = segue::generator! { yield "a".to_string(); yield format!("b") }.collect();
    assert_eq!(words, ["a", "b"]);
    let nothing: Vec<()> = segue::generator! {}.collect();
    assert_eq!(nothing, []);
    let mut endless = segue::generator! { let mut n = 0u8; loop { yield n; n += 1 } };
    assert_eq!((endless.next(), endless.next()), (Some(0), Some(1)));
    let mut returns = segue::generator! { yield (); if true { 'x' } else { 'y' } };
    assert_eq!((returns.start(), returns.resume(())), (Yielded(()), Complete('x')));
    let mut fails = segue::generator! { yield 1; "x".parse::<u32>()?; Ok::<u32, std::num::ParseIntError>(2) };
    fails.start();
    assert!(fails.resume(()).complete().unwrap().is_err());
    let mut breaks = segue::generator! { loop { yield 1; break 'c' } };
    breaks.start();
    assert_eq!(breaks.resume(()), Complete('c'));
    let (low, high) = (1, 3);
    assert!(segue::generator! { yield from low..high; yield from [7, 8] }.eq([1, 2, 7, 8]));
}

#[test]
fn blocks_in_blocks_and_in_functions() {
    let (a, list) = (Rc::new(1), vec![2, 3]);
    let nested = segue::generator! {
        let b = 10;
        let inner = segue::generator! { yield *a + b; for n in list { yield n } };
        yield from inner;
    };
    assert!(nested.eq([11, 2, 3]));

    #[segue::coroutine(yield = u32)]
    fn function(list: Vec<u32>) {
        let n = 1;
        yield_from!(segue::generator! { for item in list { yield item + n } });
        yield_!(n);
    }
    assert!(function(vec![5, 6]).eq([6, 7, 1]));
}

#[test]
fn generic_functions_are_called_and_named() {
    fn twice<T: Clone>(value: T) -> (T, T) {
        (value.clone(), value)
    }
    fn shout(word: &str) -> String {
        word.to_uppercase()
    }
    const LIMIT: usize = 2;
    let words = &["a", "b", "c"];
    let it = segue::generator! {
        yield twice(1).0;
        yield twice("xy").1.len();
        drop(twice(String::new()));
        for word in words[..LIMIT].iter().map(|word| shout(word)).chain(words.iter().copied().map(str::to_string)) {
            yield word.len();
        }
    };
    assert!(it.eq([1, 2, 1, 1, 1, 1, 1]));
}

#[test]
fn send_and_borrowed() {
    fn is_send<T: Send + Unpin>(value: T) -> T {
        value
    }
    let text = String::from("one two");
    let text = text.as_str();
    let words = is_send(segue::generator! { for word in text.split(' ') { yield word } });
    assert!(words.eq(["one", "two"]));
    let seen = Cell::new(0);
    let seen = &seen;
    segue::generator! { yield 1; seen.set(5); }.for_each(drop);
    assert_eq!(seen.get(), 5);
}

#[test]
fn misuse_names_the_function_around_it() {
    let f = |n: i32| n;
    let mut it = segue::generator! { (resume = i32) let n = yield f(1); f(n) };
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| it.resume(1))).unwrap_err();
    let told = told.downcast::<String>().unwrap();
    assert!(
        told.contains("`generator_blocks::misuse_names_the_function_around_it` was resumed before"),
        "{told}"
    );
    assert_eq!((it.start(), it.resume(3)), (Yielded(1), Complete(3)));
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| it.resume(1))).unwrap_err();
    let told = told.downcast::<String>().unwrap();
    assert!(
        told.contains("`generator_blocks::misuse_names_the_function_around_it` was resumed after"),
        "{told}"
    );
}
