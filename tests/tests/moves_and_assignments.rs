//! Variables that are moved, on some ways or on all, and assigned to again.

use segue_tests::prelude::*;

differential! {
    gone_on_one_way_and_never_there_on_the_other = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let a: Guard;
        if (if odd(4) {
            a = guard(8);
            let b = pass(a);
            while fuel() && odd(yield_!(15)) {}
            odd(16)
        } else {
            odd(17)
        }) && odd(18) {}
        19
    }
}

differential! {
    a_number_first_given_in_a_loop = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut f: i64;
        while fuel() {
            f = pause(7).await;
            if f > 3 { ev(f); }
        }
        16
    }
}

differential! {
    declared_before_a_loop_that_assigns = generator(body());
    #[lowered(yield = i64, resume = Guard)]
    fn body() {
        let _a = guard(1);
        let mut x;
        let _b = guard(2);
        loop {
            x = yield_!(3);
            if x.id() > 4 { break }
            ev(x.id());
        }
        ev(5);
    }
}

differential! {
    assigned_in_each_round_and_read_after = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut x;
        let mut i = 0;
        loop {
            yield_!(i);
            x = guard(i);
            let sent = yield_!(x.id());
            ev(sent);
            i += 1;
            if i == 3 { break }
        }
        yield_!(10);
        x.id()
    }
}

differential! {
    moved_on_one_way_and_assigned_later = generator(body(true, guard(1))), generator(body(false, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(early: bool, first: Guard) {
        let _a = guard(20);
        let mut x = first;
        let _b = guard(21);
        if early { drop(x); }
        yield_!(1);
        x = guard(2);
        yield_!(2);
        drop(x);
        ev(3);
    }
}

differential! {
    parameter_moved_on_one_way = generator(body(1, guard(1))), generator(body(2, guard(1))), generator(body(3, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64, mut x: Guard) -> Guard {
        match n {
            1 => consume(x),
            2 => { yield_!(x.id()); consume(x) }
            _ => yield_!(5),
        };
        let _g = guard(6);
        yield_!(7);
        yield_!(8);
        x = guard(9);
        ev(x.id());
        x
    }
}

differential! {
    assigned_on_one_way_only = generator(body(1, guard(1))), generator(body(2, guard(1))), generator(body(3, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64, mut x: Guard) {
        let _a = guard(10);
        if n == 1 { consume(x); }
        yield_!(1);
        if n < 3 { x = guard(2); ev(x.id()); }
        yield_!(3);
        ev(4);
        x = guard(5);
        let _b = guard(11);
        yield_!(6);
    }
}

differential! {
    assigned_on_the_way_to_a_suspension = generator(body(1, guard(1))), generator(body(2, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64, mut x: Guard) -> i64 {
        if n == 1 { consume(x); }
        let sent = yield_!(1);
        if sent > 2 {
            x = guard(2);
            yield_!(x.id());
            consume(x);
        } else {
            x = guard(3);
            yield_!(x.id());
        }
        yield_!(4)
    }
}

differential! {
    value_that_leaves_the_assignment = generator(body(1, guard(1))), generator(body(2, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64, mut x: Guard) -> Option<Guard> {
        let _a = guard(10);
        if n == 1 { consume(x); }
        let sent = yield_!(1);
        x = some(sent)?;
        let _b = guard(11);
        yield_!(x.id());
        Some(x)
    }
    fn some(n: i64) -> Option<Guard> {
        if odd(n) { Some(guard(n)) } else { None }
    }
}

differential! {
    taken_and_given_back_in_a_loop = generator(body(guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(mut x: Guard) -> i64 {
        let mut i = 0;
        while i < 4 {
            i += 1;
            if odd(i) { consume(x); }
            let sent = yield_!(i);
            x = guard(add(sent, i));
        }
        x.id()
    }
}

differential! {
    declared_in_a_block_of_a_loop = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let mut i = 0;
        while i < 2 {
            let _a = guard(i);
            let mut x;
            let _b = guard(add(i, 10));
            let mut k = 0;
            while k < 2 {
                x = guard(yield_!(k));
                ev(x.id());
                k += 1;
            }
            yield_!(20);
            i += 1;
        }
        ev(30);
    }
}

differential! {
    awaited_and_assigned_in_a_loop = task(body(3));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut last;
        let mut i = 0;
        loop {
            last = pause_holding(guard(i), i).await;
            i += 1;
            let mut text: String;
            text = format!("{last:?}");
            pause(1).await;
            text.push('x');
            ev(text.len() as i64);
            if i == n { break }
        }
        i
    }
}

differential! {
    assigned_in_blocks = generator(body(1, guard(1))), generator(body(2, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64, mut x: Guard) -> i64 {
        let mut y;
        if n == 1 { consume(x); }
        if n == 2 { y = guard(2); yield_!(y.id()); }
        let sent = yield_!(1);
        { x = guard(3); }
        let m = { y = guard(4); let _z = guard(5); y.id() };
        yield_!(add(m, sent));
        if odd(sent) { consume(x); if odd(n) { consume(y); } }
        yield_!(6);
        ev({ x = guard(7); 8 });
        yield_!(9);
        unsafe { y = raw(10); }
        yield_!(y.id());
        x.id()
    }
    unsafe fn raw(n: i64) -> Guard { guard(n) }
}
