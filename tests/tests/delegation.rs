//! Delegation in generators: to coroutines, to iterators.

use segue_tests::prelude::*;

use segue::{Coroutine, CoroutineState};

/// A coroutine written by hand, which both sides delegate to.
struct Countdown {
    left: i64,
    _held: Guard,
}

impl Coroutine<i64> for Countdown {
    type Yield = i64;
    type Return = Guard;

    fn start(&mut self) -> CoroutineState<i64, Guard> {
        self.resume(0)
    }

    fn resume(&mut self, sent: i64) -> CoroutineState<i64, Guard> {
        ev(sent);
        self.left -= 1;
        if self.left < 0 { CoroutineState::Complete(guard(50)) } else { CoroutineState::Yielded(self.left) }
    }

    fn is_resumable(&self) -> bool {
        self.left >= 0
    }

    fn close(&mut self) {}
}

differential! {
    to_a_child = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(n: i64, g: Guard) -> i64 {
        let _c = guard(1);
        let a = yield_!(n);
        add(a, yield_!(g.id()))
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _o = guard(2);
        let a = yield_from!(child(1, guard(3)));
        ev(a);
        let _p = guard(4);
        yield_from!(child(a, guard(5)));
        add(yield_!(6), yield_from!(child(2, guard(6))))
    }
}

differential! {
    to_a_child_that_never_suspends = generator(body());
    #[lowered(yield = i64)]
    fn child(g: Guard) -> Guard {
        g
    }
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let g = yield_from!(child(guard(1)));
        yield_from!(child(guard(2))).id()
    }
}

differential! {
    to_a_child_that_fails = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(g: Guard) -> Result<i64, Small> {
        attempt(yield_!(g.id()))?;
        attempt(yield_!(2))
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Result<i64, Oops> {
        let _o = guard(2);
        match yield_from!(child(guard(3))) {
            Ok(n) => yield_!(n),
            Err(Small(n)) => return Err(Oops(n)),
        };
        Ok(yield_from!(child(guard(4)))?)
    }
}

differential! {
    three_deep = generator(top());
    #[lowered(yield = i64, resume = i64)]
    fn bottom(n: i64) -> Guard {
        let g = guard(n);
        yield_!(g.id());
        g
    }
    #[lowered(yield = i64, resume = i64)]
    fn middle(n: i64) -> Guard {
        let _m = guard(10);
        let g = yield_from!(bottom(n));
        yield_!(g.id());
        yield_from!(bottom(add(n, 1)))
    }
    #[lowered(yield = i64, resume = i64)]
    fn top() -> i64 {
        for i in 0..2 {
            let _t = guard(20);
            let g = yield_from!(middle(i));
            yield_!(g.id());
        }
        7
    }
}

differential! {
    to_a_child_in_a_variable = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(g: Guard) -> i64 {
        yield_!(g.id())
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let one = child(guard(1));
        let two = child(guard(2));
        let _unused = child(guard(3));
        yield_!(0);
        let a = yield_from!(one);
        let _g = guard(4);
        yield_!(5);
        add(a, yield_from!(two))
    }
}

differential! {
    to_an_argument = generator(body(items(3), items(2)));
    #[lowered(yield = i64)]
    fn body(first: impl Iterator<Item = i64>, second: Items) {
        let _g = guard(1);
        yield_from!(first);
        ev(2);
        yield_from!(second);
    }
}

differential! {
    to_iterators = generator(body()), values(body());
    #[lowered(yield = i64)]
    fn body() {
        let _g = guard(9);
        yield_from!(items(3));
        yield_from!(vec![1, 2, 3]);
        yield_from!(0..2);
        yield_from!([4, 5]);
        yield_from!(items(peek(&guard(2))).map(|n| add(n, 1)));
        ev(1);
    }
}

differential! {
    to_an_iterator_of_guards = generator(body());
    #[lowered(yield = Guard)]
    fn body() -> i64 {
        yield_from!(items(3).guards());
        yield_from!([guard(7), guard(8)]);
        9
    }
}

differential! {
    to_a_coroutine_written_by_hand = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Guard {
        let _g = guard(1);
        let made = yield_from!(Countdown { left: 2, _held: guard(2) });
        yield_!(made.id());
        yield_from!(Countdown { left: 0, _held: guard(3) })
    }
}

differential! {
    temporaries_of_a_delegate = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(n: i64) -> i64 {
        let _c = guard(n);
        yield_!(n)
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let a = yield_from!(child(guard(1).id()));
        ev(a);
        let b = add(guard(2).id(), yield_from!(child(peek(&guard(3)))));
        yield_from!(child(b));
        ev(4)
    }
}

differential! {
    delegation_in_operands = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(g: Guard, n: i64) -> i64 {
        add(yield_!(g.id()), n)
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = consume_with(guard(1), yield_from!(child(guard(2), yield_!(3))));
        if yield_from!(child(guard(4), n)) > 9 && odd(yield_from!(child(guard(5), 6))) {
            return yield_from!(child(guard(7), n));
        }
        match yield_from!(child(guard(8), 9)) {
            0..=9 => peek_with(&guard(10), yield_from!(child(guard(11), 12))),
            n => n,
        }
    }
}

differential! {
    delegation_in_a_loop = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(g: Guard) -> Option<i64> {
        perhaps(yield_!(g.id()))
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        while let Some(n) = yield_from!(child(guard(1))) {
            let _l = guard(2);
            if !fuel() {
                break;
            }
            for i in 0..few(n) {
                yield_from!(child(guard(i)));
            }
        }
    }
}

differential! {
    #[cfg(feature = "open")]
    child_that_borrows_an_argument = generator(body(Box::leak(Box::new(guard(1)))));
    #[lowered(yield = i64, resume = i64)]
    fn child(g: &mut Guard) -> i64 {
        let n = yield_!(g.id());
        g.renumber(n)
    }
    #[lowered(yield = i64, resume = i64)]
    fn body(g: &'static mut Guard) -> i64 {
        let a = yield_from!(child(g));
        yield_!(a);
        yield_from!(child(g))
    }
}

differential! {
    #[cfg(feature = "open")]
    child_that_borrows_a_local = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(g: &mut Guard) -> i64 {
        let n = yield_!(g.id());
        g.renumber(n)
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut g = guard(1);
        let _h = guard(2);
        let a = yield_from!(child(&mut g));
        yield_!(a);
        g.id()
    }
}

differential! {
    to_more_than_one_enum_tells_apart = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        yield_from!(Countdown { left: 1, _held: guard(1) });
        yield_from!(Countdown { left: 2, _held: guard(2) });
        yield_from!(Countdown { left: 0, _held: guard(3) });
        yield_from!(Countdown { left: 1, _held: guard(4) });
        yield_from!(Countdown { left: 2, _held: guard(5) });
        yield_from!(Countdown { left: 0, _held: guard(6) });
        yield_from!(Countdown { left: 1, _held: guard(7) });
        yield_from!(Countdown { left: 2, _held: guard(8) });
        yield_from!(Countdown { left: 0, _held: guard(9) });
        yield_from!(Countdown { left: 1, _held: guard(10) });
    }
}
