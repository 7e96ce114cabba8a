//! Temporaries and operands that wait, and the order in which they are dropped: where the random
//! tester once found another order than rustc's.

use segue_tests::prelude::*;

differential! {
    a_tail_is_the_scope_of_its_temporaries = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let c = keep_if({ either(guard(11), guard(12), peek_with(&guard(13), yield_!(ev(14)))) }, 1);
        3
    }
}

differential! {
    a_tail_that_panics_half_way = task(body());
    #[lowered]
    async fn body() -> i64 {
        let d = { either(guard(1), guard(i64::min(guard(3).plus(1), { pause(10).await; 1 })), 17) };
        18
    }
}

differential! {
    a_value_of_which_a_field_is_read = task(body(5));
    #[lowered]
    async fn body(b: i64) -> i64 {
        let [h, g] = [guard(1), guard((guard(2), pause(guard(3).plus(b)).await).1)];
        1
    }
}

differential! {
    a_block_is_a_receiver = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let b = { yield_!(2); guard(1) }.plus(yield_!(6));
        let h = guard(8);
        b
    }
}

differential! {
    a_receiver_before_a_variable_that_is_assigned_again = generator(body(guard(25)));
    #[lowered(yield = i64, resume = i64)]
    fn body(mut e: Guard) -> i64 {
        let a = guard(guard(1).plus(consume_with(e, guard(yield_!(16)).plus(1))));
        e = a;
        24
    }
}

differential! {
    what_is_moved_by_a_return = task(body(guard(9), guard(10)));
    #[lowered]
    async fn body(f: Guard, e: Guard) -> i64 {
        let g = guard(1);
        return pause_holding(e, pause(3).await).await;
        consume(e)
    }
}

differential! {
    operands_of_and_end_with_themselves = task(body(guard(24)));
    #[lowered]
    async fn body(e: Guard) -> i64 {
        (((peek_with(&guard(7), 8) < perhaps(9).unwrap_or(10)) && odd(peek_with(&e, 11))) as i64)
            & (match Some(guard(12)) {
                Some(b) => { pause_holding(e, 3).await; consume(guard(15)); 20 }
                None => 22,
            })
    }
}

differential! {
    two_outputs_and_what_they_borrow = task(body());
    #[lowered]
    async fn body() -> i64 {
        let b = 1;
        let late;
        if pause(guard(10).id()).await < pause_holding(guard(11), guard(12).id()).await {
            guard(1);
        } else {
            late = b;
        }
        b
    }
}

differential! {
    what_a_scrutinee_made_lives_in_its_guards = task(body());
    #[lowered]
    async fn body() -> i64 {
        match pause_holding(guard(1), peek_with(&guard(2), 17)).await {
            0 | 2 => {}
            d @ 3..=7 => {}
            f if odd(f) => {}
            _ => (),
        }
        18
    }
}

differential! {
    an_arm_is_not_the_scope_of_its_temporaries = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = match yield_!(3) {
            0 | 2 => guard(4),
            h @ 3..=7 => either(guard(h), guard(guard(5).plus(h)), { yield_!(h) }),
            h => either(guard(h), guard(guard(6).plus(h)), yield_!(h)),
        };
        8
    }
}

differential! {
    what_let_else_leaves = task(body(12)), task(body(13));
    #[lowered]
    async fn body(b: i64) -> i64 {
        let Some(g) = keep_if(guard(5), pause(peek_with(&guard(7), b)).await) else {
            ev(8);
            pause(9).await;
            return 1;
        };
        let (c, _) = (guard(9), guard(pause(peek_with(&guard(10), b)).await));
        ev(11)
    }
}

differential! {
    what_a_pattern_leaves_in_an_operand = task(body(8));
    #[lowered]
    async fn body(f: i64) -> i64 {
        i64::min(
            add(f, f),
            match (Pair { left: guard(2), right: guard(3) }) {
                Pair { left: d, right: _ } => { consume(guard(4)); pause(f).await; drop(guard(6)); f }
            },
        ) + pause(3).await
    }
}

