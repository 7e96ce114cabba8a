//! Suspensions in the arguments of std's macros: what they borrow, what they take, and how long it lives.

use segue_tests::prelude::*;

differential! {
    format_borrows_in_order = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> String {
        let x = ev(7);
        let text = format!("{} {x} {:?} {}", ev(1), guard(2), yield_!(3));
        let text = format!("{0} {1:>3} {0} {text}", guard(4).plus(yield_!(5)), guard(6).id());
        let wide = format!("{:>1$} {3:.2$}", ev(8), { yield_!(9); 4 }, { yield_!(10); 2 }, 1.5);
        let named = format!("{n:?} {m} {n:?} {x}", n = guard(yield_!(11)), m = { let _g = guard(12); yield_!(13) });
        ev(14);
        format!("{text} {wide} {named} {}", peek(&guard(yield_!(15))))
    }
}

differential! {
    format_is_a_scope = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = add(
            peek(&guard(1)) + format!("{:?} {}", guard(2), yield_!(3)).len() as i64,
            peek_with(&guard(4), format!("{:?} {}", guard(5), yield_!(6)).len() as i64),
        );
        let g = either(guard(7), guard(format!("{}{:?}", yield_!(8), guard(9)).len() as i64), yield_!(n));
        g.id()
    }
}

differential! {
    format_of_other_macros = generator(body());
    #[lowered(yield = String, resume = i64)]
    fn body() -> String {
        let a = yield_!(format!("{}", yield_!(format!("{:?}", guard(1)))));
        format!("{} {:?}", format!("{:?} {}", guard(2), yield_!(String::new())), vec![a, yield_!(format!("{a}"))])
    }
}

differential! {
    format_fails_or_leaves = generator(body(1)), generator(body(3));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> Result<String, Oops> {
        let text = format!("{:?} {} {}", guard(1), attempt(yield_!(n))?, yield_!(2));
        for i in 0..3 {
            let shown = format!("{:?} {}", guard(3), if yield_!(4) > 5 { break } else { i });
            ev(shown.len() as i64);
        }
        Ok(format!("{text} {}", attempt(yield_!(5))?))
    }
}

differential! {
    macros_that_only_leave = generator(body(1)), generator(body(3)), generator(body(7));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> Result<i64, Oops> {
        let text = format!("{:?} {}", guard(1), attempt(n - 2)?);
        yield_!(1);
        for i in 0..4 {
            let _g = guard(2);
            println!("{:?} {}", guard(3), if i == yield_!(i) { break } else { i });
            println!("{:?} {}", guard(4), if i == 2 { continue } else { i });
            let v = vec![guard(5), if n == 3 { return Ok(9) } else { guard(6) }];
            assert!(attempt(yield_!(7))? < 90, "{}", attempt(3)?);
        }
        Ok(text.len() as i64)
    }
}

differential! {
    prints_are_statements = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() {
        let x = 1;
        print!("{:?}{}", guard(1), yield_!(1));
        println!("{:?} {x} {}", guard(2), yield_!(2));
        std::eprint! { "{:?} {}", guard(3), yield_!(3) }
        let unit = (peek(&guard(4)), eprintln!["{:?} {}", guard(5), yield_!(4)], ev(6));
        if yield_!(5) > 3 {
            println!("{:?} {}", guard(7), yield_!(6))
        } else {
            eprintln!("{}", yield_!(7))
        }
        match yield_!(8) {
            0..=5 => println!("{:?} {}", guard(8), yield_!(9)),
            n => println!("{:?} {}", guard(n), { n }),
        }
        eprintln!("{}", yield_!(10))
    }
}

differential! {
    prints_locals = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let pair = (guard(2), 3);
        let arg = 4;
        println!("{:?} {:?} {arg} {}", g, pair.0, yield_!(1));
        println!("{} {:?} {g:?}", yield_!(2), pair);
        consume(g)
    }
}

differential! {
    write_and_what_it_gives = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        write!(text, "{:?} {}", guard(1), yield_!(1))?;
        writeln!(&mut text, "{} {:?}", yield_!(2), guard(2)).unwrap();
        let result = (write!(text, "{:?} {}", guard(3), yield_!(3)), ev(4));
        result.0?;
        let mut held = (String::new(), guard(5));
        write!(held.0, "{}{:?}", yield_!(4), held.1)?;
        text.push_str(&held.0);
        Ok(text)
    }
}

