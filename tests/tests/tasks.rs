//! Tasks: `async fn` with `.await`, and functions that delegate to futures; awaits that borrow locals.

use segue_tests::prelude::*;

differential! {
    awaits_in_sequence = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _g = guard(1);
        let a = pause(1).await;
        pause(2).await;
        add(a, pause(3).await)
    }
}

differential! {
    spelled_with_yield_from = task(body(guard(5)));
    #[lowered]
    fn body(g: Guard) -> i64 {
        let _g = guard(1);
        let a = yield_from!(pause(1));
        yield_from!(pause_holding(g, a));
        add(a, yield_from!(pause(3)))
    }
}

differential! {
    future_that_is_ready_at_once = task(body());
    #[lowered]
    async fn body() -> Guard {
        let g = std::future::ready(guard(1)).await;
        ev(2);
        std::future::ready(()).await;
        async { guard(3) }.await
    }
}

differential! {
    nothing_is_awaited = task(body(guard(1)));
    #[lowered]
    async fn body(_: Guard) -> i64 {
        ev(1)
    }
}

differential! {
    arguments_of_a_task = task(body(guard(1), guard(2), guard(3)));
    #[lowered]
    async fn body(a: Guard, _: Guard, b: Guard) -> i64 {
        pause(1).await;
        b.id()
    }
}

differential! {
    awaits_of_a_task = task(body());
    #[lowered]
    async fn child(n: i64, g: Guard) -> Result<i64, Small> {
        let _c = guard(1);
        let n = pause_holding(g, n).await;
        attempt(n)
    }
    #[lowered]
    async fn body() -> Result<i64, Oops> {
        let _o = guard(2);
        let a = child(1, guard(3)).await?;
        let b = child(2, guard(4)).await?;
        child(add(a, b), guard(5)).await?;
        Ok(6)
    }
}

differential! {
    cancelled_in_the_middle = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = guard(1);
        let b = guard(2);
        pause_holding(guard(3), 1).await;
        let c = guard(4);
        pause_holding(b, 2).await;
        consume(a)
    }
}

differential! {
    reads_into_a_local = task(body());
    #[lowered]
    async fn body() -> Result<i64, Oops> {
        let mut source = source(1);
        let mut bytes = buffer(2);
        let mut n = 0;
        loop {
            let got = source.read(&mut bytes).await?;
            n = add(n, got);
            if source.count() == 3 {
                break;
            }
        }
        pause(n).await;
        Ok(bytes.sum())
    }
}

differential! {
    lends_between_other_locals = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _a = guard(1);
        let mut bytes = buffer(2);
        let _b = guard(3);
        let mut from = source(4);
        let _c = guard(5);
        let n = from.read(&mut bytes).await.map_or(9, |n| n);
        pause(n).await;
        bytes.sum()
    }
}

differential! {
    lends_a_local_in_a_call = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut g = guard(1);
        let _h = guard(2);
        let n = renumber_later(&mut g, 7).await;
        renumber_later(&mut g, add(n, pause(3).await)).await;
        g.id()
    }
}

differential! {
    lends_in_a_block = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _o = guard(1);
        let n = {
            let mut g = guard(2);
            let _p = guard(3);
            renumber_later(&mut g, 4).await
        };
        pause(n).await
    }
}

differential! {
    lends_an_argument = task(body(source(1), buffer(2)));
    #[lowered]
    async fn body(mut from: Source, mut bytes: Buffer) -> i64 {
        for _ in 0..2 {
            let _l = guard(3);
            match from.read(&mut bytes).await {
                Ok(n) => ev(n),
                Err(e) => return e.0,
            };
        }
        bytes.sum()
    }
}

differential! {
    lends_to_a_task = task(body());
    #[lowered]
    async fn fill(bytes: &mut Buffer, from: &mut Source) -> Result<i64, Small> {
        let _f = guard(1);
        let n = from.read(bytes).await?;
        Ok(add(n, from.read(bytes).await?))
    }
    #[lowered]
    async fn body() -> Result<i64, Oops> {
        let mut bytes = buffer(2);
        let mut from = source(3);
        let n = fill(&mut bytes, &mut from).await?;
        Ok(add(n, bytes.sum()))
    }
}

differential! {
    lends_fields = task(Reader { from: source(1), total: 0 }.drain());
    struct Reader {
        from: Source,
        total: i64,
    }
    impl Reader {
        #[lowered]
        async fn drain(mut self) -> i64 {
            let mut bytes = buffer(2);
            while self.total < 3 && fuel() {
                let n = self.from.read(&mut bytes).await.unwrap_or(1);
                self.total = add(self.total, n);
            }
            self.total
        }
    }
}

differential! {
    lends_through_self = task(Box::leak(Box::new(Reader { from: source(1), bytes: buffer(2) })).twice(guard(3)));
    struct Reader {
        from: Source,
        bytes: Buffer,
    }
    impl Reader {
        #[lowered]
        async fn once(&mut self) -> Result<i64, Small> {
            self.from.read(&mut self.bytes).await
        }
        #[lowered]
        async fn twice(&mut self, _g: Guard) -> Result<i64, Oops> {
            let n = self.once().await?;
            let _h = guard(4);
            let m = self.once().await?;
            Ok(add(add(n, m), self.bytes.sum()))
        }
    }
}

