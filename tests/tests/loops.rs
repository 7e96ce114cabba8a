//! Loops, labels, `break` with values, `continue`, early `return`, `?`.

use segue_tests::prelude::*;

differential! {
    while_loop = generator(body(3)), values(body(2)), generator(body(0));
    #[lowered(yield = i64)]
    fn body(mut n: i64) {
        while n > 0 {
            let _g = guard(n);
            yield_!(n);
            n -= 1;
        }
    }
}

differential! {
    while_condition_suspends = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut n = 0;
        while yield_!(n) < 11 && fuel() {
            let _g = guard(n);
            n += 1;
            if n == 3 {
                continue;
            }
            ev(n);
        }
        n
    }
}

differential! {
    while_condition_temporary = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let mut n = 0;
        while guard(n).id() < 3 {
            yield_!(n);
            n += 1;
        }
    }
}

differential! {
    while_let_pop = generator(body(vec![guard(1), guard(2), guard(3)]));
    #[lowered(yield = i64)]
    fn body(mut stack: Vec<Guard>) {
        while let Some(top) = stack.pop() {
            yield_!(top.id());
            if top.id() == 2 {
                continue;
            }
            ev(5);
        }
        yield_!(0);
    }
}

differential! {
    while_let_suspending = generator(body());
    #[lowered(yield = i64, resume = Option<Guard>)]
    fn body() {
        let _o = guard(99);
        while let Some(g) = yield_!(1) {
            if !fuel() {
                break;
            }
            yield_!(g.id());
        }
        ev(3);
    }
}

differential! {
    while_let_temporary = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let mut n = 0;
        while let 0..3 = guard(n).plus(0) {
            yield_!(n);
            n += 1;
        }
    }
}

differential! {
    for_over_range = generator(body()), values(body());
    #[lowered(yield = i64)]
    fn body() {
        for i in 0..3 {
            let _g = guard(i);
            yield_!(i);
        }
        for i in (1..=2).rev() {
            yield_!(i);
        }
    }
}

differential! {
    #[cfg(feature = "open")]
    for_over_an_iterator_with_a_guard = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        for i in items(3) {
            yield_!(i);
        }
        ev(8);
        for g in items(3).guards() {
            if g.id() == 4 {
                continue;
            }
            yield_!(g.id());
        }
        yield_!(9);
    }
}

differential! {
    for_iterable_temporary = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        for i in 0..few(guard(7).id()) {
            yield_!(i);
        }
        for i in items(peek_with(&guard(2), 1)) {
            yield_!(i);
        }
        ev(1);
    }
}

differential! {
    for_iterable_suspends = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        for i in items(yield_!(1)) {
            yield_!(i);
        }
        for i in 0..few(yield_!(2)) {
            ev(i);
        }
    }
}

differential! {
    #[cfg(feature = "open")]
    for_patterns = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        for (i, g) in [guard(1), guard(2)].into_iter().enumerate() {
            yield_!(i as i64);
            if i == 0 {
                drop(g);
                yield_!(5);
            }
        }
        for _ in [guard(3), guard(4)] {
            yield_!(6);
        }
        for Pair { left, .. } in [Pair { left: guard(5), right: guard(6) }] {
            yield_!(left.id());
        }
        for mut g in vec![guard(7)] {
            yield_!(g.renumber(8));
        }
    }
}

differential! {
    for_without_suspension = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut sum = 0;
        for i in items(3) {
            sum = add(sum, i);
            if sum > 100 {
                return sum;
            }
        }
        yield_!(sum);
        'out: for i in 0..3 {
            for j in 0..3 {
                if i == j {
                    continue 'out;
                }
                ev(j);
            }
        }
        sum
    }
}

differential! {
    for_over_borrowed_argument = generator(body(&[1, 2]));
    #[lowered(yield = i64)]
    fn body(v: &'static [i64]) -> i64 {
        for n in v {
            yield_!(*n);
        }
        for (at, n) in v.iter().enumerate().skip(1) {
            yield_!(add(at as i64, *n));
        }
        v.len() as i64
    }
}

differential! {
    loop_break_value = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Guard {
        let mut turns = 0;
        let n = loop {
            turns += 1;
            let g = guard(turns);
            let n = yield_!(g.id());
            if n > 5 || turns > 4 {
                break n;
            }
        };
        loop {
            let g = guard(20);
            yield_!(n);
            break g;
        }
    }
}

differential! {
    break_value_suspends = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let x = loop {
            let _g = guard(1);
            break add(ev(2), yield_!(1));
        };
        let y = 'block: {
            let _h = guard(3);
            if odd(x) {
                break 'block yield_!(2);
            }
            yield_!(3)
        };
        return add(y, yield_!(4));
    }
}

