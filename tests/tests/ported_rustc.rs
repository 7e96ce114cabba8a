//! Behaviours that rustc's own tests of coroutines, `async` bodies and drops try, in programs of our own.
//!
//! Each body names the file under rustc's `tests/ui` whose behaviour it shows, and the function in it. Every drop, and a
//! panic at every event, is what the scripts do.

use segue_tests::prelude::*;

/// An optional guard, which is an event.
fn some(n: i64) -> Option<Guard> {
    Some(guard(n))
}

/// A guard that has to be waited for.
async fn later(n: i64) -> Guard {
    pause(n).await;
    guard(n)
}

differential! {
    /// drop/dynamic-drop-async.rs: dynamic_init, dynamic_drop
    given_or_taken_on_one_way = task(init(1)), task(init(0)), task(dropped(1)), task(dropped(0));
    #[lowered]
    async fn init(c: i64) {
        let _x;
        if c > 0 { _x = Some(later(1).await); }
    }
    #[lowered]
    async fn dropped(c: i64) {
        let x = later(1).await;
        if c > 0 { Some(x) } else { None::<Guard> };
        pause(2).await;
    }
}

differential! {
    /// drop/dynamic-drop-async.rs: array_simple, vec_simple, vec_unreachable
    elements_that_are_waited_for = task(array()), task(vector()), task(unreachable());
    #[lowered]
    async fn array() {
        let _x = [later(1).await, later(2).await, later(3).await];
        pause(4).await;
    }
    #[lowered]
    async fn vector() {
        let _x = vec![later(1).await, later(2).await, later(3).await];
        pause(4).await;
    }
    #[lowered]
    async fn unreachable() {
        let _x = vec![later(1).await, later(2).await, return];
    }
}

differential! {
    /// drop/dynamic-drop-async.rs: mixed_drop_and_nondrop
    declared_first_and_given_values_in_turn = task(body());
    #[lowered]
    async fn body() {
        let (x, y, z);
        x = later(1).await;
        y = 5;
        z = later(2).await;
        pause(3).await;
    }
}

differential! {
    /// drop/dynamic-drop-async.rs: panic_after_return
    returned_from_two_places = task(body(1)), task(body(0));
    #[lowered]
    async fn body(c: i64) -> (Guard,) {
        later(1).await;
        let p = later(2).await;
        if c > 0 {
            later(3).await;
            let q = later(4).await;
            return (later(5).await,);
        }
        (later(6).await,)
    }
}

differential! {
    /// drop/dynamic-drop-async.rs: panic_after_init_by_loop, panic_after_init_by_match_with_bindings_and_guard
    values_of_loops_and_matches = task(by_loop()), task(by_match(1)), task(by_match(0));
    #[lowered]
    async fn by_loop() {
        later(1).await;
        let p = later(2).await;
        let q = loop {
            later(3).await;
            let r = later(4).await;
            break later(5).await;
        };
        pause(6).await;
    }
    #[lowered]
    async fn by_match(b: i64) {
        let p = later(2).await;
        let q = match later(3).await {
            x if b > 0 => {
                later(4).await;
                let r = later(5).await;
                x
            }
            x => {
                let r = later(6).await;
                later(7).await
            }
        };
        pause(8).await;
    }
}

differential! {
    /// drop/dynamic-drop-async.rs: field_assignment, assignment
    fields_and_variables_given_others = task(fields()), task(variables(1)), task(variables(0));
    #[lowered]
    async fn fields() {
        let mut x = (Pair { left: later(1).await, right: later(2).await }, later(3).await);
        x.1 = later(4).await;
        x.1 = later(5).await;
        x.0.left = later(6).await;
        later(7).await;
    }
    #[lowered]
    async fn variables(c: i64) {
        let mut v = later(1).await;
        let mut w = later(2).await;
        if c > 0 { drop(v); }
        v = w;
        later(3).await;
    }
}

differential! {
    /// drop/dynamic-drop-async.rs: slice_pattern_one_of
    one_of_an_array = task(body(0)), task(body(2));
    #[lowered]
    async fn body(i: i64) {
        let array = [later(1).await, later(2).await, later(3).await];
        let _x = match i {
            0 => { let [a, _b, _c] = array; a }
            _ => { let [_a, _b, c] = array; c }
        };
        later(4).await;
    }
}

differential! {
    /// drop/drop_order.rs: if_, if_let
    conditions_end_before_what_follows = task(body());
    #[lowered]
    async fn body() {
        if some(1).is_some() { pause(2).await; }
        if some(3).is_none() { pause(0).await; } else if some(4).is_some() { pause(5).await; }
        if { if some(6).is_some() && some(7).is_some() { later(8).await; true } else { false } } { pause(9).await; }
        if let None = some(12) { ev(0); } else { pause(11).await; }
        if let Some(_) = some(14) { pause(13).await; }
        if let Some(_d) = some(16) { pause(15).await; }
    }
}

differential! {
    /// drop/drop_order.rs: match_
    what_is_matched_lives_as_long_as_the_match = task(body());
    #[lowered]
    async fn body() {
        match some(2) { _any => { pause(1).await; } }
        match some(4) { _ => { pause(3).await; } }
        match some(6) { Some(_) => { pause(5).await; } _ => {} }
        match { let _ = later(7).await; let _d = later(9).await; pause(8).await; } { () => { pause(10).await; } }
        match { match some(14) { _ => { pause(11).await; some(13) } } } { _ => { pause(12).await; } }
        match { loop { break match some(16) { _ => { pause(15).await; some(18) } } } } { _ => { pause(17).await; } }
    }
}