differential! {
    lends_a_shared_borrow = task(body());
    async fn look(g: &Guard, n: i64) -> i64 {
        let _l = guard(90);
        add(g.id(), pause(n).await)
    }
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let n = look(&g, 2).await;
        let m = look(&g, look(&g, n).await).await;
        consume_with(g, m)
    }
}

differential! {
    temporaries_of_an_await = task(body());
    async fn look(g: &Guard, n: i64) -> i64 {
        add(g.id(), pause(n).await)
    }
    #[lowered]
    async fn body() -> i64 {
        let n = look(&guard(1), 2).await;
        ev(n);
        let m = add(guard(2).id(), pause(guard(3).id()).await);
        look(&guard(4), m).await;
        ev(5);
        match look(&guard(6), 7).await {
            n => pause(n).await,
        }
    }
}

differential! {
    awaits_in_operands = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = add(ev(1), pause(2).await);
        let b = consume_with(guard(3), pause(a).await);
        if pause(b).await > 2 && odd(pause(5).await) {
            return pause(6).await;
        }
        let t = (guard(7), pause_holding(guard(8), 9).await);
        peek_with(&t.0, pause(t.1).await)
    }
}

differential! {
    awaits_in_loops = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut sum = 0;
        for i in items(3) {
            let _g = guard(i);
            sum = add(sum, pause(i).await);
            if sum > 5 {
                continue;
            }
            pause(8).await;
        }
        while pause(sum).await < 20 && fuel() {
            sum = add(sum, 7);
        }
        sum
    }
}

differential! {
    question_marks_in_tasks = task(body(1)), task(body(3));
    #[lowered]
    async fn body(n: i64) -> Result<Guard, Oops> {
        let g = guard(1);
        let h = attempt_guard(guard(2), pause(n).await)?;
        pause_holding(h, attempt(n)?).await;
        Ok(g)
    }
}

differential! {
    async_blocks_inside = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let k = 3;
        let n = async move { add(g.id(), pause(k).await) }.await;
        let later = async { pause(4).await };
        pause(n).await;
        later.await
    }
}

differential! {
    future_in_a_variable = task(body(pause_holding(guard(1), 2)));
    #[lowered]
    async fn body(given: impl Future<Output = i64>) -> i64 {
        let made = pause_holding(guard(3), 4);
        let _unused = pause_holding(guard(5), 6);
        let a = given.await;
        let _g = guard(7);
        add(a, made.await)
    }
}

differential! {
    boxed_futures = task(body());
    #[lowered]
    async fn body() -> i64 {
        let boxed: std::pin::Pin<Box<dyn Future<Output = i64>>> = Box::pin(pause_holding(guard(1), 2));
        let n = boxed.await;
        Box::pin(async move { pause(n).await }).await
    }
}

differential! {
    borrowed_arguments_of_tasks = task(body(Box::leak(Box::new(buffer(1))), "abc"));
    #[lowered]
    async fn body(bytes: &mut Buffer, text: &str) -> usize {
        let mut from = source(2);
        let _ = from.read(bytes).await;
        pause(bytes.sum()).await;
        text.len()
    }
}

differential! {
    more_awaits_than_one_enum_tells_apart = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut total = 0;
        total = add(total, pause(1).await);
        total = add(total, pause(2).await);
        total = add(total, pause(3).await);
        total = add(total, pause(4).await);
        total = add(total, pause(5).await);
        total = add(total, pause(6).await);
        total = add(total, pause(7).await);
        total = add(total, pause(8).await);
        total = add(total, pause(9).await);
        total = add(total, pause(10).await);
        total = add(total, pause(11).await);
        total = add(total, pause(12).await);
        total = add(total, pause(13).await);
        total = add(total, pause(14).await);
        total = add(total, pause(15).await);
        total = add(total, pause(16).await);
        total = add(total, pause(17).await);
        total
    }
}

differential! {
    an_opaque_type_in_the_returned_one = task(async { body(&[1, 2]).await.map(|numbers| numbers.sum::<i64>()) });
    #[lowered]
    async fn body(numbers: &[i64]) -> Result<impl Iterator<Item = i64> + '_, Oops> {
        let first = std::future::ready(attempt(numbers[0])?);
        ev(first.into_future().await);
        Ok(numbers.iter().copied())
    }
}

differential! {
    branches_that_never_end = task(body(0)), task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> Result<(), Oops> {
        match n {
            0 => {}
            1 => {
                pause(attempt(2)?).await;
            }
            _ => unreachable!(),
        }
        if n == 1 {
            pause(3).await;
            panic!("after a suspension");
        }
        Ok(())
    }
}

/// Takes from the front of a slice, which moves on.
trait Front {
    async fn front(&mut self, n: i64) -> i64;
}

impl Front for &[i64] {
    async fn front(&mut self, n: i64) -> i64 {
        let first = self[0];
        *self = &self[1..];
        add(pause(n).await, first)
    }
}

differential! {
    a_shared_slice_that_moves_on = task(body(&[1, 2, 3]));
    #[lowered]
    async fn body(mut from: &[i64]) -> i64 {
        let a = from.front(1).await;
        let b = from.front(a).await;
        let mut rest: &[i64] = from;
        let c = add(rest.front(b).await, rest.len() as i64);
        add(c, from.len() as i64)
    }
}
