//! Moves: into calls, on some paths only, out of options and pairs; and the drops that are left.

use segue_tests::prelude::*;

differential! {
    moved_into_a_call = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(a: Guard) {
        let b = guard(2);
        let c = guard(3);
        consume(b);
        yield_!(1);
        drop(a);
        yield_!(2);
        let d = c;
        yield_!(3);
    }
}

differential! {
    moved_into_a_struct = generator(body());
    #[lowered(yield = i64)]
    fn body() -> Guard {
        let a = guard(1);
        let b = guard(2);
        yield_!(1);
        let pair = Pair { left: b, right: a };
        yield_!(2);
        let Pair { left, right } = pair;
        yield_!(3);
        drop(right);
        yield_!(4);
        left
    }
}

differential! {
    moved_on_one_path = generator(body(0)), generator(body(1)), generator(body(2));
    #[lowered(yield = i64)]
    fn body(n: i64) {
        let a = guard(1);
        let b = guard(2);
        match n {
            0 => {
                consume(a);
            }
            1 => {
                yield_!(1);
                consume(b);
            }
            _ => {
                yield_!(2);
            }
        }
        let c = guard(3);
        yield_!(3);
    }
}

differential! {
    moved_on_one_path_in_a_loop = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        for i in 0..3 {
            let g = guard(i);
            let h = guard(10 + i);
            if odd(yield_!(i)) {
                drop(g);
            }
            yield_!(20);
            if i == 1 {
                drop(h);
                continue;
            }
            yield_!(30);
        }
    }
}

differential! {
    moved_and_given_back = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let mut g = guard(1);
        yield_!(1);
        g = pass(g);
        yield_!(2);
        drop(g);
        let _h = guard(2);
        yield_!(3);
        g = guard(3);
        yield_!(4);
        if odd(yield_!(5)) {
            consume(g);
            yield_!(6);
            g = guard(4);
        }
        yield_!(g.id());
    }
}

differential! {
    #[cfg(feature = "open")]
    given_back_on_one_path = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let mut g = guard(1);
        let _h = guard(2);
        if odd(yield_!(1)) {
            consume(g);
            yield_!(2);
            if odd(yield_!(3)) {
                g = guard(3);
            }
            yield_!(4);
        }
        yield_!(5);
    }
}

differential! {
    moved_out_of_an_option = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(opt: Option<Guard>) {
        let _a = guard(5);
        if let Some(x) = opt {
            yield_!(x.id());
            drop(x);
            yield_!(2);
        }
        let _b = guard(6);
        yield_!(3);
    }
}

differential! {
    option_matched_but_not_moved = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(opt: Option<Guard>) -> bool {
        let n = match &opt {
            Some(g) => g.id(),
            None => 0,
        };
        yield_!(n);
        if let Some(_) = opt {
            yield_!(2);
        }
        if let None = opt {
            yield_!(3);
        }
        opt.is_some()
    }
}

differential! {
    #[cfg(feature = "open")]
    fields_moved_apart = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let pair = Pair { left: guard(1), right: guard(2) };
        let _x = guard(3);
        consume(pair.right);
        yield_!(1);
        let inner = (guard(4), (guard(5), guard(6)));
        drop(inner.1.0);
        yield_!(2);
        drop(pair.left);
        yield_!(3);
    }
}

differential! {
    #[cfg(feature = "open")]
    field_given_back = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut pair = Pair { left: guard(1), right: guard(2) };
        drop(pair.left);
        yield_!(1);
        pair.left = guard(3);
        yield_!(2);
        pair.left.id()
    }
}

differential! {
    moved_into_a_closure = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let a = guard(1);
        let b = guard(2);
        let f = move || a.id();
        yield_!(1);
        let n = f();
        yield_!(n);
        let once = move || consume(b);
        yield_!(2);
        once()
    }
}

differential! {
    moved_into_what_is_yielded = generator(body());
    #[lowered(yield = Option<Guard>)]
    fn body() -> Option<Guard> {
        let a = guard(1);
        let b = guard(2);
        yield_!(None);
        yield_!(Some(a));
        let _c = guard(3);
        yield_!(None);
        Some(b)
    }
}

differential! {
    consumed_by_a_method = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let h = guard(2);
        yield_!(1);
        let n = g.into_id();
        yield_!(n);
        let o = Some(h);
        let h = o.unwrap();
        yield_!(h.id());
        n
    }
}

differential! {
    dropped_in_reverse = generator(body(guard(1), guard(2)));
    #[lowered(yield = i64)]
    fn body(a: Guard, b: Guard) {
        let c = guard(3);
        yield_!(1);
        let d = guard(4);
        let (e, f) = (guard(5), guard(6));
        yield_!(2);
        {
            let g = guard(7);
            yield_!(3);
        }
        yield_!(4);
    }
}

differential! {
    never_named_again = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let _lock = guard(1);
        let unused = guard(2);
        yield_!(1);
        let _last = guard(3);
        yield_!(2);
    }
}

differential! {
    result_is_made_before_locals_go = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let _h = guard(2);
        yield_!(1);
        consume_with(guard(3), ev(g.id()))
    }
}

differential! {
    replaced_values_drop_at_the_assignment = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let mut slot = None;
        let mut pair = (guard(1), guard(2));
        for i in 0..2 {
            slot = Some(guard(10 + i));
            yield_!(i);
            pair.1 = guard(20 + i);
        }
        slot = None;
        yield_!(3);
        pair = (guard(4), guard(yield_!(4)));
        yield_!(5);
    }
}

