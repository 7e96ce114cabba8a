//! Blocks, `let` in all its forms, patterns, shadowing.

use segue_tests::prelude::*;

differential! {
    yields_in_sequence = generator(body()), values(body());
    #[lowered(yield = i64)]
    fn body() {
        yield_!(1);
        yield_!(2);
        yield_!(ev(3));
    }
}

differential! {
    nothing_at_all = generator(body());
    #[lowered(yield = i64)]
    fn body() {}
}

differential! {
    no_suspension = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(g: Guard) -> i64 {
        ev(g.id())
    }
}

differential! {
    value_sent = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let a = yield_!(1);
        let b = yield_!(a);
        add(a, b)
    }
}

differential! {
    strings_sent = generator(body());
    #[lowered(yield = String, resume = String)]
    fn body() -> usize {
        let mut all = String::new();
        while all.len() < 20 {
            let more = yield_!(all.clone());
            all.push_str(&more);
        }
        all.len()
    }
}

differential! {
    guards_sent_and_yielded = generator(body());
    #[lowered(yield = Guard, resume = Guard)]
    fn body() -> Guard {
        let a = yield_!(guard(1));
        yield_!(guard(2));
        let _ = yield_!(guard(3));
        let _b = yield_!(a);
        yield_!(guard(4))
    }
}

differential! {
    yields_coerce = generator(body());
    #[lowered(yield = &'static [i64])]
    fn body() -> Option<Box<dyn std::fmt::Debug>> {
        yield_!(&[1, 2]);
        yield_!(&[]);
        Some(Box::new(3))
    }
}

differential! {
    yields_infer = generator(body());
    #[lowered(yield = Vec<u8>, resume = bool)]
    fn body() -> Result<u16, String> {
        let mut v = Vec::new();
        let more = yield_!(Default::default());
        if more {
            v.push(1);
        }
        yield_!(v.clone());
        let n = "12".parse().unwrap();
        yield_!(v);
        Ok(n)
    }
}

differential! {
    block_scope_ends_before_what_follows = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let _outer = guard(1);
        {
            let _a = guard(2);
            yield_!(1);
            let _b = guard(3);
            yield_!(2);
        }
        ev(4);
        yield_!(3);
    }
}

differential! {
    block_as_value = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let x = {
            let g = guard(1);
            let n = yield_!(g.id());
            let h = guard(2);
            add(n, h.id())
        };
        ev(x);
        yield_!(x)
    }
}

differential! {
    block_tail_suspends = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let _o = guard(9);
        let x = {
            let g = guard(1);
            add(g.id(), yield_!(1))
        };
        {
            let _h = guard(2);
            yield_!(x)
        }
    }
}

differential! {
    block_tail_temporary = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let x = {
            let _local = guard(1);
            peek_with(&guard(2), yield_!(3))
        };
        ev(x);
        let _local = guard(4);
        peek_with(&guard(5), yield_!(6))
    }
}

differential! {
    nested_blocks = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let _a = guard(1);
        {
            let _b = guard(2);
            {
                let _c = guard(3);
                yield_!(1);
                {
                    let _d = guard(4);
                }
                yield_!(2);
            }
            yield_!(3);
            let _e = guard(5);
        }
    }
}

differential! {
    let_uninitialised_in_branches = generator(body(true)), generator(body(false));
    #[lowered(yield = i64)]
    fn body(c: bool) -> i64 {
        let x;
        if c {
            yield_!(1);
            x = guard(1);
            yield_!(2);
        } else {
            x = guard(2);
        }
        yield_!(3);
        x.id()
    }
}

differential! {
    let_uninitialised_on_one_path = generator(body(true)), generator(body(false));
    #[lowered(yield = i64)]
    fn body(c: bool) {
        let _before = guard(7);
        let x;
        if c {
            x = guard(1);
            yield_!(x.id());
        }
        let _after = guard(8);
        yield_!(3);
    }
}

differential! {
    let_never_initialised = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let _x: Guard;
        yield_!(3);
    }
}

differential! {
    let_mut_reassigned = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let mut g = guard(1);
        yield_!(1);
        g = guard(2);
        yield_!(2);
        let _h = guard(3);
        g = guard(4);
        yield_!(g.id());
    }
}

differential! {
    assigned_by_a_suspension = generator(body());
    #[lowered(yield = Guard, resume = Guard)]
    fn body() -> Guard {
        let mut g = guard(1);
        g = yield_!(guard(2));
        let late;
        late = yield_!(g);
        late
    }
}

differential! {
    let_patterns = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let (a, mut b) = (guard(1), yield_!(1));
        b ^= 3;
        let Pair { left, right: r } = Pair { left: guard(2), right: guard(3) };
        let n = yield_!(b);
        let [x, y] = [yield_!(2), yield_!(3)];
        let ((p, _), Oops(q)) = ((guard(4), guard(5)), Oops(n));
        yield_!(q);
        let [first, .., last] = [guard(6), guard(7), guard(8)];
        yield_!(add(x, y));
        add(first.id(), last.id())
    }
}

