//! Assignments by a pattern: what they take of a variable, and what they give to others.
use segue_tests::prelude::*;

differential! {
    assigned_to_nothing = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(held: Guard) -> i64 {
        let last = guard(2);
        _ = held;
        yield_!(4);
        3
    }
}

differential! {
    assigned_by_a_tuple = generator(body((guard(1), guard(3))));
    #[lowered(yield = i64)]
    fn body(held: (Guard, Guard)) -> i64 {
        let last = guard(2);
        let n;
        let m;
        (n, m) = held;
        yield_!(n.id());
        yield_!(m.id());
        3
    }
}

differential! {
    assigned_by_patterns_of_values = generator(body(guard(1), guard(2)));
    #[lowered(yield = i64)]
    fn body(mut a: Guard, mut b: Guard) -> i64 {
        let last = guard(3);
        (a, b) = (guard(4), guard(5));
        yield_!(3);
        [a, _] = [guard(6), guard(7)];
        yield_!(4);
        (b, ..) = (a, guard(8), 1);
        yield_!(9);
        3
    }
}

differential! {
    assigned_by_a_struct = generator(body(Two { a: guard(1), b: guard(2) }));
    #[lowered(yield = i64)]
    fn body(mut held: Two) -> i64 {
        let last = guard(3);
        let (mut a, mut b) = (guard(4), guard(5));
        Two { a, b } = held;
        yield_!(3);
        held = Two { a: guard(7), b: guard(8) };
        Two { a, b: held.b } = Two { a: guard(10), b: guard(11) };
        yield_!(3);
        if a.id() == 10 {
            (Two { a, .. }, [b]) = (Two { a: guard(12), b: guard(13) }, [guard(14)]);
            yield_!(3);
        }
        3
    }
    struct Two { a: Guard, b: Guard }
}

differential! {
    swapped_by_an_assignment = generator(body((1, 2)));
    #[lowered(yield = i64)]
    fn body(pair: (i64, i64)) -> i64 {
        let (mut a, mut b) = pair;
        for _ in 0..3 {
            (a, b) = (b, a + b);
            yield_!(a);
        }
        (b, a) = pair;
        yield_!(a);
        b
    }
}

differential! {
    assigned_again_in_an_arm = task(body(Some(guard(1)))), task(body(None));
    #[lowered]
    async fn body(first: Option<Guard>) -> i64 {
        let mut next = first;
        let mut count = 0;
        loop {
            match next {
                Some(one) if odd(count) => count += pause_holding(one, 2).await,
                Some(one) => count += one.id(),
                None => return count,
            }
            count += pause(1).await;
            match keep_if(guard(7), count) {
                Some(other) => next = Some(other),
                _ => break,
            };
        }
        count
    }
}
