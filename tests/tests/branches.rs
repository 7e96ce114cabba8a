//! `if`, `if let`, `match`: guards, all pattern forms, arms that suspend and arms that don't.

use segue_tests::prelude::*;

differential! {
    if_else_statement = generator(body(0)), generator(body(1)), generator(body(2));
    #[lowered(yield = i64)]
    fn body(n: i64) {
        let _o = guard(9);
        if n == 0 {
            let _a = guard(1);
            yield_!(1);
        } else if n == 1 {
            ev(2);
        } else {
            yield_!(3);
            let _b = guard(4);
        }
        ev(5);
    }
}

differential! {
    if_value = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = yield_!(0);
        let x = if odd(n) {
            let g = guard(1);
            yield_!(g.id())
        } else if n > 6 {
            7
        } else {
            add(yield_!(2), 3)
        };
        if x > 4 { x } else { yield_!(x) }
    }
}

differential! {
    if_condition_suspends = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let _o = guard(9);
        if odd(yield_!(1)) {
            ev(2);
        }
        if yield_!(3) > 4 && odd(yield_!(4)) || yield_!(5) == 2 {
            yield_!(6);
        } else {
            ev(7);
        }
    }
}

differential! {
    if_condition_temporary = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        if guard(1).id() == 1 {
            yield_!(1);
        }
        if peek_with(&guard(2), yield_!(2)) > 5 {
            yield_!(3);
        } else {
            yield_!(4);
        }
    }
}

differential! {
    if_without_else_moves = generator(body(true)), generator(body(false));
    #[lowered(yield = i64)]
    fn body(c: bool) {
        let g = guard(1);
        let _h = guard(2);
        if c {
            consume(g);
        }
        yield_!(1);
    }
}

differential! {
    move_before_a_suspension_in_one_branch = generator(body(true)), generator(body(false));
    #[lowered(yield = i64)]
    fn body(c: bool) {
        let g = guard(1);
        let _h = guard(2);
        if c {
            drop(g);
            yield_!(1);
        } else {
            yield_!(2);
        }
        let _i = guard(3);
        yield_!(3);
    }
}

differential! {
    if_let_owned = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64, resume = i64)]
    fn body(o: Option<Guard>) -> i64 {
        let _z = guard(9);
        let n = if let Some(g) = o {
            yield_!(g.id())
        } else {
            yield_!(0)
        };
        ev(n);
        yield_!(n)
    }
}

differential! {
    if_let_without_else = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(o: Option<Guard>) {
        let _z = guard(9);
        if let Some(g) = o {
            yield_!(g.id());
        }
        yield_!(2);
    }
}

differential! {
    if_let_suspending_scrutinee = generator(body());
    #[lowered(yield = i64, resume = Option<Guard>)]
    fn body() -> i64 {
        if let Some(g) = yield_!(1) {
            yield_!(g.id());
            return 1;
        }
        if let Some(_) = yield_!(2) {
            yield_!(3);
        } else if let Some(g) = yield_!(4) {
            yield_!(5);
            drop(g);
        } else {
            yield_!(6);
        }
        ev(7)
    }
}

differential! {
    #[cfg(feature = "open")]
    if_let_temporary = generator(body(0)), generator(body(1));
    #[lowered(yield = i64)]
    fn body(n: i64) {
        if let 1 = peek_with(&guard(5), n) - 5 {
            yield_!(1);
        } else {
            yield_!(2);
        }
        if let Some(g) = keep_if(guard(1), peek_with(&guard(2), n)) {
            yield_!(g.id());
        } else {
            yield_!(3);
        }
    }
}

differential! {
    match_values = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut sum = 0;
        for _ in 0..4 {
            sum = add(
                sum,
                match yield_!(sum) {
                    0 => 10,
                    1 | 2 => yield_!(20),
                    n @ 3..=7 => {
                        let _g = guard(n);
                        yield_!(n)
                    }
                    n if odd(n) => n,
                    8.. => yield_!(30),
                    _ => unreachable!(),
                },
            );
        }
        sum
    }
}

differential! {
    match_owned_option = generator(body(Some(guard(1)))), generator(body(Some(guard(2)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(o: Option<Guard>) {
        let _z = guard(9);
        match o {
            Some(g) if odd(g.id()) => {
                yield_!(1);
            }
            Some(g) => {
                let _h = guard(3);
                yield_!(g.id());
            }
            None => {
                yield_!(4);
            }
        }
        yield_!(5);
    }
}

differential! {
    match_with_a_quiet_arm = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(o: Option<Guard>) {
        match o {
            Some(g) => drop(g),
            None => {
                yield_!(4);
            }
        }
        match keep_if(guard(2), 2) {
            Some(ref g) => {
                ev(g.id());
            }
            _ => yield_!(5),
        }
        yield_!(6);
    }
}

differential! {
    match_scrutinee_temporary = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let x = match guard(1).id() {
            1 => yield_!(1),
            _ => 0,
        };
        match peek_with(&guard(2), yield_!(x)) {
            n if n > 5 => {
                yield_!(n);
            }
            _ => {
                yield_!(2);
            }
        }
        ev(8);
        match guard(3) {
            _ => yield_!(3),
        };
        match guard(4) {
            g => yield_!(g.id()),
        }
    }
}

differential! {
    #[cfg(feature = "open")]
    match_place_is_not_moved_by_wildcard = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let g = guard(1);
        match g {
            _ => {
                yield_!(1);
            }
        }
        let pair = Pair { left: guard(2), right: guard(3) };
        match pair {
            Pair { left, right: _ } => {
                yield_!(left.id());
            }
        }
        yield_!(2);
        g.id()
    }
}

differential! {
    match_structs_tuples_slices = generator(body([1, 2, 3])), generator(body([1, 1, 1])), generator(body([0, 2, 2]));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: [i64; 3]) -> i64 {
        match (n[0], Oops(n[1]), [n[2], yield_!(1)]) {
            (0, Oops(a), [b, ..]) => yield_!(add(a, b)),
            (1, Oops(1), [_, last]) => last,
            (x, Oops(2 | 3), [.., last]) if last > 3 => yield_!(x),
            (x, oops, rest) => {
                yield_!(oops.0);
                add(x, rest[0])
            }
        }
    }
}

