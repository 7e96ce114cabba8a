//! Functions of so many suspensions that their steps are divided into groups (`macros/src/groups.rs`).
//!
//! Each is a few lines over and over: what stands between the third brackets is there 48 times, in a block.

use segue_tests::prelude::*;

/// A differential body with one part of it many times over.
macro_rules! large {
    ($name:ident = $($subject:expr),+; [$($head:tt)*] [$($before:tt)*] [$($part:tt)*] [$($after:tt)*]) => {
        large! {
            @six $name = $($subject),+; [$($head)*] [$($before)*]
            [$($part)* $($part)* $($part)* $($part)* $($part)* $($part)* $($part)* $($part)*] [$($after)*]
        }
    };
    (@six $name:ident = $($subject:expr),+; [$($head:tt)*] [$($before:tt)*] [$($part:tt)*] [$($after:tt)*]) => {
        differential! {
            $name = $($subject),+;
            $($head)* {
                $($before)* { $($part)* $($part)* $($part)* $($part)* $($part)* $($part)* }
                $($after)*
            }
        }
    };
}

async fn looking(g: &Guard, n: i64) -> i64 {
    add(g.id(), pause(n).await)
}

async fn writing(text: &mut String, n: i64) {
    text.push('+');
    pause(n).await;
}

large! {
    task_that_lends_and_fails = task(body(guard(1), 3)), task(body(guard(1), 1000));
    [#[lowered] async fn body(g: Guard, most: i64) -> Result<i64, Small>]
    [let mut n = 0; let mut text = String::new();]
    [
        let h = guard(n + 2);
        n = add(n, looking(&g, 1).await);
        text.push('-');
        {
            let inner = guard(3);
            writing(&mut text, inner.id()).await;
        }
        if n > most {
            attempt(0)?;
            return Ok(pause_holding(h, n).await);
        }
    ]
    [Ok(add(n, text.len() as i64))]
}

large! {
    generator_with_locals = generator(body(guard(1)));
    [#[lowered(yield = i64, resume = i64)] fn body(g: Guard) -> i64]
    [let mut n = g.id();]
    [
        let a = yield_!(n);
        ev(a);
        { let b = guard(a); n = add(n, yield_!(b.id())); }
    ]
    [n]
}

large! {
    loop_around_all = generator(body(2));
    [#[lowered(yield = i64, resume = i64)] fn body(times: i64) -> Vec<i64>]
    [let mut n = 0; let mut seen = Vec::new(); 'all: while { n += 1; n <= times }]
    [
        let g = guard(n);
        if odd(yield_!(g.id())) { seen.push(n); }
        match seen.len() {
            7 => { seen.push(yield_!(1)); continue 'all }
            19 => break 'all,
            _ => {}
        }
    ]
    [seen]
}

large! {
    generator_that_delegates = generator(body(guard(1)));
    [
        #[lowered(yield = i64, resume = i64)] fn child(n: i64, g: Guard) -> Guard { ev(yield_!(n)); g }
        #[lowered(yield = i64, resume = i64)] fn body(mut g: Guard) -> Guard
    ]
    []
    [g = yield_from!(child(1, g)); ev(yield_!(2));]
    [g]
}

large! {
    stream_that_awaits = stream(body(guard(1)));
    [#[lowered(yield = i64)] async fn body(g: Guard)]
    [let mut n = 0;]
    [n = add(n, looking(&g, 1).await); yield_!(n); if n == 20 { let h = guard(2); yield_!(h.id()); }]
    [ev(n);]
}
