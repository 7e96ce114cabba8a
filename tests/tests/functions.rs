//! Functions: arguments, patterns, receivers, generics, lifetimes, `impl Trait`.

use segue_tests::prelude::*;

use std::fmt::Debug;

/// An argument that outlives the test.
fn lent<T>(value: T) -> &'static mut T {
    Box::leak(Box::new(value))
}

differential! {
    arguments_drop_in_order = generator(body(guard(1), guard(2), guard(3)));
    #[lowered(yield = i64)]
    fn body(a: Guard, b: Guard, c: Guard) {
        yield_!(b.id());
    }
}

differential! {
    unused_arguments = generator(body(guard(1), guard(2), guard(3), guard(4)));
    #[lowered(yield = i64)]
    fn body(_: Guard, _named: Guard, unused: Guard, _: Guard) {
        yield_!(1);
        let _g = guard(5);
        yield_!(2);
    }
}

differential! {
    arguments_of_a_body_without_suspension = generator(body(guard(1), guard(2)));
    #[lowered(yield = i64)]
    fn body(_: Guard, b: Guard) {
        ev(1);
    }
}

differential! {
    #[cfg(feature = "open")]
    argument_patterns = generator(body((guard(1), 2), Pair { left: guard(3), right: guard(4) }, [5, 6], guard(7)));
    #[lowered(yield = i64)]
    fn body((a, mut n): (Guard, i64), Pair { left, .. }: Pair, [x, _]: [i64; 2], mut last: Guard) {
        n += x;
        yield_!(n);
        last = guard(8);
        drop(a);
        yield_!(left.id());
    }
}

differential! {
    partly_ignored_arguments = generator(body((guard(1), guard(2)), (guard(3), guard(4)), guard(5)));
    #[lowered(yield = i64)]
    fn body((a, _): (Guard, Guard), (_, b): (Guard, Guard), _: Guard) {
        yield_!(1);
        drop(a);
        yield_!(2);
    }
}

differential! {
    mutable_arguments = generator(body(3, guard(1)));
    #[lowered(yield = i64, resume = i64)]
    fn body(mut n: i64, mut g: Guard) -> i64 {
        n = yield_!(n);
        g = guard(n);
        yield_!(g.renumber(4))
    }
}

differential! {
    borrowed_arguments = generator(body(lent(1), lent(guard(2)), "abc"));
    #[lowered(yield = i64, resume = i64)]
    fn body(n: &mut i64, g: &Guard, text: &str) -> i64 {
        *n += yield_!(*n);
        yield_!(g.id());
        for c in text.chars() {
            *n += yield_!(c as i64);
        }
        *n
    }
}

differential! {
    lifetimes = generator(body(lent([1, 2]), lent(3)));
    #[lowered(yield = &'a i64)]
    fn body<'a, 'b: 'a>(v: &'a [i64], other: &'b i64) -> &'b i64 {
        for n in v {
            yield_!(n);
        }
        yield_!(other);
        other
    }
}

differential! {
    generics = generator(body(vec![guard(1), guard(2)], 5)), generator(body([Oops(1)], "x"));
    #[lowered(yield = Option<T>)]
    fn body<T: Debug, I, D>(items: I, label: D) -> String
    where
        I: IntoIterator<Item = T>,
        D: Debug + Clone,
    {
        let copy = label.clone();
        yield_!(None);
        for item in items {
            yield_!(Some(item));
        }
        format!("{copy:?}")
    }
}

differential! {
    const_generics = generator(body([guard(1), guard(2)]));
    #[lowered(yield = usize)]
    fn body<const N: usize>(items: [Guard; N]) -> usize {
        for (at, item) in items.into_iter().enumerate() {
            yield_!(at);
        }
        yield_!(N);
        N + 1
    }
}

differential! {
    impl_trait_arguments = generator(body(items(3), |n| add(n, 1)));
    #[lowered(yield = i64)]
    fn body(source: impl Iterator<Item = i64>, mut f: impl FnMut(i64) -> i64) {
        let _g = guard(4);
        for n in source {
            yield_!(f(n));
        }
    }
}

