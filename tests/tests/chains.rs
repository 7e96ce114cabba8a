//! Chains of `let` conditions, in `if` and `while`: suspensions in any link and in their branches.

use segue_tests::prelude::*;

differential! {
    let_chain = generator(body(Some(guard(1)))), generator(body(Some(guard(2)))), generator(body(None));
    #[lowered(yield = i64, resume = i64)]
    fn body(o: Option<Guard>) {
        if let Some(g) = o
            && g.id() == 1
            && let Some(n) = perhaps(g.id())
        {
            yield_!(n);
        } else {
            yield_!(8);
        }
        ev(9);
    }
}

differential! {
    let_chain_suspends = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64, resume = i64)]
    fn body(o: Option<Guard>) {
        if let Some(g) = o
            && let Some(n) = perhaps(yield_!(g.id()))
            && odd(yield_!(n))
        {
            yield_!(n);
        } else {
            yield_!(8);
        }
        ev(9);
    }
}

differential! {
    let_chain_drops_on_each_way = generator(body(0)), generator(body(1)), generator(body(2)), generator(body(3));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let _first = guard(1);
        let got = if let Some(g) = keep_if(guard(2), yield_!(n))
            && peek(&guard(3)) == 3
            && let Some(h) = keep_if(guard(4), peek_with(&guard(5), yield_!(6)))
            && let m = guard(7)
            && odd(yield_!(m.id()))
        {
            yield_!(g.id());
            consume_both(h, m)
        } else if let 1 = peek_with(&guard(8), n) - 8
            && let Some(_) = keep_if(guard(9), yield_!(10))
        {
            yield_!(11)
        } else {
            let _other = guard(12);
            yield_!(13)
        };
        ev(got)
    }
}

differential! {
    let_chain_without_an_else = generator(body(Some(guard(1)), Some(guard(2)))), generator(body(None, None)), generator(body(Some(guard(3)), None));
    #[lowered(yield = i64, resume = i64)]
    fn body(a: Option<Guard>, b: Option<Guard>) {
        if let Some(g) = a
            && yield_!(g.id()) < 40
            && let Some(h) = b
        {
            consume_both(g, h);
            yield_!(3);
        }
        if odd(yield_!(4)) && let Some((g, 6)) = Some((guard(5), ev(6))) && odd(yield_!(g.id())) {
            ev(7);
        }
        yield_!(8);
    }
}

differential! {
    let_chain_whose_links_only_look = generator(body(&(3, 4)));
    #[lowered(yield = i64, resume = i64)]
    fn body(pair: &'static (i64, i64)) -> i64 {
        let o = Some(guard(1));
        if let Some(_) = o
            && let (3, n) = pair
            && yield_!(*n) > 5
        {
            yield_!(2);
        } else {
            ev(3);
        }
        yield_!(4);
        if let Some(ref g) = o
            && let n = g.id()
            && let 0..=20 = yield_!(n)
        {
            yield_!(n)
        } else {
            5
        }
    }
}

differential! {
    let_chain_that_suspends_before_only = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut held = guard(1);
        if yield_!(1) > 3 && let Some(g) = keep_if(guard(2), 4) && g.id() == 2 {
            held = g;
        } else {
            drop(held);
            held = guard(3);
        }
        let n = if let Some(n) = perhaps(yield_!(2)) && n > 3 { consume_with(held, n) } else { held.id() };
        yield_!(n)
    }
}

differential! {
    let_chain_that_takes_and_does_not_suspend = generator(body(Some(guard(1)), 3)), generator(body(Some(guard(2)), 4)), generator(body(None, 5));
    #[lowered(yield = i64, resume = i64)]
    fn body(o: Option<Guard>, n: i64) -> i64 {
        let p = Some(guard(10));
        if let Some(g) = o && odd(n) {
            consume(g);
        }
        yield_!(1);
        let m = if let Some(g) = p && let Some(h) = keep_if(guard(11), n) { consume_both(g, h) } else { ev(12) };
        yield_!(m)
    }
}

differential! {
    let_chain_leaves = generator(body(1)), generator(body(2)), generator(body(3)), generator(body(7));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> Result<i64, Oops> {
        for i in 0..3 {
            if let Some(g) = keep_if(guard(i), yield_!(i)) && attempt(yield_!(n))? > 1 && let m = g.id() {
                if m == 1 {
                    continue;
                }
                if yield_!(m) == 2 {
                    break;
                }
                return Ok(consume(g));
            } else if i == 2 {
                return Err(Oops(i));
            }
        }
        Ok(yield_!(100))
    }
}

differential! {
    let_chain_at_the_end = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64, resume = i64)]
    fn body(o: Option<Guard>) -> Guard {
        let _last = guard(2);
        if let Some(g) = o && yield_!(g.id()) < 30 && let Some(h) = keep_if(guard(3), yield_!(4)) { either(g, h, yield_!(5)) } else { guard(yield_!(6)) }
    }
}

differential! {
    while_let_chain = generator(body(3)), generator(body(0));
    #[lowered(yield = i64, resume = i64)]
    fn body(mut n: i64) -> i64 {
        let _first = guard(1);
        let mut list = vec![guard(2), guard(3), guard(4)];
        while let Some(g) = list.pop()
            && yield_!(g.id()) < 50
            && let Some(h) = keep_if(guard(5), peek_with(&guard(6), yield_!(n)))
        {
            n += 1;
            if odd(n) {
                continue;
            }
            yield_!(h.id());
            drop(g);
        }
        'outer: while fuel() && let Some(m) = perhaps(yield_!(n)) && m < 90 {
            while let 0..=30 = yield_!(m) && fuel() {
                if odd(m) {
                    continue 'outer;
                }
                break 'outer;
            }
        }
        yield_!(list.len() as i64)
    }
}

differential! {
    let_chain_in_a_task = task(body(Some(guard(1)))), task(body(None));
    #[lowered]
    async fn body(o: Option<Guard>) -> i64 {
        if let Some(g) = o
            && let n = pause_holding(guard(2), g.id()).await
            && let Some(m) = perhaps(pause(n).await)
        {
            add(m, pause(g.id()).await)
        } else {
            pause(3).await
        }
    }
}
