//! Closures that borrow a local while the function is suspended.
use segue_tests::prelude::*;

differential! {
    a_closure_that_borrows = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut seen = vec![guard(1)];
        let mut see = |n: i64| {
            seen.push(guard(n));
            seen.len() as i64
        };
        yield_!(see(2));
        yield_!(see(3));
        seen.truncate(1);
        yield_!(seen.len() as i64);
        seen.into_iter().map(Guard::into_id).sum()
    }
}

differential! {
    a_closure_that_takes_another = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut total = 2;
        let taken = guard(1);
        let mut add = |n: i64| { total += n; total };
        let both = move |n: i64| taken.id() + n;
        yield_!(add(1));
        yield_!(both(1));
        total + add_both(both(2))
    }
    fn add_both(n: i64) -> i64 { n + 1 }
}

differential! {
    a_closure_that_assigns = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut one = guard(1);
        let mut renew = |n| { one = guard(n); one.id() };
        yield_!(renew(2));
        yield_!(renew(3));
        let mut nested = |n| {
            let mut inner = |m| one = guard(m);
            inner(n);
            one.id()
        };
        yield_!(nested(4));
        yield_!(nested(5));
        one.id()
    }
}

differential! {
    a_closure_that_names_a_number = generator(body(8));
    #[lowered(yield = i64)]
    fn body(d: i64) -> i64 {
        let see = |n: i64| { ev(n); d };
        yield_!(1);
        see(2) + d
    }
}

differential! {
    a_closure_that_lends_on = generator(body());
    #[lowered(yield = i64)]
    fn child(one: &mut Guard) -> i64 {
        let held = &mut *one;
        yield_!(held.id());
        held.renumber(3);
        let mut change = |n: i64| {
            let renumber = |lent: &mut Guard| lent.renumber(n);
            renumber(one)
        };
        yield_!(change(4));
        change(5)
    }
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut one = guard(1);
        yield_from!(child(&mut one)) + one.id()
    }
}

differential! {
    a_closure_over_a_slice = generator(body());
    #[lowered(yield = i64)]
    fn child(numbers: &mut [i64]) -> i64 {
        let mut add = |n: i64| {
            numbers[0] += n;
            numbers.iter().sum::<i64>()
        };
        yield_!(add(1));
        yield_!(add(2));
        numbers[1]
    }
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut numbers = [1, 2, 3];
        yield_from!(child(&mut numbers[1..])) + numbers[1]
    }
}
