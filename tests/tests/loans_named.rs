//! What the name of a variable on loan means: to macros, to methods, by value and as `_`.

use segue_tests::prelude::*;

differential! {
    named_by_macros = task(body());
    #[lowered]
    async fn body() -> i64 {
        let name = String::from("name");
        let held = name.as_str();
        let width = 3usize;
        let at = &width;
        pause(1).await;
        let text = format!("{name:>1$} {} {held} {width}", name.len(), *at);
        assert_eq!(name, held, "{name}");
        pause(text.len() as i64).await;
        ev(held.len() as i64 + *at as i64);
        vec![name].len() as i64
    }
}

/// The same word means one thing for a `&mut` and another for what it refers to.
#[derive(Clone, Copy)]
struct Counter {
    counts: [i64; 2],
    total: i64,
}

trait Bump {
    fn bump(self) -> i64;
}

impl Bump for Counter {
    fn bump(mut self) -> i64 {
        self.total += 100;
        self.total
    }
}

impl Bump for &mut Counter {
    fn bump(self) -> i64 {
        self.total += 1;
        self.total
    }
}

differential! {
    a_method_of_the_reference_itself = generator(body());
    #[lowered(yield = i64)]
    fn child(counter: &mut Counter) -> i64 {
        for count in counter.counts.iter() { yield_!(*count); }
        let n = counter.bump();
        for count in counter.counts.iter_mut() { *count += n; yield_!(*count); }
        counter.total
    }
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut counter = Counter { counts: [1, 2], total: 0 };
        yield_from!(child(&mut counter)) + counter.total
    }
}

differential! {
    what_is_copied_is_borrowed_on = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let numbers = [1i64, 2, 3];
        let mut iter = numbers.iter();
        yield_!(*iter.next().unwrap_or(&0));
        let first = move || numbers[0];
        yield_!(first());
        consume_array(numbers);
        yield_!(*iter.next().unwrap_or(&0));
        let all = vec![numbers];
        yield_!(*iter.next().unwrap_or(&0) + all[0][1]);
        0
    }
    fn consume_array(_: [i64; 3]) {}
}

differential! {
    an_underscore_takes_nothing = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let one = guard(1);
        let held = &one;
        yield_!(held.id());
        yield_!(held.id() + 1);
        _ = one;
        let _ = one;
        ev(3);
        one.id()
    }
}

macro_rules! told {
    ($name:ident) => {
        (stringify!($name), $name.id())
    };
    ($($tokens:tt)*) => {
        (stringify!($($tokens)*), 100 + { $($tokens)* })
    };
}

differential! {
    macros_see_the_users_tokens = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(one: Guard) -> i64 {
        let held = &one;
        yield_!(held.id());
        let (text, id) = told!(one);
        yield_!(text.len() as i64 + id);
        let (text, id) = told!(one.id() + held.id());
        yield_!(text.len() as i64 + id);
        assert!(one.id() > 100);
        0
    }
}

differential! {
    macros_see_the_self_on_loan = task(body());

    struct Kept {
        one: Guard,
        id: i64,
    }

    impl Kept {
        #[lowered]
        async fn add(&mut self, n: i64) -> i64 {
            let (text, id) = told!(self.id + n);
            let one = self.one.reader();
            let m = pause(text.len() as i64 + id).await;
            drop(one);
            self.id += told!(self.id).1;
            add(m, self.id)
        }
    }

    #[lowered]
    async fn body() -> i64 {
        let mut kept = Kept { one: guard(1), id: 2 };
        kept.add(3).await
    }
}