differential! {
    labels = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _o = guard(1);
        let mut count = 0;
        let found = 'outer: loop {
            let _a = guard(2);
            for i in 0..3 {
                let _b = guard(3);
                'inner: while fuel() {
                    let _c = guard(4);
                    count += 1;
                    match yield_!(i) {
                        0..=3 => continue,
                        4..=7 => break,
                        8..=10 => continue 'outer,
                        11..=13 => break 'inner,
                        n => break 'outer n,
                    }
                }
                ev(count);
            }
            if count > 12 {
                break 0;
            }
            if !fuel() {
                break 'outer 1;
            }
        };
        add(found, count)
    }
}

differential! {
    labelled_blocks = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let _o = guard(1);
        'a: {
            let _a = guard(2);
            'b: {
                let _b = guard(3);
                if yield_!(1) > 8 {
                    break 'a;
                }
                if yield_!(2) > 8 {
                    break 'b;
                }
                yield_!(3);
            }
            yield_!(4);
        }
        yield_!(5);
    }
}

differential! {
    early_return = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Guard {
        let a = guard(1);
        let b = guard(2);
        if odd(yield_!(1)) {
            return a;
        }
        {
            let _c = guard(3);
            if odd(yield_!(2)) {
                let _d = guard(4);
                return b;
            }
        }
        for g in [a, b] {
            if odd(yield_!(3)) {
                return g;
            }
        }
        guard(5)
    }
}

differential! {
    return_in_operands = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _g = guard(1);
        let n = yield_!(1);
        let x = consume_with(guard(2), if odd(n) { return 7 } else { yield_!(2) });
        add(x, return yield_!(x))
    }
}

differential! {
    question_mark_on_result = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Result<i64, Oops> {
        let _g = guard(1);
        let a = attempt(yield_!(1))?;
        let b = add(guard(2).plus(3), attempt(add(a, yield_!(2)))?);
        let g = attempt_guard(guard(3), yield_!(b))?;
        yield_!(g.id());
        Err(Oops(5))?;
        Ok(b)
    }
}

differential! {
    question_mark_on_option = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Option<Guard> {
        let g = keep_if(guard(1), yield_!(1))?;
        let n = perhaps(yield_!(2))?;
        for i in items(n) {
            perhaps(i)?;
            yield_!(perhaps(add(i, yield_!(3)))?);
        }
        Some(g)
    }
}

differential! {
    question_mark_on_what_is_sent = generator(body());
    #[lowered(yield = i64, resume = Result<i64, String>)]
    fn body() -> Result<i64, String> {
        let _g = guard(1);
        let mut sum = 0;
        for i in 0..3 {
            sum = add(sum, yield_!(i)?);
        }
        match yield_!(10) {
            Ok(n) => sum = n,
            Err(words) => {
                yield_!(words.len() as i64)?;
            }
        }
        Ok(sum)
    }
}

differential! {
    endless_loop = generator(body());
    #[lowered(yield = i64)]
    fn body() -> std::convert::Infallible {
        let mut n = 0;
        let _g = guard(1);
        loop {
            let _h = guard(2);
            yield_!(n);
            n += 1;
        }
    }
}

differential! {
    code_after_an_endless_loop = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _g = guard(1);
        loop {
            if yield_!(1) > 8 {
                return 3;
            }
        }
        yield_!(2);
        ev(4)
    }
}

differential! {
    moved_only_when_leaving = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let mut h = guard(2);
        loop {
            if yield_!(1) > 7 {
                break consume(g);
            }
            drop(h);
            yield_!(2);
            h = guard(3);
            if !fuel() {
                return consume_both(g, h);
            }
        }
    }
}

differential! {
    loop_inside_loop_inside_match = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut total = 0;
        for i in 0..2 {
            match yield_!(i) {
                n if n > 9 => {
                    let mut j = 0;
                    while j < 2 {
                        let k = loop {
                            let _g = guard(j);
                            if yield_!(j) > 2 || !fuel() {
                                break 3;
                            }
                        };
                        j += 1;
                        total = add(total, k);
                    }
                }
                _ => total = add(total, 1),
            }
        }
        total
    }
}

differential! {
    loop_at_the_end_left_by_plain_code = generator(body(true)), generator(body(false));
    #[lowered(yield = i64)]
    fn body(leave: bool) {
        let _g = guard(1);
        loop {
            let _h = guard(2);
            if leave {
                break;
            }
            yield_!(1);
            if !fuel() {
                break;
            }
        }
    }
}

differential! {
    operand_that_may_leave = generator(body(vec![1, 2])), generator(body(vec![7, 1, 2]));
    #[lowered(yield = i64)]
    fn body(mut list: Vec<i64>) {
        let mut n = 0;
        'outer: loop {
            let kept = guard(n);
            let _other = guard(10);
            yield_!(match list.pop() {
                Some(7) => {
                    drop(kept);
                    n = 50;
                    continue 'outer;
                }
                Some(number) => number,
                None => {
                    drop(kept);
                    break;
                }
            });
            n += 1;
        }
        ev(n);
    }
}

differential! {
    operand_that_always_leaves = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        loop {
            let _g = guard(1);
            yield_!(break)
        }
        ev(2);
    }
}