differential! {
    moved_in_a_branch_of_a_value = task(body(guard(1), 0)), task(body(guard(1), 1));
    #[lowered]
    async fn body(g: Guard, mode: i64) -> i64 {
        let r = match mode { 0 => consume(g), _ => 3 };
        r + pause(3).await
    }
}

differential! {
    moved_in_a_branch_of_an_operand = task(body(guard(1), true)), task(body(guard(1), false));
    #[lowered]
    async fn body(g: Guard, some: bool) -> i64 {
        pause_holding(guard(2), add(1, if some { consume(g) } else { 4 })).await
    }
}

differential! {
    declared_anew_before_what_is_held = task(body(guard(1)));
    #[lowered]
    async fn body(mut h: Guard) -> i64 {
        {
            let b = items(1);
            drop(h);
            pause(2).await;
            h = guard(3);
            for a in items(4) {}
        }
        5
    }
}

differential! {
    a_question_under_a_reference = task(body());
    #[lowered]
    async fn body() -> Result<i64, Oops> {
        pause(attempt(guard(5).plus(1))?).await;
        pause(peek_with(&attempt_guard(guard(6), 2)?, 3)).await;
        guard(1);
        Ok(13)
    }
}

differential! {
    blocks_that_close_in_a_value = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let e = match (Pair { right: guard(3), left: guard(perhaps({ yield_!(13); 14 }).unwrap_or(15)) }) {
            Pair { left: c, right: b } => {
                {
                    let d = items(if let Some(a) = None::<Guard> { drop((a, b)); 16 } else { 1 });
                }
                guard(1)
            }
        };
        19
    }
}

differential! {
    a_value_that_hides_what_goes_on = generator(body(false, 10)), generator(body(true, 10));
    #[lowered(yield = i64, resume = i64)]
    fn body(some: bool, h: i64) -> i64 {
        match Some(2).filter(|_| some) {
            Some(a) => {
                let h = 'l1: loop {
                    if !fuel() {
                        break 'l1 consume_with(guard(3), h);
                    }
                    if odd(yield_!(8)) {
                    } else {
                    }
                };
            }
            None => (),
        }
        h
    }
}

differential! {
    a_match_looked_at_beside_an_operand = task(body());
    #[lowered]
    async fn body() -> i64 {
        let held = keep_if(
            guard(0),
            pause_holding(
                guard(1),
                match 1 {
                    0 | 2 => guard(2),
                    n @ 3..=7 => guard(n),
                    n if odd(n) => guard(5),
                    _ => guard(6),
                }
                .plus(1),
            )
            .await,
        );
        14
    }
}

differential! {
    a_variable_given_anew_under_a_loop = generator(body(guard(10)));
    #[lowered(yield = i64)]
    fn body(mut h: Guard) -> () {
        let c = h;
        {
            let mut g = items(1);
            while let Some(g) = g.next() {
                for h in 0..after(yield_!(2), 4) {}
            }
        }
        h = c;
    }
}

differential! {
    a_loop_looked_at_in_an_awaited_operand = task(body(15));
    #[lowered]
    async fn body(c: i64) -> Result<i64, Oops> {
        if pause((loop { if !fuel() { break (if odd(6) { guard(c) } else { guard(9) }); } }).id()).await
            < [1, c][attempt(1)? as usize]
        {
        }
        Ok(c)
    }
}

differential! {
    a_tail_that_panics_in_its_last_operand = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let pair = Pair {
            left: { either(guard(guard(7).plus(yield_!(8))), guard(guard(1).id()), 12) },
            right: guard(1),
        };
        14
    }
}

differential! {
    a_computed_place_that_is_compared = generator(body(1)), generator(body(9));
    #[lowered(yield = i64)]
    fn body(at: i64) -> i64 {
        while fuel()
            && [1, 1][after(yield_!("t11".to_owned().len() as i64), peek(&guard(at))) as usize] < guard(1).id()
        {}
        18
    }
}

differential! {
    a_question_beside_a_temporary = task(body(guard(15), guard(16)));
    #[lowered]
    async fn body(c: Guard, mut a: Guard) -> Result<i64, Oops> {
        a = attempt_guard(c, pause((attempt_guard(guard(7), 8)?, guard(9).plus(10)).1).await)?;
        for e in items(pause(peek(&guard(attempt_guard(guard(3), 4)?.plus(peek(&guard(9)))))).await) {}
        return Ok(1);
    }
}

