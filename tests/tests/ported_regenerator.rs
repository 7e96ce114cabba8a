//! Behaviours that regenerator's tests try, in programs of our own.
//!
//! Each body names the `describe` and `it` whose behaviour it shows, in `test/tests.es6.js`. A `finally` is a guard, what is
//! thrown is an `Err`, caught by the `match` around the block that it leaves.

use segue_tests::prelude::*;

differential! {
    /// simple argument yielder: should support multiple yields in expression
    two_yields_in_one_sum = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        return yield_!(0) + yield_!(1);
    }
}

differential! {
    /// collatz generator
    collatz = generator(body(7)), generator(body(1)), generator(body(4));
    #[lowered(yield = i64)]
    fn body(mut n: i64) -> i64 {
        let mut count = 0;
        yield_!(n);
        while n != 1 {
            count += 1;
            yield_!(if n % 2 == 1 { n = n * 3 + 1; n } else { n >>= 1; n });
        }
        count
    }
}

differential! {
    /// try-catch generator; dynamic exception; nested generators in try-catch
    caught_in_a_block = generator(body(4)), generator(body(5));
    #[lowered(yield = i64)]
    fn body(x: i64) {
        yield_!(0);
        let tried: Result<(), Small> = 'tried: {
            yield_!(1);
            if x % 2 == 0 { break 'tried Err(Small(2)); }
            yield_!(x);
            Ok(())
        };
        if let Err(Small(x)) = tried { yield_!(x); }
        yield_!(3);
    }
}

differential! {
    /// try-finally generator: should honor return, break, continue; should override abrupt with ...
    a_loop_left_in_each_way = generator(body(0, 0)), generator(body(1, 0)), generator(body(2, 0)),
        generator(body(0, 1)), generator(body(2, 1)), generator(body(2, 2));
    #[lowered(yield = i64)]
    fn body(mut way: i64, mut after: i64) -> i64 {
        yield_!(0);
        'turns: loop {
            let _finally = guard(3);
            yield_!(1);
            let left = 'tried: {
                let _inner = guard(4);
                yield_!(2);
                match way {
                    0 => break 'tried Some(2),
                    1 => break 'turns,
                    _ => { way = 0; break 'tried None }
                }
            };
            yield_!(3);
            match after {
                1 => return 4,
                2 => { after = 0; continue }
                _ => {}
            }
            if let Some(n) = left { return n }
        }
        5
    }
}

differential! {
    /// try-catch-finally generator: should execute catch and finally blocks at most once
    breaks_out_of_nested_loops = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let _finally = guard(6);
        match 1 {
            1 => { yield_!(1); }
            _ => {}
        }
        loop {
            let _outer = guard(7);
            loop {
                let _inner = guard(8);
                yield_!(3);
                break;
            }
            yield_!(4);
            break;
        }
        yield_!(5);
    }
}

differential! {
    /// try-catch-finally generator: should handle backwards jumps in labeled loops
    back_to_an_outer_loop = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let mut first = true;
        'outer: loop {
            yield_!(0);
            {
                let _finally = guard(5);
                loop {
                    yield_!(1);
                    if first {
                        first = false;
                        yield_!(2);
                        continue 'outer;
                    } else {
                        yield_!(3);
                        break;
                    }
                }
                yield_!(4);
                break;
            }
        }
        yield_!(7);
    }
}

differential! {
    /// try-catch-finally generator: should handle loop continue statements properly
    thrown_in_a_loop = generator(body());
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn body() {
        let mut c = 2;
        while c > 0 && fuel() {
            let _finally = guard(c);
            ev(10);
            if let Err(Oops(n)) = yield_!(c) {
                ev(n);
                continue;
            }
            ev(11);
            c -= 1;
        }
    }
}

differential! {
    /// for-in loop generator: should handle break in loop; should handle risky object expressions
    what_a_loop_goes_through_suspends = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut count = 0;
        for n in items({ ev(yield_!(0)); yield_!(1) | 1 }) {
            if n > 12 { break; }
            count += 1;
            yield_!(n);
        }
        count
    }
}

differential! {
    /// yield chain: should have correct associativity
    yields_of_what_is_sent = generator(body(5));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        yield_!(yield_!(yield_!(yield_!(n))))
    }
}

differential! {
    /// call expression ordering (#244)
    the_function_and_its_arguments_are_sent_for = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let all: [fn(i64) -> i64; 2] = [ev, few];
        all[(yield_!(1) & 1) as usize](yield_!(2))
    }
}

differential! {
    /// object literal generator: should yield the correct object
    fields_in_the_order_in_which_they_are_written = generator(body(1, 2));
    #[lowered(yield = i64, resume = i64)]
    fn body(a: i64, b: i64) -> Record {
        Record { n: a - yield_!(a), held: guard(yield_!(b)) }
    }
}

differential! {
    /// switch statement generator: should jump to the correct cases
    cases_that_are_sent_for = generator(body(1)), generator(body(2));
    #[lowered(yield = i64, resume = i64)]
    fn body(a: i64) -> i64 {
        let chosen = yield_!(a);
        if chosen == yield_!(10) - a { 1 } else if chosen == yield_!(11) - a { 2 } else { 3 }
    }
}

differential! {
    /// delegated yield: should delegate correctly; should cope with empty delegatees; should support deeper nesting
    delegates_in_delegates = generator(outer(5)), generator(outer(0));
    #[lowered(yield = i64)]
    fn inner(n: i64) {
        if n > 0 { yield_!(n); }
    }
    #[lowered(yield = i64)]
    fn middle(n: i64, g: Guard) {
        yield_!(n);
        yield_from!(inner(n - 1));
        yield_!(n + 1);
        yield_from!(inner(g.id()));
    }
    #[lowered(yield = i64)]
    fn outer(n: i64) {
        yield_!(n);
        yield_from!(middle(n - 1, guard(n + 10)));
        yield_!(n + 1);
    }
}

differential! {
    /// delegated yield: should pass sent values through; should work as a subexpression
    sent_through_a_delegate = generator(body(3));
    #[lowered(yield = i64, resume = i64)]
    fn inner(n: i64) -> i64 {
        return yield_!(yield_!(yield_!(n)));
    }
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let sum = 1 + yield_from!(inner(n << 1));
        yield_!(26);
        add(sum, yield_from!(inner(n)))
    }
}

differential! {
    /// delegated yield: should be governed by enclosing try statements; should dispatch .thrown exceptions correctly
    delegates_thrown_into_in_turn = generator(body());
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn inner(count: i64) -> Result<i64, Oops> {
        let _finally = guard(count);
        yield_!(count)
    }
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn body() -> Result<i64, Oops> {
        yield_from!(inner(20))?;
        if let Err(Oops(n)) = yield_from!(inner(21)) { ev(n); }
        return yield_from!(inner(22));
    }
}

differential! {
    /// delegated yield: should execute finally blocks of delegate generators; should evaluate to the return value
    returned_by_way_of_two_guards = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child() -> Guard {
        let _finally = guard(1);
        return guard(yield_!(1));
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Guard {
        let _finally = guard(2);
        return yield_from!(child());
    }
}

differential! {
    /// infinite sequence generator: should allow limiting
    limited = generator(body(10, 3, 20));
    #[lowered(yield = i64)]
    fn body(start: i64, step: i64, stop: i64) {
        let mut n = start;
        let held = guard(4);
        loop {
            if n >= stop { return }
            yield_!(n);
            n += step;
        }
    }
}