differential! {
    let_at_pattern = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let whole @ (a, b) = (1, yield_!(2));
        yield_!(a);
        add(whole.1, b)
    }
}

differential! {
    let_underscore_drops_at_once = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let _ = guard(1);
        yield_!(1);
        let _kept = guard(2);
        yield_!(2);
        let (_, _b) = (guard(3), guard(4));
        yield_!(3);
        let g = guard(5);
        let _ = g;
        yield_!(4);
        _ = guard(6);
        yield_!(5);
    }
}

differential! {
    #[cfg(feature = "open")]
    let_partial_move = generator(body());
    #[lowered(yield = i64)]
    fn body() {
        let pair = Pair { left: guard(1), right: guard(2) };
        let Pair { left, .. } = pair;
        yield_!(1);
        drop(left);
        yield_!(2);
        let other = Pair { left: guard(3), right: guard(4) };
        let right = other.right;
        yield_!(right.id());
    }
}

differential! {
    let_else = generator(body(Some(guard(1)))), generator(body(None));
    #[lowered(yield = i64, resume = i64)]
    fn body(o: Option<Guard>) -> i64 {
        let _first = guard(7);
        let Some(g) = o else {
            let _in = guard(8);
            yield_!(10);
            return 5;
        };
        yield_!(g.id());
        let Some(n) = perhaps(yield_!(11)) else {
            return 6;
        };
        n
    }
}

differential! {
    let_else_temporary = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let Some(n) = perhaps(peek_with(&guard(1), yield_!(1))) else {
            yield_!(2);
            return 3;
        };
        yield_!(n)
    }
}

differential! {
    shadowing = generator(body(guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(x: Guard) -> i64 {
        let y = x.id();
        let x = guard(2);
        yield_!(x.id());
        {
            let x = guard(3);
            yield_!(x.id());
            let x = yield_!(4);
            ev(x);
        }
        let x = (x, guard(4));
        yield_!(x.0.id());
        let x = x.1;
        add(x.id(), y)
    }
}

differential! {
    shadowing_by_its_own_value = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> String {
        let x = 1;
        let x = add(x, yield_!(x));
        let x = x.to_string();
        yield_!(0);
        let x = format!("{x}{}", x.len());
        x
    }
}

differential! {
    types_from_later_uses = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> (Vec<u8>, Option<u16>, f32) {
        let mut v = Vec::new();
        let mut o = None;
        let f = 1.5;
        yield_!(1);
        if v.is_empty() {
            v.push(1);
        }
        yield_!(2);
        o = Some(7);
        yield_!(3);
        (v, o, f)
    }
}

differential! {
    items_inside = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        const SCALE: i64 = 3;
        fn scaled(n: i64) -> i64 {
            n & SCALE
        }
        #[derive(Debug)]
        struct Inner {
            g: Guard,
        }
        use std::cmp::min as smaller;
        let inner = Inner { g: guard(scaled(6)) };
        let n = yield_!(inner.g.id());
        smaller(n, 5)
    }
}

differential! {
    #[cfg(feature = "open")]
    closures_over_locals = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let k = yield_!(1);
        let g = guard(5);
        let a = (|x: i64| add(x, k))(2);
        let shadow = |k: i64| add(k, g.id());
        let b = shadow(3);
        yield_!(b);
        let owned = move || consume(g);
        yield_!(a);
        owned()
    }
}

differential! {
    items_in_inner_blocks = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut sum = 0;
        for n in 0..2 {
            use std::cmp::{self, max as most};
            const STEP: i64 = 3;
            static NAMES: [&str; 2] = ["a", "b"];
            struct Thing(Guard);
            impl Thing {
                fn id(&self) -> i64 {
                    self.0.id() * STEP
                }
            }
            fn held(n: i64) -> Thing {
                Thing(guard(n))
            }
            let h = held(yield_!(n * STEP));
            sum = add(most(sum, cmp::min(n, 2)), yield_!(h.id()));
            println!("{STEP} {}", NAMES.len());
        }
        {
            type Number = i64;
            enum Which {
                One(Number),
            }
            let Which::One(n) = Which::One(yield_!(sum));
            n
        }
    }
}

differential! {
    macros_name_locals = generator(body());
    #[lowered(yield = String, resume = i64)]
    fn body() -> String {
        let a = yield_!(format!("{}", 1));
        let b = yield_!(format!("{a}"));
        let v = vec![a, b];
        assert_eq!(v.len(), 2, "{a} {b}");
        yield_!(format!("{a:>4}{0}{n}", b, n = v.len()));
        format!("{v:?}")
    }
}