differential! {
    a_part_bound_at_the_end_of_an_else = task(body(guard(8), guard(7)));
    #[lowered]
    async fn body(d: Guard, g: Guard) -> () {
        if odd(2) {
            pause(2).await;
        } else {
            let Pair { right: d, .. } =
                Pair { right: pass(either(d, guard(4), pause_holding(g, guard(5).id()).await)), left: guard(6) };
        }
        ()
    }
}

differential! {
    what_an_await_gives_and_nothing_takes = task(body(8));
    async fn child(held: Option<Guard>, name: String) -> Guard {
        guard(1)
    }
    async fn pair(held: Option<Guard>, name: String) -> (Guard, Guard) {
        (guard(11), guard(12))
    }
    #[lowered]
    async fn body(d: i64) -> Result<i64, Oops> {
        if let Some(g) = Some(
            (
                1,
                'l1: loop {
                    if !fuel() {
                        break 'l1 d;
                    }
                    let _ = child(Some(guard(3)), format!("{d}")).await;
                    guard(4);
                    let (a, _) = pair(Some(guard(5)), format!("{d}")).await;
                    guard(6);
                    let _: Guard = child(Some(guard(7)), format!("{d}")).await;
                    guard(8);
                },
            )
                .1,
        ) {
        } else {
            let c = pause_holding(guard(6), 1).await;
        }
        Ok(d)
    }
}

differential! {
    a_match_that_waits_for_a_question = generator(body(guard(22)));
    #[lowered(yield = i64, resume = i64)]
    fn body(mut g: Guard) -> Result<i64, Oops> {
        while fuel()
            && let Some(e) = keep_if(
                either(
                    match (Pair { right: guard(1), left: guard(2) }) {
                        Pair { left: f, right: _ } => guard(3),
                    },
                    guard(4),
                    Oops(attempt(guard(15).id())?).0,
                ),
                yield_!(ev(16)),
            )
        {}
        Err(Oops(20))
    }
}

differential! {
    a_value_let_go_is_dropped_before_the_temporaries_beside_it = task(body(1));
    #[lowered]
    async fn child(_a: i64, b: i64) -> Guard {
        pause(b).await;
        guard(2)
    }
    #[lowered]
    async fn body(a: i64) -> i64 {
        let _ = child(peek(&guard(4)), guard(5).plus(a)).await;
        child(peek(&guard(8)), guard(9).plus(a)).await;
        let Some(_) = Some(child(peek(&guard(6)), a).await) else { return 1 };
        ev(7)
    }
}

differential! {
    the_base_of_a_struct_update_lives_to_the_end_of_the_statement = task(body(1));
    #[lowered]
    async fn child(record: Record) -> i64 {
        pause(record.n).await;
        drop(record);
        ev(2)
    }
    #[lowered]
    async fn body(a: i64) -> i64 {
        child(Record { held: guard(3), ..record(4) }).await;
        let b = child(Record { held: guard(5), ..record(a) }).await;
        let c = add(child(Record { held: guard(6), ..record(a) }).await, ev(7));
        add(b, c)
    }
}

differential! {
    in_a_list_within_a_list = task(body());
    #[lowered]
    async fn body() -> i64 {
        pause(
            vec![guard(vec![guard(2).plus(4), 5, 6].into_iter().fold(0, add)), guard(7)].len() as i64,
        )
        .await;
        8
    }
}

