//! What closures take of the variables around them: since the edition of 2021 the fields that they name.
use segue_tests::prelude::*;

differential! {
    a_variable_that_is_named_as_a_whole = generator(body((guard(1), guard(2))));
    #[lowered(yield = i64)]
    fn body(pair: (Guard, Guard)) -> i64 {
        let last = guard(3);
        let id = {
            let ids = move || {
                let pair = pair;
                pair.0.id() + pair.1.id()
            };
            ids()
        };
        yield_!(id);
        5
    }
}

differential! {
    a_method_of_a_variable = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(one: Guard) -> i64 {
        let last = guard(2);
        {
            let id = move || one.id();
            ev(id());
        }
        yield_!(3);
        4
    }
}

differential! {
    all_parts_by_a_pattern = generator(body((guard(1), guard(2))));
    #[lowered(yield = i64)]
    fn body(pair: (Guard, Guard)) -> i64 {
        let last = guard(3);
        let id = {
            let ids = move || {
                let (one, two) = pair;
                ev(one.id());
                two.id()
            };
            ids()
        };
        yield_!(id);
        5
    }
}

differential! {
    all_fields_by_a_pattern = generator(body(Two { a: guard(1), b: 2 }));
    #[lowered(yield = i64)]
    fn body(two: Two) -> i64 {
        let last = guard(3);
        let id = {
            let ids = move || {
                let Two { a, b } = two;
                a.id() + b
            };
            ids()
        };
        yield_!(id);
        5
    }
    struct Two { a: Guard, b: i64 }
}

differential! {
    the_variants_of_an_enum = generator(body(Kind::One(guard(1)))), generator(body(Kind::Other(2)));
    #[lowered(yield = i64)]
    fn body(kind: Kind) -> i64 {
        let last = guard(3);
        {
            let id = move || match kind {
                Kind::One(ref one) => one.id(),
                Kind::Other(n) => n,
            };
            ev(id());
        }
        yield_!(4);
        5
    }
    enum Kind { One(Guard), Other(i64) }
}

differential! {
    an_option = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(held: Option<Guard>) -> i64 {
        let last = guard(3);
        {
            let id = move || if let Some(ref one) = held { one.id() } else { 2 };
            ev(id());
        }
        yield_!(4);
        5
    }
}

differential! {
    behind_a_pointer = generator(body(std::rc::Rc::new((guard(1), guard(2)))));
    #[lowered(yield = i64)]
    fn body(pair: std::rc::Rc<(Guard, Guard)>) -> i64 {
        let last = guard(3);
        let other = pair.clone();
        let boxed = Box::new((guard(4), 5));
        {
            let id = move || pair.0.id() + boxed.1;
            ev(id());
        }
        yield_!(other.1.id());
        5
    }
}

differential! {
    nothing_by_an_underscore = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(held: Guard) -> i64 {
        let last = guard(2);
        {
            let nothing = move || {
                let _ = held;
                _ = held;
            };
            nothing();
        }
        yield_!(3);
        4
    }
}

differential! {
    by_an_async_block = task(body(guard(1), (guard(2), guard(3))));
    #[lowered]
    async fn body(one: Guard, pair: (Guard, Guard)) -> i64 {
        let last = guard(4);
        let both = async move {
            let (a, b) = pair;
            pause(a.id()).await + one.id() + b.id()
        };
        let first = pause(5).await;
        first + both.await
    }
}

differential! {
    in_what_is_formatted = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(one: Guard) -> i64 {
        let last = guard(2);
        {
            let text = move || format!("{}", one.id());
            ev(text().len() as i64);
        }
        yield_!(3);
        4
    }
}

differential! {
    looked_at_by_a_closure = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(held: Option<Guard>) -> i64 {
        let last = guard(2);
        let n = (|| match held {
            Some(ref one) => one.id(),
            None => 3,
        })();
        yield_!(n);
        4
    }
}

differential! {
    taken_by_one_arm_of_a_closure = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64)]
    fn body(held: Option<Guard>) -> i64 {
        let last = guard(2);
        let n = (|| match held {
            Some(one) => one.id(),
            None => 3,
        })();
        yield_!(n);
        4
    }
}

// What isn't taken stays with the awaited future, until the scope ends.
differential! {
    what_an_awaited_call_takes_apart = task(body(guard(1), guard(2)));
    #[lowered]
    async fn body(one: Guard, two: Guard) -> i64 {
        let pair = Pair { left: one, right: two };
        let n = pause_holding(guard(3), match pair { Pair { left: it, right: _ } => it.id() }).await;
        let last = guard(4);
        pause(n).await
    }
}

differential! {
    what_an_awaited_call_takes_by_a_let = task(body(guard(1), guard(2)));
    #[lowered]
    async fn body(one: Guard, two: Guard) -> i64 {
        let pair = Pair { left: one, right: two };
        let last = guard(4);
        let n = pause_holding(guard(3), {
            let Pair { left, .. } = pair;
            left.id()
        })
        .await;
        pause(n).await
    }
}

differential! {
    what_an_awaited_call_looks_at = task(body(guard(1), guard(2)));
    #[lowered]
    #[allow(irrefutable_let_patterns)]
    async fn body(one: Guard, two: Guard) -> i64 {
        let pair = Pair { left: one, right: two };
        let n = pause_holding(guard(3), if let Pair { left: it, .. } = pair { it.id() } else { 1 }).await;
        let last = guard(4);
        pause(n).await
    }
}