differential! {
    #[cfg(feature = "open")]
    boxes_and_vectors = generator(body());
    #[lowered(yield = i64)]
    fn body() -> usize {
        let b = Box::new(guard(1));
        let mut v = vec![guard(2)];
        yield_!(1);
        v.push(*b);
        yield_!(2);
        let w = std::mem::take(&mut v);
        yield_!(3);
        drop(w);
        yield_!(4);
        v.len()
    }
}

differential! {
    #[cfg(feature = "open")]
    shadowed_guard_lives_on = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let g = guard(1);
        let g = guard(g.id() + 1);
        yield_!(1);
        for g in [guard(3), guard(4)] {
            let g = (g, guard(5));
            yield_!(2);
            let (g, _) = g;
            yield_!(3);
        }
        yield_!(g.id());
    }
}

differential! {
    arrays_that_stay_in_place = generator(body(3, [1; 40])), generator(body(0, [2; 40]));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64, mut table: [i64; 40]) -> i64 {
        let mut total = [0i64; 64];
        for i in 0..n {
            let mut row = [i; 64];
            let mut seen = [7i64; 32];
            let g = guard(i);
            let sent = yield_!(seen[0] + row[1]);
            total[i as usize] += sent;
            seen[1] += 1;
            row[1] += seen[1];
            {
                let seen = 3;
                let sent = yield_!(seen + row[1] + table[2]);
                table[2] += sent;
            }
            let copy = seen;
            seen[1] = 9;
            let by_move = move |n: i64| { let mut seen = seen; seen[1] += n; seen[1] };
            ev(by_move(yield_!(copy[1])));
            ev(seen[1] + row[1]);
        }
        let _ = total.iter().map(|n| ev(*n)).sum::<i64>();
        table[2]
    }
}

differential! {
    arrays_beside_an_await = task(body(2)), task(body(0));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut kept = [0; 64];
        let mut lent = [1; 64];
        let mut left = n;
        while left > 0 {
            kept[left as usize] = pause(left).await;
            let sum = pause(lent.iter().sum()).await;
            lent[1] += sum;
            left -= 1;
        }
        kept[1] + kept[2] + lent[1]
    }
}

differential! {
    closures_that_take_by_use = task(body(guard(1), guard(2), guard(3)));
    #[lowered]
    async fn body(a: Guard, b: Guard, c: Guard) -> i64 {
        let run = |n: i64| n;
        let first = pause(apply(|| consume(a))).await;
        let later = || consume(b);
        pause(run(4)).await;
        let second = later();
        let block = async { pause(consume(c)).await };
        pause(5).await;
        first + second + block.await
    }
}

fn apply<T>(f: impl FnOnce() -> T) -> T {
    f()
}

differential! {
    looked_at_before_an_else_that_suspends = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(held: Option<Guard>) -> i64 {
        let last = guard(2);
        let Some(ref _g) = held else {
            yield_!(1);
            return 1;
        };
        yield_!(2);
        3
    }
}

differential! {
    taken_before_an_else_that_suspends = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(held: Option<Guard>) -> i64 {
        let last = guard(2);
        let Some(g) = held else {
            yield_!(1);
            return 1;
        };
        let next = guard(3);
        yield_!(2);
        3
    }
}

differential! {
    nothing_taken_by_a_pattern_of_literals = generator(body(Noisy(1))), generator(body(Noisy(2)));
    #[lowered(yield = i64)]
    fn body(held: Noisy) -> i64 {
        let last = guard(2);
        let other = Noisy(7);
        let Noisy(1) = held else {
            yield_!(1);
            return 1;
        };
        let n = match other {
            Noisy(3..=7) => 4,
            _ => 5,
        };
        yield_!(n);
        3
    }
    struct Noisy(i64);
    impl Drop for Noisy {
        fn drop(&mut self) {
            ev(self.0);
        }
    }
}

differential! {
    looked_at_by_a_name_that_unwraps = generator(body(Parser(guard(1))));
    #[lowered(yield = i64)]
    fn body(mut parser: Parser) -> i64 {
        let last = guard(2);
        parser.expect(3);
        yield_!(4);
        (&mut parser).expect_some();
        yield_!(5);
        3
    }
    struct Parser(Guard);
    impl Parser {
        fn expect(&mut self, n: i64) { ev(n); }
        fn expect_some(&mut self) { ev(6); }
    }
}

// An `FnOnce` is gone when it was called; what it has in it is dropped in the call.
differential! {
    what_is_called_once = generator(body({ let held = guard(1); move |n| add(held.into_id(), n) }, once));
    #[lowered(yield = i64)]
    fn body<F>(first: impl FnOnce(i64) -> i64, second: F) -> i64
    where
        F: FnOnce(i64) -> i64,
    {
        let last = guard(3);
        yield_!(first(2));
        let n = add(second(4), last.id());
        yield_!(n);
        5
    }

    fn once(n: i64) -> i64 {
        ev(n)
    }
}

differential! {
    what_may_be_called_again = generator(body(|n| ev(n)));
    #[lowered(yield = i64)]
    fn body<F: FnOnce(i64) -> i64 + Copy>(twice: F) -> i64 {
        yield_!(twice(2));
        yield_!(twice(3));
        5
    }
}

differential! {
    what_is_called_on_one_way = task(body(|| 1, 0)), task(body(|| 1, 1));
    #[lowered]
    async fn body(call: impl FnOnce() -> i64, n: i64) -> i64 {
        let mut sum = n;
        if odd(n) {
            sum += call();
        }
        sum + pause(2).await
    }
}
