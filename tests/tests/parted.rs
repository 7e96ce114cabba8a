//! Variables of which a part is taken: what is left is dropped where their scope ends, in the order of its fields.

use segue_tests::prelude::*;

/// What is taken of it, and what stays.
struct Three {
    a: Guard,
    b: Guard,
    c: Guard,
}

fn three(n: i64) -> Three {
    Three { a: guard(n), b: guard(n + 1), c: guard(n + 2) }
}

async fn spend(guard: Guard, n: i64) -> i64 {
    let _spent = guard;
    pause(n).await
}

differential! {
    a_field = generator(body(three(10)));
    #[lowered(yield = i64)]
    fn body(it: Three) -> i64 {
        let last = guard(1);
        let b = it.b;
        yield_!(b.id());
        ev(2)
    }
}

differential! {
    fields_one_after_the_other = generator(body(three(10)));
    #[lowered(yield = i64)]
    fn body(it: Three) -> i64 {
        let mut c = it.c;
        let a: Guard = it.a;
        yield_!(c.renumber(5));
        drop(a);
        yield_!(c.id());
        ev(2)
    }
}

differential! {
    a_pattern_that_leaves_some = generator(body(three(10)));
    #[lowered(yield = i64)]
    fn body(it: Three) -> i64 {
        let last = guard(1);
        let Three { a, c: mut other, .. } = it;
        let next = guard(2);
        yield_!(a.id() + other.renumber(20));
        consume(other)
    }
}

differential! {
    a_pattern_of_a_part = generator(body((guard(1), three(10))));
    #[lowered(yield = i64)]
    fn body(it: (Guard, Three)) -> i64 {
        let Three { b, .. } = it.1;
        yield_!(b.id());
        yield_!(3);
        ev(2)
    }
}

differential! {
    in_a_block_of_its_own = generator(body(4));
    #[lowered(yield = i64)]
    fn body(n: i64) -> i64 {
        let first = guard(1);
        {
            let it = three(n);
            let inner = guard(2);
            let a = it.a;
            yield_!(a.id());
            ev(3);
        }
        yield_!(ev(5));
        ev(6)
    }
}

differential! {
    in_a_loop = generator(body(3));
    #[lowered(yield = i64)]
    fn body(n: i64) -> i64 {
        let mut count = 0;
        while count < n {
            let it = three(10 * count);
            let b = it.b;
            count += 1;
            if odd(count) {
                continue;
            }
            yield_!(b.id());
        }
        ev(6)
    }
}

differential! {
    in_an_arm = generator(body(Some(three(10)), 3)), generator(body(None, 3));
    #[lowered(yield = i64)]
    fn body(it: Option<Three>, n: i64) -> i64 {
        let id = match it {
            Some(it) => {
                let last = guard(1);
                let b = it.b;
                yield_!(b.id());
                ev(2)
            }
            None => ev(n),
        };
        yield_!(id);
        ev(4)
    }
}

differential! {
    only_on_one_way = generator(body(three(10), 3)), generator(body(three(10), 2));
    #[lowered(yield = i64)]
    fn body(it: Three, n: i64) -> i64 {
        let last = guard(1);
        if odd(n) {
            yield_!(ev(n));
            return ev(5);
        }
        let b = it.b;
        yield_!(b.id());
        ev(4)
    }
}

differential! {
    what_a_loop_goes_through = generator(body((guard(1), list(3), guard(2)))), generator(body((guard(1), list(0), guard(2))));
    #[lowered(yield = i64)]
    fn body(it: (Guard, Vec<Guard>, Guard)) -> i64 {
        let last = guard(9);
        for one in it.1 {
            yield_!(one.id());
        }
        yield_!(4);
        ev(5)
    }
}

differential! {
    what_is_copied = generator(body((guard(1), 7)));
    #[lowered(yield = i64)]
    fn body(it: (Guard, i64)) -> i64 {
        let n = it.1;
        yield_!(n);
        ev(n)
    }
}

differential! {
    in_its_box = generator(body(Box::new(three(10))));
    #[lowered(yield = i64)]
    fn body(it: Box<Three>) -> i64 {
        let last = guard(1);
        let b = it.b;
        yield_!(b.id());
        let c = guard(2);
        yield_!(3);
        ev(5)
    }
}