differential! {
    in_macros_that_leave_theirs = generator(body(Some(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(held: Option<i64>) -> i64 {
        let mut out = String::new();
        let n = add(vec![vec![guard(1).plus(2)].len() as i64][0], yield_!(3));
        let m = add(matches!(keep_if(guard(4), n), Some(ref g) if g.id() == 4) as i64, yield_!(5));
        let k = add(
            vec![write!(out, "{} {}", guard(6).id(), guard(7).plus(n)).is_ok() as i64, held.unwrap_or(8)][0],
            yield_!(9),
        );
        add(vec![matches!(guard(10).plus(11), 21) as i64].len() as i64, add(m, yield_!(k)))
    }
    use std::fmt::Write;
}

differential! {
    of_a_variable_that_is_not_named_again = generator(body(std::cell::RefCell::new(guard(1)))),
        generator(from_a_list(list(3)));
    #[lowered(yield = i64)]
    fn body(cell: std::cell::RefCell<Guard>) -> i64 {
        let last = guard(2);
        let mut held = vec![guard(3), guard(4)];
        yield_!(cell.borrow().id());
        yield_!(held.drain(1..).map(|g| g.id()).fold(cell.borrow_mut().id(), add));
        5
    }
    #[lowered(yield = i64)]
    fn from_a_list(held: Vec<Guard>) -> i64 {
        let last = std::sync::Mutex::new(held);
        yield_!(last.lock().unwrap().len() as i64);
        6
    }
}

differential! {
    looked_at_by_the_name_of_an_adaptor = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let last = guard(2);
        let n = add(maker(4).map(yield_!(1)), yield_!(2));
        yield_!(n);
        maker(6).count() + add(maker(7).map(1), yield_!(3))
    }
    fn maker(n: i64) -> Maker { Maker(guard(n)) }
    struct Maker(Guard);
    impl Maker { fn map(&self, n: i64) -> i64 { ev(n) } fn count(&self) -> i64 { ev(9) }  fn expect(&self, n: i64) -> i64 { ev(n) } }
}
differential! {
    looked_at_by_the_name_of_an_adaptor_and_awaited = task(body());
    #[lowered]
    async fn body() -> i64 {
        let last = guard(2);
        let n = add(maker(4).map(pause(1).await), pause(2).await);
        let n = add(n, maker(5).filter(3).await);
        let n = add(n, maker(6).filter(3).await) + pause(6).await;
        n
    }
    fn maker(n: i64) -> Maker { Maker(guard(n)) }
    struct Maker(Guard);
    impl Maker { fn map(&self, n: i64) -> i64 { ev(n) } async fn filter(&self, n: i64) -> i64 { pause(n).await } }
}

// Methods that look, by names of std's that take.
differential! {
    looked_at_by_names_of_iterators = task(body(1));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let last = add(wait(guard(2), n).await.sum(), pause(3).await);
        for m in [wait(guard(4), n).await.count(), pause(last).await] {
            add(guard(5).map(m), pause(6).await);
        }
        add(wait(guard(7), n).await.rev(), guard(8).max(pause(9).await))
    }
}

async fn counted(bytes: &[u8], n: i64) -> i64 {
    add(pause(n).await, bytes.len() as i64)
}

fn first(numbers: &[i64], n: i64) -> i64 {
    add(numbers[0], n)
}

differential! {
    constants_behind_references = task(body(guard(1)));
    #[lowered]
    async fn body(g: Guard) -> i64 {
        let kept = &[7; 3];
        let n = counted(&[0; 9], g.id()).await;
        let m = add(counted(&[1, 2], pause(3).await).await, counted(&[], 2).await);
        consume_both(guard(counted(kept, m).await), guard(counted(&(-1, &[5; 2]).1[..], n).await))
    }
}

differential! {
    constants_behind_references_in_a_generator = generator(body(guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(g: Guard) -> i64 {
        let n = add(first(&[4, 5], yield_!(1)), first(&[-1; 3], yield_!(g.id())));
        peek_with(&guard(n), add(first(&[6], 1), yield_!(first(&[n], 2))))
    }
}

/// rustc gives it a place that lives for ever, so the machine doesn't have it.
#[test]
fn a_large_constant_is_no_part_of_the_machine() {
    async fn length(bytes: &[u8]) -> usize {
        segue::task::yield_now().await;
        bytes.len()
    }
    #[segue::coroutine]
    async fn zeros(times: usize) -> usize {
        let mut all = 0;
        for _ in 0..times {
            all += length(&[0; 100_000]).await;
        }
        all
    }
    assert!(size_of_val(&zeros(2)) < 200);
    assert_eq!(segue::run(zeros(2)), 200_000);
}