differential! {
    /// drop/drop_order.rs: and_chain, or_chain, mixed_and_or_chain
    operands_of_lazy_operators_end_one_by_one = task(body());
    #[lowered]
    async fn body() {
        if some(1).is_some() && some(2).is_some() && later(3).await.id() == 3 && some(4).is_some() { pause(6).await; }
        let _ = some(7).is_some() && later(8).await.id() > 0 && some(9).is_some();
        pause(10).await;
        if some(11).is_some() && (some(12).is_some() && later(13).await.id() > 0) && some(15).is_some() { pause(16).await; }
        if some(1).is_none() || later(2).await.id() < 0 || some(3).is_none() || some(5).is_some() { pause(6).await; }
        let _ = some(7).is_none() || (later(8).await.id() < 0 || some(9).is_none());
        if some(1).is_none() || some(2).is_none() || some(3).is_some() && later(4).await.id() > 0 && some(5).is_none()
            || some(6).is_none() || later(7).await.id() > 0
        {
            pause(8).await;
        }
    }
}

differential! {
    /// drop/drop_order.rs: let_chain, while_; drop/drop_order_let_chain.rs
    links_of_chains_end_in_reverse = task(body());
    #[lowered]
    async fn body() {
        if some(1).is_some() && some(2).is_some() && let Some(_d) = some(4) { pause(3).await; }
        if some(5).is_some() && later(6).await.id() > 0 && let None = some(8) { ev(0); } else { pause(7).await; }
        if some(9).is_some() && let Some(_d) = some(13) && some(10).is_some() && let Some(_e) = Some(later(12).await) {
            pause(11).await;
        }
        if let Some(_d) = Some(later(18).await) && let Some(_e) = some(17) && some(14).is_some() { pause(16).await; }
        let mut v = some(4);
        while let Some(_d) = v.take() && some(1).is_some() && later(2).await.id() > 0 { pause(3).await; }
    }
}

differential! {
    /// coroutine/control-flow.rs
    suspended_in_each_branch = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        for i in 0..8 { yield_!(i); }
        if true { yield_!(10); } else {}
        if false {} else { yield_!(11); }
        if { yield_!(12); false } { yield_!(13); panic!() }
        yield_!(14)
    }
}

differential! {
    /// coroutine/conditional-drop.rs; coroutine/drop-control-flow.rs: one_armed_if, two_armed_if, if_let, reinit
    dropped_on_some_ways_before_a_suspension = generator(body(1)), generator(body(0));
    #[lowered(yield = i64)]
    fn body(c: i64) {
        let one = guard(1);
        if c > 0 { drop(one); }
        yield_!(1);
        let both = guard(2);
        if c > 0 { drop(both) } else { drop(both) }
        yield_!(2);
        let matched = guard(3);
        if let Some(_) = perhaps(c) { drop(matched); }
        yield_!(3);
        let mut again = guard(4);
        drop(again);
        again = guard(5);
        yield_!(4);
    }
}

differential! {
    /// coroutine/drop-control-flow.rs: init_in_if, init_in_match_arm
    given_again_where_nothing_suspends = generator(body(1)), generator(body(0));
    #[lowered(yield = i64)]
    fn body(c: i64) {
        let mut x = guard(1);
        drop(x);
        if c > 0 { x = guard(2); } else { yield_!(1); }
        let mut y = guard(3);
        drop(y);
        match perhaps(c) {
            Some(_) => y = guard(4),
            None => yield_!(2),
        }
    }
}

differential! {
    /// async-await/drop-order/drop-order-for-async-fn-parameters.rs
    parameters_are_dropped_in_reverse = task(names(guard(1), guard(2))), task(ignored(guard(1), guard(2))),
        task(parts((guard(1), guard(2)), guard(3))), task(none(guard(1)));
    #[lowered]
    async fn names(x: Guard, _y: Guard) { pause(9).await; }
    #[lowered]
    async fn ignored(x: Guard, _: Guard) { let _local = guard(4); pause(9).await; }
    #[lowered]
    async fn parts((a, _): (Guard, Guard), _: Guard) { pause(9).await; }
    #[lowered]
    async fn none(_: Guard) {}
}

differential! {
    /// async-await/drop-order/drop-order-for-temporary-in-tail-return-expr.rs
    temporaries_of_a_tail = task(tail(guard(1))), task(returned(guard(1)));
    #[lowered]
    async fn tail(x: Guard) -> i64 {
        let y = guard(2);
        peek_with(&later(3).await, pause(4).await)
    }
    #[lowered]
    async fn returned(x: Guard) -> i64 {
        let y = guard(2);
        return peek_with(&guard(3), later(4).await.id());
    }
}

differential! {
    /// coroutine/addassign-yield.rs
    sums_with_suspensions_in_them = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> (i64, String) {
        let mut x = 5;
        x += { yield_!(0); ev(x) };
        let mut y = String::from("a");
        y += { yield_!(1); "b" };
        x -= yield_!(x) + { yield_!(2) };
        (x, y)
    }
}

differential! {
    /// coroutine/drop-and-replace.rs
    a_value_is_replaced_after_a_suspension = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let mut a = Some(guard(1));
        loop {
            if !fuel() { break; }
            a = Some(guard(2));
            yield_!(3);
        }
        drop(a);
    }
}