differential! {
    through_a_reference = generator(body((guard(1), 7)));
    #[lowered(yield = i64)]
    fn body(it: (Guard, i64)) -> i64 {
        let other = &it;
        let n = other.1;
        yield_!(n);
        ev(n)
    }
}

differential! {
    borrowed_before = generator(body(three(10)));
    #[lowered(yield = i64)]
    fn body(it: Three) -> i64 {
        let looked = it.c.id();
        let a = &it.a;
        ev(a.id() + looked);
        let b = it.b;
        yield_!(b.id());
        ev(looked)
    }
}

differential! {
    in_a_task = task(body(three(10)));
    #[lowered]
    async fn body(it: Three) -> i64 {
        let last = guard(1);
        let b = it.b;
        let n = spend(b, 3).await;
        n + pause(4).await
    }
}

differential! {
    a_method_by_value = task(Taker(three(10)).body(3));
    struct Taker(Three);
    impl Taker {
        #[lowered]
        async fn body(self, n: i64) -> i64 {
            let Three { a, .. } = self.0;
            let last = guard(1);
            let n = pause(n).await;
            a.id() + pause(n).await
        }
    }
}

differential! {
    beside_another_part = task(body(three(10)));
    #[lowered]
    async fn body(it: Three) -> i64 {
        let last = guard(1);
        let n = given(&it.a, it.b);
        ev(n);
        pause(3).await
    }

    fn given(look: &Guard, take: Guard) -> i64 {
        look.id() + take.id()
    }
}

differential! {
    in_a_stream = stream(body(three(10)));
    #[lowered(yield = Guard)]
    async fn body(it: Three) {
        let last = guard(1);
        let (b, c) = (it.b, pause(2).await);
        yield_!(b);
        let other = three(20);
        let a = other.a;
        pause(c).await;
        yield_!(a);
        pause(3).await;
    }
}

differential! {
    operands = task(body(three(10)));
    #[lowered]
    async fn body(it: Three) -> i64 {
        let last = guard(1);
        let n = sum_of(it.c, it.a, pause(3).await);
        pause(n).await
    }

    fn sum_of(a: Guard, b: Guard, n: i64) -> i64 {
        a.id() + b.id() + n
    }
}

differential! {
    what_came_back_from_a_loan = task(body(three(10)));
    #[lowered]
    async fn body(it: Three) -> i64 {
        let mut seen = 0;
        for part in it.c.reader().seen(3)..12 {
            seen += pause(part).await;
        }
        let a = &it.a;
        seen += pause(3).await + a.id();
        let last = guard(1);
        let Three { b, .. } = it;
        let n = pause(seen).await;
        b.id() + n
    }
}