differential! {
    write_to_what_is_made = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let done = write!(sink(1), "{:?} {}", guard(2), yield_!(1)).is_ok();
        let again = write!(sink(yield_!(2)), "{:?}", guard(3)).is_ok();
        writeln!(sink(yield_!(3))).unwrap();
        ev(done as i64 + again as i64)
    }

    struct Sink(Guard);

    fn sink(n: i64) -> Sink {
        Sink(guard(n))
    }

    impl std::fmt::Write for Sink {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            ev(self.0.id());
            Ok(())
        }
    }
}

differential! {
    assert_holds_or_not = generator(body(1)), generator(body(100));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let _first = guard(1);
        assert!(peek_with(&guard(2), yield_!(1)) > n - 50);
        assert!(peek_with(&guard(3), yield_!(2)) != 4, "not {n} {}", ev(5));
        assert!(odd(yield_!(3)) || true, "never {}", yield_!(4));
        debug_assert!(yield_!(5) < 50, "{:?}", guard(6));
        let unit = assert!({ yield_!(6); true });
        ev(7)
    }
}

differential! {
    assert_with_a_message_that_suspends = generator(body(1)), generator(body(0));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let _first = guard(1);
        assert!(n == 1, "{:?} {}", guard(2), yield_!(1));
        assert!(peek_with(&guard(3), yield_!(2)) < 8, "{:?} {n} {}", guard(4), yield_!(3));
        debug_assert!(n > 5, "{n} {:?} {}", guard(5), yield_!(4));
        ev(6)
    }
}

differential! {
    comparisons = generator(body(1)), generator(body(100));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let _first = guard(1);
        assert_eq!(peek(&guard(2)), { yield_!(1); 2 });
        assert_eq!(guard(3), { yield_!(2); guard(3) }, "never {}", ev(4));
        assert_ne!(guard(5).plus(yield_!(3)), n, "of {n} and {}", ev(6));
        assert_ne!({ yield_!(4); n }, 100);
        debug_assert_eq!(guard(7), guard({ yield_!(5); 7 }));
        debug_assert_ne!(yield_!(6), 3, "{n}");
        (assert_eq!(peek(&guard(8)), { yield_!(7); 8 }), consume(guard(9))).1
    }
}

differential! {
    panics_with_suspensions = generator(body(0)), generator(body(1)), generator(body(2)), generator(body(3)), generator(body(4));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: i64) -> i64 {
        let _first = guard(1);
        let m = match n {
            0 => yield_!(1),
            1 => panic!("{:?} {}", guard(2), yield_!(2)),
            2 => consume_with(guard(3), unreachable!("{:?} {}", guard(4), yield_!(3))),
            3 => {
                let _in = guard(5);
                todo!("{:?} {}", guard(6), yield_!(4));
            }
            _ => unimplemented!("{n} {}", yield_guard(yield_!(5)).id()),
        };
        add(m, n)
    }

    fn yield_guard(n: i64) -> Guard {
        guard(n)
    }
}

differential! {
    a_function_that_panics_in_the_end = generator(body(guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(g: Guard) -> Guard {
        if yield_!(1) > 3 {
            return g;
        }
        drop(g);
        panic!("{:?} {}", guard(2), yield_!(2));
    }
}

differential! {
    vec_of_values = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let g = guard(1);
        let h = guard(2);
        let v = vec![g, guard(yield_!(1)), guard(3), { yield_!(2); h }, guard(peek(&guard(4)))];
        let w = vec![yield_!(3); few(yield_!(4)) as usize];
        let u = std::vec![peek(&guard(5)), yield_!(5), 3, peek(&guard(6))];
        let mut n = few(v.len() as i64) + few(w.len() as i64);
        let z = vec![n, { n = 5; yield_!(n) }, n];
        for g in vec![guard(7), guard({ yield_!(6); 8 })] {
            yield_!(g.id());
        }
        add(add(u.iter().sum(), z.iter().sum()), vec![(); yield_!(7) as usize & 3].len() as i64)
    }
}

differential! {
    vec_in_an_operand = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Vec<Guard> {
        let n = add(vec![peek(&guard(1)), yield_!(1)].len() as i64, yield_!(2));
        let m = vec![guard(2), guard(yield_!(3))].into_iter().map(|g| g.id()).fold(n, add);
        vec![guard(3), pass(guard(yield_!(m)))]
    }
}

differential! {
    dbg_gives_back = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let n = dbg!(yield_!(1));
        let g = dbg!(guard(yield_!(n)));
        let m = consume(dbg!(g)) + dbg!(peek(&guard(yield_!(2)))) + dbg!(n);
        let (a, b) = dbg!(guard(yield_!(3)), peek_with(&guard(4), yield_!(m)));
        dbg!(yield_!(5));
        dbg!(consume(dbg!(a)), yield_!(b)).1
    }
}

