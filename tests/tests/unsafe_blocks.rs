//! `unsafe` blocks that hold suspensions.
#![deny(unused_unsafe)]

use segue_tests::prelude::*;

/// Something that only an `unsafe` block may call.
///
/// # Safety
///
/// There is nothing to keep.
unsafe fn raw(n: i64) -> i64 {
    ev(n)
}

/// The same, of a guard.
///
/// # Safety
///
/// There is nothing to keep.
unsafe fn raw_guard(n: i64) -> Guard {
    guard(n)
}

/// Something that can be waited for.
///
/// # Safety
///
/// There is nothing to keep.
async unsafe fn raw_pause(n: i64) -> i64 {
    pause(n).await
}

union Bits {
    signed: i64,
    unsigned: u64,
}

differential! {
    statements_around_a_suspension = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _a = guard(1);
        unsafe {
            let _b = raw_guard(2);
            let n = raw(3);
            let sent = yield_!(n);
            let _c = raw_guard(4);
            raw(sent);
        }
        ev(5)
    }
}

differential! {
    value_of_the_block = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Guard {
        let g = unsafe {
            let _inner = raw_guard(1);
            let n = yield_!(raw(2));
            raw_guard(n)
        };
        yield_!(g.id());
        unsafe {
            yield_!(3);
            raw_guard(4)
        }
    }
}

differential! {
    operands = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let sum = add(unsafe { raw(1) }, unsafe { add(raw(2), yield_!(raw(3))) });
        let held = (guard(4), unsafe { yield_!(5); raw_guard(6) }, unsafe { raw_guard(yield_!(7)) });
        add(sum, held.2.id())
    }
}

differential! {
    loops_and_branches_inside = generator(body(4));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let mut sum = 0;
        unsafe {
            let mut i = 0;
            while i < n {
                let _round = raw_guard(i);
                if i == 1 {
                    sum = add(sum, yield_!(raw(i)));
                } else if i == 2 {
                    let _two = raw_guard(20);
                    yield_!(2);
                } else {
                    raw(30);
                }
                match raw(i) {
                    0 => {}
                    1 => { yield_!(10); }
                    x => { raw(x); }
                }
                i += 1;
            }
        }
        sum
    }
}

differential! {
    for_loop_inside = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        unsafe {
            for g in [raw_guard(1), raw_guard(2), raw_guard(3)] {
                raw(yield_!(g.id()));
            }
            raw(4);
        }
    }
}

differential! {
    inside_of_loops = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut i = 0;
        let last = loop {
            let _g = guard(i);
            i += 1;
            let sent = unsafe {
                let _h = raw_guard(10);
                if raw(i) == 2 { continue }
                if i == 4 { break raw(yield_!(4)) }
                yield_!(raw(i))
            };
            ev(sent);
        };
        last
    }
}

differential! {
    labels = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        'outer: loop {
            unsafe {
                let _a = raw_guard(1);
                let n = 'inner: {
                    let _b = raw_guard(2);
                    let sent = yield_!(raw(3));
                    if sent < 2 { break 'inner raw(4) }
                    if sent > 5 { break 'outer raw(5) }
                    raw(6)
                };
                if yield_!(n) == 1 { continue 'outer }
                break raw(7)
            }
        }
    }
}

differential! {
    returns_and_questions = generator(body(1)), generator(body(2)), generator(body(3));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> Option<Guard> {
        let _a = guard(1);
        let g = unsafe {
            let _b = raw_guard(2);
            if n == 1 { return Some(raw_guard(yield_!(raw(3)))) }
            let g = option(n == 3, raw_guard(4))?;
            yield_!(raw(5));
            g
        };
        yield_!(6);
        Some(g)
    }
    fn option(some: bool, g: Guard) -> Option<Guard> {
        if some { Some(g) } else { None }
    }
}

differential! {
    conditions_and_scrutinees = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        if unsafe { yield_!(raw(1)) == raw(2) } { ev(3); }
        while unsafe { raw(yield_!(4)) < 2 } { ev(5); }
        let g = match unsafe { yield_!(6); raw_guard(7) } {
            g if g.id() == 7 => unsafe { raw(yield_!(8)); g },
            g => g,
        };
        if let Some(n) = unsafe { yield_!(9); Some(raw(10)) } {
            yield_!(n);
        }
        let Some(last) = (unsafe { Some(raw(yield_!(11))) }) else { return unsafe { raw(12) } };
        add(last, g.id())
    }
}

