//! `join!` and `try_join!` of futures and of tokio: they await, and expand after the attribute.

use segue_tests::prelude::*;

async fn fails(n: i64, times: i64) -> Result<Guard, Small> {
    let _l = guard(80 + n);
    for _ in 0..times {
        pause(n).await;
    }
    attempt_guard(guard(n), n)
}

differential! {
    all_at_once = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _o = guard(1);
        let (a, b) = futures::join!(pause(1), pause_holding(guard(2), 3));
        let (c, d, e) = tokio::join!(pause_holding(guard(a), 3), pause(b), pause_holding(guard(5), 5));
        let (one,) = futures::join!(pause(c));
        let () = futures::future::ready(tokio::join!()).await;
        add(add(c, d), add(e, one))
    }
}

differential! {
    operands_borrow = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut g = guard(1);
        let mut from = source(2);
        let mut bytes = buffer(3);
        let h = guard(4);
        let (n, m) = tokio::join!(from.read(&mut bytes), renumber_later(&mut g, 7));
        let (k, l) = futures::join!(look(&h, m), look(&h, 5));
        let (x, y) = futures::join!(async { add(g.renumber(k), pause(6).await) }, async { h.id() });
        drop(h);
        add(add(n.unwrap_or(9), l), add(x, y)) + g.id() + bytes.sum()
    }
}

differential! {
    operands_in_variables = task(body(pause_holding(guard(1), 2)));
    #[lowered]
    async fn body(given: impl Future<Output = i64>) -> i64 {
        let g = guard(3);
        let made = look(&g, 4);
        let boxed: std::pin::Pin<Box<dyn Future<Output = i64>>> = Box::pin(pause_holding(guard(5), 6));
        let (a, b, c) = futures::join!(given, made, boxed);
        let first = pause_holding(guard(7), 1);
        let second = pause_holding(guard(8), 4);
        let (d, e) = tokio::join!(second, first);
        add(add(a, b), add(c, add(d, e))) + g.id()
    }
}

differential! {
    operands_suspend_and_leave = task(body(1)), task(body(2)), task(body(3)), task(body(40));
    #[lowered]
    async fn body(n: i64) -> Result<i64, Oops> {
        let (a, b) = futures::join!(pause_holding(guard(1), pause(n).await), pause(attempt(n)?));
        for _ in 0..2 {
            let (c, d) = tokio::join!(
                pause_holding(guard(2), a),
                pause(if odd(pause(b).await) { break } else if n == 40 { return Ok(7) } else { 8 }),
            );
            ev(add(c, d));
        }
        Ok(add(a, b))
    }
}

differential! {
    what_operands_make = task(body());
    #[lowered]
    async fn body() -> i64 {
        let (a, b) = futures::join!(pause(guard(1).plus(1)), pause_holding(guard(2), guard(3).id()));
        let (c, d) = tokio::join!(pause(guard(4).plus(a)), pause_holding(guard(5), guard(6).plus(b)));
        let (e, f) = tokio::join!(pause(guard(7).plus(pause(8).await)), pause(guard(9).id()));
        add(add(c, d), add(e, f))
    }
}

differential! {
    first_error_ends_it = task(body(1, 2)), task(body(3, 1)), task(body(1, 3)), task(body(3, 3));
    #[lowered]
    async fn body(n: i64, m: i64) -> Result<i64, Oops> {
        let _o = guard(4);
        let both: Result<(Guard, Guard), Small> = futures::try_join!(fails(n, 2), fails(m, 1));
        ev(both.is_ok() as i64);
        let g = guard(5);
        let (a, b, c) =
            tokio::try_join!(fails(n, 1), fails(m, 2), async { Ok::<_, Small>(g.plus(pause(6).await)) })?;
        Ok(a.id() + b.id() + c)
    }
}

differential! {
    in_expressions = task(body());
    #[lowered]
    async fn body() -> i64 {
        let n = add(ev(1), futures::join!(pause(2), pause(3)).1);
        if tokio::join!(pause(n), pause(4)).0 > 3 {
            println!("{:?}", futures::join!(pause_holding(guard(5), 6), pause(7)));
        }
        let t = (guard(8), tokio::join!(pause(9), pause_holding(guard(10), 11)));
        match futures::try_join!(fails(2, 1), fails(3, 1)) {
            Ok((a, b)) => consume_both(a, b),
            Err(e) => add(e.0, futures::join!(pause(t.1.0)).0),
        }
    }
}

differential! {
    panics_in_one = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let (a, b, c) = tokio::join!(look(&g, 2), bomb(guard(3)), pause_holding(guard(4), 5));
        a + b + c
    }
}

differential! {
    panics_in_another = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let (a, b, c) = futures::join!(look(&g, 2), bomb(guard(3)), pause_holding(guard(4), 5));
        a + b + c
    }
}

differential! {
    imported_by_name = task(body());
    use futures::{join, try_join};
    #[lowered]
    async fn body() -> Result<i64, Oops> {
        let g = guard(1);
        let (a, b) = join!(look(&g, 2), pause_holding(guard(3), 4));
        let (c, d) = try_join!(fails(a, 1), fails(b, 2))?;
        Ok(c.id() + d.id())
    }
}

differential! {
    biased_of_tokio = task(body());
    #[lowered]
    async fn body() -> i64 {
        let (a, b) = tokio::join!(biased; pause_holding(guard(1), 3), pause_holding(guard(2), 3));
        tokio::try_join!(biased; fails(a, 2), fails(b, 1)).map_or(1, |(g, h)| consume_both(g, h))
    }
}

differential! {
    polled_once = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut one = pause_holding(guard(1), 2);
        let mut n = 0;
        while futures::poll!(&mut one).is_pending() && fuel() {
            n = add(n, 1);
            futures::pending!();
        }
        n
    }
}

differential! {
    in_async_generators = stream(body());
    #[lowered(yield = i64)]
    async fn body() {
        let g = guard(1);
        let (a, b) = futures::join!(look(&g, 2), pause(3));
        yield_!(a);
        let (c, d) = tokio::join!(pause_holding(guard(4), b), async { g.id() });
        yield_!(add(c, d));
    }
}

differential! {
    outputs_that_borrow = task(body());
    #[lowered]
    async fn body() -> i64 {
        let one = async_lock::Mutex::new(guard(1));
        let two = async_lock::Mutex::new(guard(2));
        let (mut a, b) = futures::join!(one.lock(), two.lock());
        a.renumber(pause(b.id()).await);
        let n = a.id();
        drop((a, b));
        tokio::select! {
            biased;
            c = one.lock() => {
                pause(n).await;
                c.id()
            }
            d = two.lock() => add(pause(3).await, d.id()),
        }
    }
}

differential! {
    segues_own = task(body(1, 2)), task(body(2, 1)), task(body(3, 2));
    #[lowered]
    async fn body(n: i64, m: i64) -> Result<i64, Oops> {
        let mut g = guard(1);
        let (a, b, c) = segue::join!(pause(guard(2).plus(n)), renumber_later(&mut g, m), pause_holding(guard(3), 4));
        let (one,) = segue::join!(pause_holding(guard(4), pause(a).await));
        let (h, i) = segue::try_join!(fails(n, 2), fails(m, 1))?;
        let lost = segue::try_join!(fails(3, 1), fails(b, 3), async { Ok(g.plus(pause(5).await)) });
        ev(lost.is_err() as i64);
        Ok(add(add(c, one), h.id()) + i.id() + g.id())
    }
}

differential! {
    segues_own_panics = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let (a, b, c) = segue::join!(look(&g, 2), bomb(guard(3)), pause_holding(guard(4), 5));
        a + b + c
    }
}
