//! Suspensions in operands, in Rust's order of evaluation, and temporaries that live across them.

use segue_tests::prelude::*;

differential! {
    call_arguments = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let a = add(ev(1), yield_!(ev(2)));
        let b = add(yield_!(3), ev(4));
        let c = add(yield_!(5), yield_!(6));
        add(add(a, yield_!(b)), add(ev(c), yield_!(7)))
    }
}

differential! {
    yield_of_a_yield = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        yield_!(yield_!(yield_!(1)))
    }
}

differential! {
    guards_already_evaluated = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = consume_with(guard(1), yield_!(1));
        let g = either(guard(2), guard(3), yield_!(n));
        yield_!(g.id());
        consume_both(guard(4), pass(guard(yield_!(5))))
    }
}

differential! {
    copied_before_it_changes = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut x = 1;
        let y = add(x, {
            x = 5;
            yield_!(x)
        });
        let z = x + {
            x = 7;
            yield_!(y)
        };
        let t = (x, { x = 9; yield_!(z) }, x);
        add(add(t.0, t.1), add(t.2, x))
    }
}

differential! {
    local_in_several_operands = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let x = yield_!(0);
        let g = guard(1);
        let n = add(x, yield_!(x));
        consume_with(g, yield_!(n))
    }
}

differential! {
    moved_before_the_suspension = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let h = guard(2);
        let _i = guard(3);
        let n = consume_with(g, yield_!(1));
        consume_both(h, {
            yield_!(n);
            guard(4)
        })
    }
}

differential! {
    receivers_and_method_arguments = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let a = g.plus(yield_!(1));
        let b = guard(2).plus(yield_!(a));
        let c = i64::max(yield_!(b), 3).pow(few(yield_!(2)) as u32);
        let mut v = vec![1, 2, 3];
        v.push(yield_!(c));
        v.insert(0, v.len() as i64);
        let s = String::from("x").replace('x', &yield_!(4).to_string());
        yield_!(s.len() as i64);
        g.into_id()
    }
}

differential! {
    mutating_method_with_a_suspending_argument = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut g = guard(1);
        let a = g.renumber(yield_!(1));
        let old = swap(&mut g, guard(yield_!(a)));
        yield_!(g.id());
        old.id()
    }
}

differential! {
    borrowed_local_in_an_earlier_operand = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let n = peek_with(&g, yield_!(1));
        yield_!(n);
        g.id()
    }
}

differential! {
    binary_operators = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> bool {
        let a = yield_!(1) + yield_!(2) * ev(3);
        let b = -yield_!(a) ^ !yield_!(4);
        let c = (yield_!(b & 7) as u8) << 1;
        ev(5) < yield_!(6) || c as i64 == yield_!(7)
    }
}

differential! {
    lazy_operators = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> bool {
        let a = odd(yield_!(1)) && odd(yield_!(2));
        let b = odd(yield_!(3)) || odd(4);
        let c = odd(5) && yield_!(6) > 3 && odd(7);
        let d = a || (b && yield_!(8) > 5) || !(c || odd(yield_!(9)));
        d && { yield_!(10) } != 3
    }
}

differential! {
    lazy_operator_moves = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> bool {
        let g = guard(1);
        let _h = guard(2);
        let a = yield_!(1) > 5 && consume(g) == yield_!(2);
        yield_!(3);
        a
    }
}

differential! {
    tuples_arrays_structs = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let t = (guard(1), yield_!(1), guard(2));
        let [x, y] = [yield_!(2), ev(3)];
        let Pair { right: p, left: _ } = Pair { right: guard(yield_!(3)), left: guard(4) };
        let q = Pair { left: guard(yield_!(t.1)), right: p };
        let arrays = [[yield_!(x); 2], [y; 2]];
        let boxed = Box::new(Some(Oops(yield_!(arrays[0][1]))));
        yield_!(q.right.id());
        boxed.map_or(0, |oops| oops.0)
    }
}

differential! {
    array_of_guards = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let gs = [guard(1), guard(yield_!(2)), guard(3)];
        let v = vec![guard(4), { yield_!(gs[1].id()); guard(5) }];
        yield_!(v.len() as i64)
    }
}

differential! {
    index_and_range = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let table = [1, 2, 3, 4];
        let a = table[(yield_!(1) & 3) as usize];
        let b = [yield_!(2), ev(3)][(yield_!(a) & 1) as usize];
        let mut v = vec![0, 0, 0, 0];
        v[(yield_!(4) & 3) as usize] = yield_!(b);
        v[1] += yield_!(5);
        for i in few(yield_!(6))..few(yield_!(7)) {
            ev(i);
        }
        let part = &v[..few(yield_!(8)) as usize];
        part.len() as i64
    }
}