differential! {
    scrutinee_in_the_block = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let pointed = 5i64;
        let pointer: *const i64 = &pointed;
        let address = pointer as usize;
        unsafe {
            match raw_guard(1).id() {
                1 => { yield_!(raw(2)); }
                _ => {}
            }
            if let 3 = raw(3) { yield_!(4); raw(5); } else { raw(6); }
            if raw(7) == 7 { yield_!(8); raw(9); }
            raw(address as i64 & 1);
        }
    }
}

differential! {
    temporaries_of_the_tail = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = unsafe {
            let _a = guard(1);
            yield_!(2);
            raw_guard(3).plus(raw_guard(4).id())
        };
        let m = unsafe { let _b = guard(5); raw_guard(6).plus(yield_!(7)) };
        add(n, m)
    }
}

differential! {
    nested_blocks = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        unsafe {
            let a = {
                let _g = raw_guard(1);
                let inner = { yield_!(raw(2)) };
                raw(inner)
            };
            let _h = raw_guard(3);
            let b = { yield_!(4); let _i = raw_guard(5); raw(yield_!(6)) };
            raw(add(a, b))
        }
    }
}

differential! {
    unions_statics_and_pointers = generator(body(7));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let mut bits = Bits { signed: n };
        let boxed = Box::into_raw(Box::new(n));
        let (a, b) = unsafe {
            yield_!(bits.signed);
            bits.unsigned += 1;
            *boxed += yield_!(bits.signed);
            let Bits { signed } = bits;
            yield_!(signed);
            match bits { Bits { signed: 8 } => { yield_!(80); } _ => {} }
            let freed = Box::from_raw(boxed);
            (*freed, yield_!(*freed))
        };
        add(a, b)
    }
}

differential! {
    variable_declared_before_and_assigned_inside = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g;
        let mut n = 0;
        unsafe {
            n = add(n, yield_!(raw(1)));
            g = raw_guard(2);
            yield_!(n);
        }
        yield_!(g.id());
        n
    }
}

differential! {
    awaits = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut all = vec![1];
        let _a = guard(1);
        let n = unsafe {
            let _b = raw_guard(2);
            let n = raw_pause(3).await;
            all.push(raw(n));
            raw_pause(add(n, all.len() as i64)).await
        };
        let m = unsafe { add(raw_pause(raw(4)).await, raw_pause(5).await) };
        let lent = unsafe { push_raw(&mut all, raw(6)).await };
        add(add(n, m), add(lent, all.len() as i64))
    }
    async unsafe fn push_raw(all: &mut Vec<i64>, n: i64) -> i64 {
        pause(1).await;
        all.push(n);
        add(n, all.len() as i64)
    }
}

differential! {
    unsafe_in_every_branch = generator(body(0)), generator(body(1)), generator(body(2));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let got = if n == 0 {
            unsafe { raw(yield_!(1)) }
        } else if n == 1 {
            unsafe {
                let _g = raw_guard(2);
                yield_!(raw(3))
            }
        } else {
            unsafe { raw(4) }
        };
        let _h = guard(5);
        yield_!(got);
        if n == 1 { unsafe { yield_!(raw(6)); } } else { unsafe { yield_!(raw(7)); } }
        got
    }
}

differential! {
    one_block_is_the_function = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        unsafe {
            loop {
                let sent = yield_!(raw(1));
                if sent > 3 { return raw(sent) }
                let _g = raw_guard(2);
                yield_!(3);
            }
        }
    }
}

differential! {
    std_macros_inside = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> String {
        unsafe {
            assert_eq!(raw(1), 1);
            let text = format!("{} {}", raw(2), yield_!(raw(3)));
            assert!(yield_!(raw(4)) != raw(-1));
            let all = vec![raw(5), yield_!(6), raw(7)];
            format!("{text} {}", all.len())
        }
    }
}