differential! {
    if_it_matches = generator(body(Some(three(10)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(it: Option<Three>) -> i64 {
        let last = guard(1);
        if let Some(Three { a, mut c, .. }) = it {
            let other = guard(2);
            yield_!(a.id() + c.renumber(4));
            drop(c);
            yield_!(ev(3));
        } else {
            yield_!(ev(5));
        }
        yield_!(ev(6));
        7
    }
}

differential! {
    an_option_in_it = task(body((guard(1), Some(guard(2)), guard(3)))), task(body((guard(1), None, guard(3))));
    #[lowered]
    async fn body(it: (Guard, Option<Guard>, Guard)) -> i64 {
        let last = guard(4);
        let mut n = 5;
        if let Some(one) = it.1 {
            n += spend(one, 6).await;
        }
        n + pause(7).await
    }
}

differential! {
    or_it_leaves = generator(body((guard(1), Some(guard(2)), guard(3)))), generator(body((guard(1), None, guard(3))));
    #[lowered(yield = i64)]
    fn body(it: (Guard, Option<Guard>, Guard)) -> i64 {
        let last = guard(4);
        let Some(mut one) = it.1 else {
            yield_!(ev(5));
            return 6;
        };
        let next = guard(7);
        yield_!(one.renumber(8));
        ev(9)
    }
}

differential! {
    one_of_many = generator(body(Kind::One(guard(1), guard(2)), 0)), generator(body(Kind::Two { a: guard(1), b: guard(2), n: 3 }, 0)),
        generator(body(Kind::Whole(guard(1)), 0)), generator(body(Kind::Nothing, 0));
    #[lowered(yield = i64)]
    fn body(kind: Kind, n: i64) -> i64 {
        let last = guard(4);
        let id = match kind {
            Kind::One(_, b) => {
                let next = guard(5);
                yield_!(b.id());
                ev(6)
            }
            Kind::Two { mut b, n, .. } => {
                yield_!(b.renumber(n));
                yield_!(b.id());
                ev(7)
            }
            Kind::Whole(all) => {
                yield_!(all.id());
                ev(8)
            }
            Kind::Nothing => ev(9),
        };
        yield_!(id);
        ev(n)
    }

    enum Kind {
        One(Guard, Guard),
        Two { a: Guard, b: Guard, n: i64 },
        Whole(Guard),
        Nothing,
    }
}

differential! {
    a_kind_in_it = task(body(Order { first: guard(1), kind: Kind::Say(guard(2)), last: guard(3) })),
        task(body(Order { first: guard(1), kind: Kind::Wait { n: 4, held: guard(5) }, last: guard(3) }));
    #[lowered]
    async fn body(order: Order) -> i64 {
        let local = guard(6);
        match order.kind {
            Kind::Say(it) => spend(it, 7).await,
            Kind::Wait { n, .. } => pause(n).await,
        }
    }

    struct Order { first: Guard, kind: Kind, last: Guard }

    enum Kind {
        Say(Guard),
        Wait { n: i64, held: Guard },
    }
}

differential! {
    on_one_way_only = generator(body(three(10), 3)), generator(body(three(10), 2));
    #[lowered(yield = i64)]
    fn body(it: Three, n: i64) -> i64 {
        let last = guard(1);
        if odd(n) {
            let inner = guard(2);
            let b = it.b;
            yield_!(b.id());
        }
        yield_!(ev(n));
        ev(4)
    }
}

differential! {
    in_arms = task(body(three(10), 3)), task(body(three(10), 2)), task(body(three(10), 1));
    #[lowered]
    async fn body(it: Three, n: i64) -> i64 {
        let last = guard(1);
        let n = match few(n) {
            3 => {
                let (b, c) = (it.b, it.c);
                spend(b, 3).await + c.id()
            }
            2 => {
                let Three { a, .. } = it;
                pause(a.id()).await
            }
            n => pause(n).await,
        };
        let next = guard(2);
        n + pause(4).await
    }
}

differential! {
    declared_before_a_suspension = generator(body(3)), generator(body(2));
    #[lowered(yield = i64)]
    fn body(n: i64) -> i64 {
        let first = guard(1);
        let it = three(10);
        let second = guard(2);
        yield_!(it.c.id());
        let third = guard(3);
        if odd(n) {
            let a = it.a;
            let fourth = guard(4);
            yield_!(a.id());
            ev(5);
        } else {
            yield_!(ev(6));
        }
        let fifth = guard(5);
        yield_!(7);
        ev(8)
    }
}

differential! {
    in_a_loop_that_ends = generator(body(three(10), 3)), generator(body(three(10), 0));
    #[lowered(yield = i64)]
    fn body(it: Three, n: i64) -> i64 {
        let last = guard(1);
        let mut count = 0;
        loop {
            count += 1;
            yield_!(ev(count));
            if count >= n {
                let b = it.b;
                yield_!(b.id());
                break;
            }
        }
        yield_!(ev(4));
        ev(5)
    }
}

differential! {
    by_one_name = generator(body(three(10)));
    #[lowered(yield = i64)]
    fn body(it: Three) -> i64 {
        let last = guard(1);
        let n = it.b.id();
        let Three { a: one, .. } = it;
        yield_!(one.id() + n);
        ev(2)
    }
}

differential! {
    a_copy_beside_it = generator(body((guard(1), 7, guard(2))));
    #[lowered(yield = i64)]
    fn body(it: (Guard, i64, Guard)) -> i64 {
        let last = guard(3);
        let one = it.0;
        let n: i64 = it.1;
        yield_!(one.id() + n);
        ev(n)
    }
}