differential! {
    places_computed_after_their_value = generator(body()), generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _first = guard(1);
        let mut table = [1, 2, 3, 4];
        table[(ev(2) & 3) as usize] = yield_!(3);
        table[(yield_!(4) & 3) as usize] = ev(5);
        table[(yield_!(6) & 3) as usize] = peek_with(&guard(7), yield_!(8));
        *slot(&mut table, ev(9)) = yield_!(10);
        *slot(&mut table, yield_!(11)) = { yield_!(12); ev(13) };
        let mut guards = vec![guard(14), guard(15), guard(16), guard(17)];
        guards[(ev(18) & 3) as usize] = guard(yield_!(19));
        guards[(yield_!(20) & 3) as usize] = pass(guard(21));
        let mut pairs = [(guard(22), 23), (guard(24), 25)];
        pairs[(yield_!(26) & 1) as usize].0 = guard(yield_!(27));
        let mut n = 1;
        table[n] = { n = 2; yield_!(28) };
        // Out of bounds: after the value.
        if table[0] > 3 {
            table[ev(29) as usize] = consume_with(guard(30), yield_!(31));
        }
        table.iter().fold(0, |sum, n| add(sum, *n))
    }

    fn slot(table: &mut [i64; 4], n: i64) -> &mut i64 {
        &mut table[(ev(n) & 3) as usize]
    }
}

differential! {
    places_updated_after_their_value = generator(body(vec![1, 2, 3, 4])), generator(body(vec![1, 2, 3, 400]));
    #[lowered(yield = i64, resume = i64)]
    fn body(mut list: Vec<i64>) -> i64 {
        let _first = guard(1);
        let mut small = [1, 2, 3, 4];
        list[(ev(2) & 3) as usize] ^= yield_!(3);
        list[(yield_!(4) & 3) as usize] |= peek_with(&guard(5), yield_!(6));
        *slot(&mut list, yield_!(7)) &= ev(8);
        *slot(&mut list, ev(9)) ^= { yield_!(10); ev(11) };
        small[(yield_!(12) & 3) as usize] <<= (yield_!(13) & 1) as u32;
        small[0] *= 2;
        let mut flags = vec![false, true];
        flags[(yield_!(14) & 1) as usize] |= odd(yield_!(15));
        let mut n = 1;
        list[n] ^= { n = 2; yield_!(16) };
        // Out of bounds: after the value.
        if list[3] > 100 {
            list[ev(17) as usize] ^= consume_with(guard(18), yield_!(19));
        }
        add(list.iter().fold(0, |sum, n| add(sum, *n)), small[1] + flags[0] as i64)
    }

    fn slot(list: &mut [i64], n: i64) -> &mut i64 {
        &mut list[(ev(n) & 3) as usize]
    }
}

differential! {
    assigned_to_by_an_operand = task(body(Some(guard(1))));
    #[lowered]
    async fn body(mut o: Option<Guard>) -> i64 {
        let mut texts = vec![String::new(), String::new()];
        let text = "x".repeat(pause(1).await as usize);
        texts[pause(1).await as usize] = text;
        texts[0] = format!("{:?} {}", o.take(), pause(2).await);
        *o.get_or_insert(guard(3)) = guard(pause(4).await);
        texts.len() as i64 + consume(o.unwrap())
    }
}

differential! {
    assignment_order = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut x = 1;
        x ^= yield_!(x);
        x += {
            yield_!(x);
            2
        };
        let mut p = Pair { left: guard(1), right: guard(2) };
        p.left = guard(yield_!(x));
        p.right = yield_guard(yield_!(3));
        let mut t = (0, 0);
        t.1 = yield_!(4);
        (x, t.0) = (yield_!(5), yield_!(6));
        add(x, add(t.0, t.1))
    }
    fn yield_guard(n: i64) -> Guard {
        guard(n)
    }
}

differential! {
    casts_references_and_fields = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let a = yield_!(1) as u8 as i64;
        let b = (yield_!(2), 3).0;
        let c = *&yield_!(a);
        let d = Oops(yield_!(b)).0;
        let e = (&Oops(yield_!(c))).0;
        let f = *Box::new(yield_!(d));
        add(e, f)
    }
}

differential! {
    temporary_lives_to_the_end_of_its_statement = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = peek_with(&guard(1), yield_!(1));
        ev(n);
        peek_with(&guard(2), yield_!(n));
        ev(3);
        let m = peek_with(&guard(4), peek_with(&guard(5), yield_!(2)));
        yield_!(m);
        add(guard(6).id(), yield_!(7));
        ev(8)
    }
}

differential! {
    temporaries_of_a_yielded_value_go_first = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = yield_!(guard(1).id());
        let m = add(guard(2).id(), yield_!(peek(&guard(3))));
        yield_!(peek_with(&guard(4), yield_!(guard(5).id())));
        add(n, m)
    }
}