differential! {
    match_on_borrowed_argument = generator(body(&[(1, Some(2)), (3, None)]));
    #[lowered(yield = i64)]
    fn body(v: &'static [(i64, Option<i64>)]) -> i64 {
        for pair in v {
            match pair {
                (a, Some(b)) => {
                    yield_!(*a);
                    yield_!(*b);
                }
                &(a, None) => yield_!(a),
            }
        }
        match v {
            [] => 0,
            [(first, _), .., last] => {
                yield_!(last.0);
                *first
            }
            [_] => 1,
        }
    }
}

differential! {
    match_arms_leave = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _o = guard(9);
        loop {
            let _in = guard(8);
            let n = match yield_!(1) {
                n @ 0..=3 => n,
                4..=7 => continue,
                8 => break,
                n if odd(n) => return n,
                n => yield_!(n),
            };
            if !fuel() {
                return ev(n);
            }
        }
        yield_!(2)
    }
}

differential! {
    #[cfg(feature = "open")]
    match_binds_by_reference_to_an_argument = generator(body(Box::leak(Box::new((1, guard(2))))));
    #[lowered(yield = i64)]
    fn body(pair: &'static mut (i64, Guard)) -> i64 {
        match pair {
            (n, g) => {
                yield_!(*n);
                *n += 1;
                yield_!(g.id());
                g.renumber(7);
            }
        }
        add(pair.0, pair.1.id())
    }
}

differential! {
    match_mut_binding = generator(body(Some(guard(1))));
    #[lowered(yield = i64)]
    fn body(o: Option<Guard>) {
        match o {
            Some(mut g) => {
                yield_!(g.id());
                g = guard(2);
                yield_!(g.id());
            }
            None => {}
        }
    }
}

differential! {
    match_nested = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        match yield_!(1) {
            a if a > 7 => match yield_!(2) {
                b if b > 7 => yield_!(add(a, b)),
                b => {
                    if let Some(c) = perhaps(b) {
                        yield_!(c)
                    } else {
                        a
                    }
                }
            },
            a => {
                match perhaps(a) {
                    Some(_) => {
                        yield_!(3);
                    }
                    None => {}
                }
                a
            }
        }
    }
}

differential! {
    matches_macro = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> bool {
        let n = yield_!(1);
        let small = matches!(n, 0..=5);
        yield_!(2);
        small || matches!(perhaps(n), Some(7))
    }
}

differential! {
    fields_that_shadow = generator(body(guard(1), 2));
    #[lowered(yield = i64)]
    fn body(first: Guard, second: i64) -> i64 {
        struct Pair {
            first: Guard,
            second: i64,
        }
        let pair = Pair { first: guard(3), second: 4 };
        let sum = match pair {
            Pair { mut first, mut second } => {
                yield_!(first.id());
                first = guard(5);
                second += 1;
                first.id() + second
            }
        };
        yield_!(sum);
        first.id() + second
    }
}

differential! {
    an_else_after_a_match_in_the_middle_of_a_let = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Option<i64> {
        let Some(d) = Some(pass(match yield_!(1) {
            0 | 2 => { yield_!(19); guard(23) }
            c if odd(c) => guard(c),
            _ => guard(1),
        })) else { return Some(3) };
        Some(d.id())
    }
}

differential! {
    value_that_a_statement_lets_go = generator(body(1)), generator(body(2)), generator(nested(1)), generator(nested(2));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) {
        let _a = guard(1);
        if n == 1 { let _b = guard(2); yield_!(3); guard(4) } else { guard(5) };
        ev(6);
        match n {
            1 => { let _c = guard(7); guard(yield_!(8)) }
            _ => guard(9),
        };
        { let _d = guard(10); yield_!(11); guard(12) };
        loop { let _e = guard(13); yield_!(14); break guard(15) };
        'l: { let _f = guard(16); if yield_!(17) > 1 { break 'l guard(18) } let _h = guard(19); guard(20) };
        ev(21);
    }
    #[lowered(yield = i64, resume = i64)]
    fn nested(n: i64) {
        if n == 1 {
            let _a = guard(1);
            match yield_!(2) { 1 => { let _b = guard(3); Some(guard(4)) } _ => None }
        } else {
            None
        };
        { let _d = guard(5); if yield_!(6) == 1 { guard(7) } else { guard(70) } };
        { let _d = guard(50); yield_!(60); vec![guard(71)] };
        ev(8);
    }
}

differential! {
    types_of_what_is_let_go = generator(body(true, guard(1))), generator(body(false, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(c: bool, g: Guard) {
        if c { Some(g) } else { None };
        match yield_!(1) { 1 => Ok(guard(2)), n => Err(n) };
        yield_!(3);
    }
}