differential! {
    matches_a_value = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let x = 3;
        let a = matches!(yield_!(1), 0..=4 | 7);
        let b = matches!(perhaps(yield_!(2)), Some(n) if odd(n + x));
        let c = !matches!(keep_if(guard(1), yield_!(3)), Some(g) if g.id() == 1) && matches!(yield_!(4), 5);
        if matches!(keep_if(guard(2), yield_!(5)), Some(_)) {
            yield_!(6);
        }
        while fuel() && matches!(yield_!(7), 1 | 2 | 3,) {
            ev(8);
        }
        a as i64 + b as i64 * 2 + c as i64 * 4
    }
}

differential! {
    macros_in_a_task = task(body(guard(1)));
    #[lowered]
    async fn body(g: Guard) -> Result<String, std::fmt::Error> {
        let mut text = format!("{:?} {}", guard(2), pause(1).await);
        write!(text, "{} {g:?} {:?}", pause_holding(guard(3), 4).await, guard(5))?;
        assert_eq!(pause(6).await, 6, "{text}");
        let futures = vec![Box::pin(async { pause(7).await })];
        for future in futures {
            println!("{:?} {}", guard(8), future.await);
        }
        assert!(renumber_later(&mut guard(9), pause(10).await).await == 9);
        dbg!(pause(11).await, matches!(pause(12).await, 12));
        Ok(text)
    }
}

differential! {
    delegation_in_macros = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child(g: Guard) -> i64 {
        yield_!(g.id())
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Vec<i64> {
        println!("{:?} {}", guard(1), yield_from!(child(guard(2))));
        vec![peek(&guard(3)), yield_from!(child(guard(4)))]
    }
}

differential! {
    macros_of_the_functions_own = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        macro_rules! vec {
            ($n:expr) => { ev($n + 100) };
        }
        let n = vec![1];
        println!("{n} {}", yield_!(n));
        n
    }
}

differential! {
    macros_beside_a_suspension = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let out = consume_list(vec![guard(1), either(guard(11), guard(2), guard(13).id()), guard(guard(3).id())], yield_!(4));
        let seen = add(matches!(guard(5), Guard { .. }) as i64, yield_!(6));
        let text = (write!(String::new(), "{}{}", guard(7).id(), peek(&guard(8))).is_ok(), yield_!(9));
        consume_list(vec![guard(10)], yield_!(ev(12)))
    }
}

fn consume_list(_list: Vec<Guard>, n: i64) -> i64 {
    n
}

differential! {
    a_message_that_would_take_a_variable = generator(body(guard(7), guard(8)));
    #[lowered(yield = i64)]
    fn body(kept: Guard, other: Guard) -> i64 {
        yield_!({
            assert!(odd(3), "{:?} {}", pass(kept), ev(4));
            assert_eq!(peek(&other), 8, "{:?}", pass(other));
            5
        });
        6
    }
}

differential! {
    a_name_that_a_macro_binds = generator(body(guard(1), [2; 32]));
    #[lowered(yield = i64)]
    fn body(taken: Guard, named: [i64; 32]) -> i64 {
        yield_!(3);
        matches!(keep_if(taken, 5), Some(named) if odd(named.id())) as i64
    }
}

differential! {
    names_within_macros_hide_those_outside = generator(body(guard(1), Some(guard(2)), 3));
    #[lowered(yield = i64)]
    fn body(a: Guard, b: Option<Guard>, n: i64) -> i64 {
        let all = vec![(|a: i64| add(a, n))(2); 2];
        yield_!(all[0]);
        assert!(
            match pass(guard(5)) {
                a => consume(a) == 5,
            },
            "{n} {a:?}",
            a = match n {
                b => b,
            }
        );
        yield_!(2);
        let text = format!("{:?} {n} {a:?} {c}", vec![Some(4)].into_iter().filter_map(|b| b).map(|n| n + 1).sum::<i64>(), c = {
            let n = 8;
            add(n, 1)
        });
        yield_!(text.len() as i64);
        dbg!(if let Some(a) = b { consume(a) } else { 0 })
    }
}