differential! {
    temporary_of_a_let_is_extended = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = &guard(1);
        let n = n.id();
        yield_!(n);
        let m = {
            let g = &guard(2);
            g.id()
        };
        yield_!(m)
    }
}

differential! {
    temporaries_in_several_statements = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut x = guard(1).plus(yield_!(1));
        x = guard(2).plus(yield_!(2));
        x ^= guard(3).plus(yield_!(3));
        if guard(4).plus(yield_!(x)) > 8 {
            ev(5);
        }
        return guard(6).plus(yield_!(6));
    }
}

differential! {
    temporary_option_taken_apart = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut slot = Some(guard(1));
        if let Some(g) = slot.take() {
            yield_!(g.id());
        }
        let n = keep_if(guard(2), yield_!(1)).map_or(0, consume);
        let g = keep_if(guard(3), yield_!(n)).unwrap_or(guard(4));
        slot = Some(g);
        yield_!(slot.is_some() as i64)
    }
}

differential! {
    conditions_as_operands = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = guard(1);
        add(
            ev(2),
            if odd(yield_!(1)) {
                let _h = guard(3);
                yield_!(2)
            } else {
                match yield_!(3) {
                    0..=7 => peek_with(&guard(4), yield_!(4)),
                    n => n,
                }
            },
        )
    }
}

differential! {
    loop_as_operand = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        consume_with(
            guard(1),
            loop {
                let _g = guard(2);
                let n = yield_!(1);
                if n > 6 || !fuel() {
                    break n;
                }
            },
        )
    }
}

differential! {
    macros_with_suspensions = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> String {
        let text = format!("{} {}", yield_!(1), guard(2).plus(yield_!(2)));
        let v = vec![yield_!(3), yield_!(4)];
        assert!(yield_!(5) < 100, "never");
        assert_eq!(v.len(), { yield_!(6); 2 });
        format!("{text} {v:?} {n}", n = yield_!(7))
    }
}

differential! {
    #[cfg(feature = "open")]
    closure_called_with_a_suspension = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let k = 3;
        let f = move |n: i64| add(n, k);
        let a = f(yield_!(1));
        let b = (|x: i64| x ^ a)(yield_!(a));
        [1, 2].iter().map(|n| add(*n, b)).fold(yield_!(b), add)
    }
}

differential! {
    try_in_operands = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Result<i64, Oops> {
        let n = consume_with(guard(1), attempt(yield_!(1))?);
        let m = peek_with(&guard(2), attempt(yield_!(n))?);
        Ok(add(attempt(m)?, yield_!(m)))
    }
}

differential! {
    unit_yields_as_operands = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let u = yield_!(1);
        after(u, after(yield_!(2), consume_with(guard(3), after(yield_!(4), 5))))
    }
}

differential! {
    #[cfg(feature = "open")]
    struct_update = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let p = Pair { right: guard(1), left: guard(2) };
        let q = Pair { left: guard(yield_!(3)), ..p };
        yield_!(q.right.id())
    }
}

differential! {
    adaptors_of_what_is_sent_take_it = generator(body());
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn body() -> Option<i64> {
        let h = either(guard(2), guard(3), yield_!(yield_!(1).ok()?).ok()?);
        let x = match yield_!(yield_!(3).ok()?) {
            Ok(n) => n,
            Err(Oops(c)) => { yield_!(c).ok()?; c }
        };
        ev(add(yield_!(4).ok()?, yield_!(x).map_or(4, |x| x)));
        Some(add(x, yield_!(2).unwrap_or(3)))
    }
}

differential! {
    operand_that_always_leaves = generator(body(1)), generator(again(2)), generator(looped(3));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> Result<i64, i64> {
        let _g = guard(1);
        if n == 2 { yield_!(3); }
        let _pair = (guard(4), typed::<i64>(return Ok(ev(5))), yield_!(6));
    }
    #[lowered(yield = i64, resume = i64)]
    fn again(n: i64) -> i64 {
        let _g = guard(n);
        add(add(1, yield_!(2)), add(typed({ yield_!(3); return 4 }), yield_!(5)));
    }
    #[lowered(yield = i64, resume = i64)]
    fn looped(n: i64) -> i64 {
        let mut i = 0;
        while i < n {
            i += 1;
            let _g = guard(i);
            let _h = (guard(20), yield_!(i), typed::<i64>(if odd(i) { continue } else { break }), yield_!(9));
        }
        let last: i64 = [yield_!(typed(return i))][0];
    }
}

differential! {
    await_beside_an_operand_that_leaves = task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let g = guard(1);
        if n == 1 {
            add(g.id(), add(typed(return pause(2).await), pause(3).await));
        } else {
            match pause(typed({ return 5 })).await { 1 => {} _ => {} };
        }
    }
}