differential! {
    dyn_values = generator(body(Box::new(items(2))));
    #[lowered(yield = Box<dyn Debug>)]
    fn body(mut source: Box<dyn Iterator<Item = i64>>) -> Option<Box<dyn Debug>> {
        while let Some(n) = source.next() {
            yield_!(Box::new(n));
        }
        let shown: Box<dyn Debug> = Box::new("shown");
        yield_!(Box::new(guard(1)));
        Some(shown)
    }
}

differential! {
    #[cfg(feature = "open")]
    receivers = generator(Counter::new(1).by_value(2)), generator(lent(Counter::new(3)).by_mut(4)),
        generator(lent(Counter::new(5)).by_ref()), generator(Box::new(Counter::new(6)).boxed()),
        generator(std::rc::Rc::new(Counter::new(7)).counted()), generator(Counter::new(8).rebound()),
        generator(Counter::associated(9));
    struct Counter {
        n: i64,
        held: Guard,
    }
    impl Counter {
        fn new(n: i64) -> Counter {
            Counter { n, held: guard(n) }
        }
        #[lowered(yield = i64, resume = i64)]
        fn by_value(self, step: i64) -> i64 {
            let a = yield_!(self.n);
            let _g = guard(step);
            yield_!(add(self.held.id(), a))
        }
        #[lowered(yield = i64, resume = i64)]
        fn by_mut(&mut self, step: i64) -> i64 {
            for _ in 0..2 {
                self.n += step;
                let sent = yield_!(self.n);
                self.bump(sent);
            }
            self.n
        }
        #[lowered(yield = i64, resume = i64)]
        fn by_ref(&self) -> i64 {
            let n = yield_!(self.n);
            add(n, self.held.id())
        }
        #[lowered(yield = i64)]
        fn boxed(self: Box<Self>) -> i64 {
            yield_!(self.n);
            let Counter { n, held } = *self;
            yield_!(held.id());
            n
        }
        #[lowered(yield = i64)]
        fn counted(self: std::rc::Rc<Self>) -> usize {
            let other = self.clone();
            yield_!(self.n);
            drop(self);
            yield_!(other.n);
            std::rc::Rc::strong_count(&other)
        }
        #[lowered(yield = i64)]
        fn rebound(mut self) -> Guard {
            self.n += 1;
            yield_!(self.n);
            self.held = guard(20);
            yield_!(self.held.id());
            self.held
        }
        #[lowered(yield = i64)]
        fn associated(n: i64) -> Self {
            yield_!(n);
            let made = Self::new(n);
            yield_!(Self::new(1).n);
            made
        }
        fn bump(&mut self, by: i64) {
            self.n += by;
        }
    }
    impl Debug for Counter {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{}", self.n)
        }
    }
}

differential! {
    generic_methods = generator(lent(Holder { inner: guard(1) }).each(items(2)));
    struct Holder<T> {
        inner: T,
    }
    impl<T: Debug> Holder<T> {
        #[lowered(yield = String)]
        fn each<I: Iterator<Item: Debug>>(&self, items: I) -> String {
            for item in items {
                yield_!(format!("{:?} {item:?}", self.inner));
            }
            format!("{:?}", self.inner)
        }
    }
}

differential! {
    names_like_our_own = generator(body(1, 2, 3));
    #[lowered(yield = i64, resume = i64)]
    fn body(state: i64, sent: i64, machine: i64) -> i64 {
        let result = yield_!(state);
        let value = yield_!(sent);
        let r#type = yield_!(machine);
        let start = add(result, value);
        let state = yield_!(r#type);
        add(state, start)
    }
}

differential! {
    closures_made_in_a_block_of_closures_are_held = task(body(guard(1)));
    #[lowered]
    async fn body(b: Guard) -> i64 {
        let c = {
            let inner = move |x: i64| add(x, b.id());
            move |y: i64| inner(add(y, 1))
        };
        ev(c(3));
        pause(4).await;
        5
    }
}

differential! {
    an_array_held_in_place_whose_name_is_taken_again = generator(body([19; 32]));
    #[lowered(yield = i64, resume = i64)]
    fn body(mut c: [i64; 32]) -> i64 {
        let c = {
            yield_!(1);
            c[3] = ev(4);
            yield_!(2);
            guard(c[3])
        };
        c.id()
    }
}
