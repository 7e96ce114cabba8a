//! Variables that an awaited call uses up, or only borrows: what is left of them is dropped in its turn.

use segue_tests::prelude::*;

/// Some methods take it, some only look: the calls don't tell.
struct Link {
    guard: Guard,
    other: Guard,
}

fn link(n: i64) -> Link {
    Link { guard: guard(n), other: guard(n + 1) }
}

impl Link {
    async fn close(self, n: i64) -> i64 {
        let _last = guard(n);
        pause(n).await
    }

    async fn ask(&self, n: i64) -> i64 {
        let _asked = guard(n);
        pause(self.guard.id() + n).await
    }

    async fn fill(&mut self, into: &mut Vec<i64>) -> i64 {
        into.push(pause(self.other.id()).await);
        ev(7)
    }

    fn with(self, other: Guard) -> Link {
        Link { other, ..self }
    }
}

async fn spend(guard: Guard, n: i64) -> i64 {
    let _spent = guard;
    pause(n).await
}

macro_rules! spent {
    ($guard:expr) => {
        spend($guard, 30)
    };
}

differential! {
    used_up = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _before = guard(1);
        let it = link(10);
        let _after = guard(2);
        let n = it.close(20).await;
        let _last = guard(3);
        n + pause(4).await
    }
}

differential! {
    only_borrowed = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _before = guard(1);
        let it = link(10);
        let _after = guard(2);
        let n = it.ask(20).await;
        let _last = guard(3);
        n + pause(4).await
    }
}

differential! {
    in_one_branch = task(body(0)), task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let a = link(10);
        let b = link(20);
        let c = guard(1);
        let sum = match n {
            0 => a.close(30).await,
            1 => b.ask(30).await,
            _ => pause(31).await,
        };
        let d = guard(2);
        sum + pause(c.id() + d.id()).await
    }
}

differential! {
    where_a_loop_ends = task(body());
    #[lowered]
    async fn body() -> i64 {
        let it = link(10);
        let mut n = 0;
        let _g = guard(1);
        let last = loop {
            let _h = guard(2);
            n += pause(3).await;
            if n > 20 {
                break it.close(20).await;
            }
            n += ev(15);
        };
        last + pause(5).await
    }
}

differential! {
    declared_in_a_loop = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut n = 0;
        for i in 0..3 {
            let it = link(10 * i);
            let _g = guard(100 + i);
            if i == 1 {
                n += it.ask(40).await;
                continue;
            }
            n += it.close(50).await;
            n += pause(i).await;
        }
        n
    }
}

differential! {
    a_chain_of_temporaries = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _g = guard(1);
        let n = add(link(10).with(guard(20)).close(30).await, ev(5));
        let m = link(40).with(guard(50)).ask(60).await.max(pause(70).await);
        n + m
    }
}

differential! {
    beside_what_comes_back = task(body()), task(other());
    #[lowered]
    async fn body() -> i64 {
        let mut sums = vec![1];
        let mut it = link(10);
        let _g = guard(2);
        let mut after = vec![2];
        let n = it.fill(&mut sums).await;
        after.push(n);
        pause(3).await + sums.iter().sum::<i64>() + after.len() as i64
    }
    #[lowered]
    async fn other() -> i64 {
        let mut it = link(10);
        let _g = guard(2);
        let mut sums = vec![1];
        let n = it.fill(&mut sums).await;
        let _h = guard(3);
        n + pause(3).await + sums.iter().sum::<i64>()
    }
}

differential! {
    two_at_once = task(body()), task(apart());
    #[lowered]
    async fn body() -> i64 {
        let a = link(10);
        let b = link(20);
        let n = add(a.close(30), b.ask(40)).await;
        n + pause(5).await
    }
    #[lowered]
    async fn apart() -> i64 {
        let a = link(10);
        let n = {
            let b = guard(20);
            let n = a.ask(b.id()).await;
            n + pause(1).await
        };
        n + pause(5).await
    }
    async fn add(a: impl Future<Output = i64>, b: impl Future<Output = i64>) -> i64 {
        a.await + b.await
    }
}

differential! {
    a_part_of_it = task(body());
    #[lowered]
    async fn body() -> i64 {
        let it = link(10);
        let _g = guard(1);
        let n = spend(it.guard, 20).await;
        n + pause(2).await
    }
}

differential! {
    a_part_that_is_copied = task(body(guard(5))), task(temporary(guard(5)));
    #[lowered]
    async fn body(e: Guard) -> i64 {
        let pair = (e, 3);
        let g = guard(1);
        let n = pause(pair.1).await;
        n + pause(g.id()).await
    }
    #[lowered]
    async fn temporary(e: Guard) -> i64 {
        let g = guard(pause((e, 3).1).await);
        let _h = guard(2);
        pause(g.id()).await
    }
}

differential! {
    given_to_a_macro = task(body());
    #[lowered]
    async fn body() -> i64 {
        let it = guard(10);
        let _g = guard(1);
        let n = spent!(it).await;
        n + pause(2).await
    }
}

differential! {
    parameters = task(body(link(10), link(20), guard(30)));
    #[lowered]
    async fn body(a: Link, Link { guard, other: b }: Link, c: Guard) -> i64 {
        let n = a.close(40).await;
        let m = spend(b, c.id()).await;
        n + m + pause(guard.id()).await
    }
}

enum Order {
    Close(Link),
    Ask(Link),
    Nothing,
}

impl Order {
    #[expect(dead_code, reason = "the oracle has its own")]
    fn id(&self) -> i64 {
        match self {
            Order::Close(link) | Order::Ask(link) => link.guard.id(),
            Order::Nothing => 0,
        }
    }
}

differential! {
    bound_by_a_pattern = task(body(Order::Close(link(10)))), task(body(Order::Ask(link(20)))), task(body(Order::Nothing));
    #[lowered]
    async fn body(order: Order) -> i64 {
        let _g = guard(1);
        let n = match order {
            Order::Close(it) => it.close(30).await,
            Order::Ask(it) => it.ask(40).await,
            Order::Nothing => 0,
        };
        n + pause(2).await
    }
}

differential! {
    ends_with_an_error = task(body(true)), task(body(false));
    #[lowered]
    async fn body(fails: bool) -> Result<i64, i64> {
        let it = link(10);
        let _g = guard(1);
        let n = it.result(fails).await?;
        Ok(n + pause(2).await)
    }
    trait Fails {
        async fn result(self, fails: bool) -> Result<i64, i64>;
    }
    impl Fails for Link {
        async fn result(self, fails: bool) -> Result<i64, i64> {
            let n = pause(5).await;
            if fails { Err(n) } else { Ok(n) }
        }
    }
}

impl Link {
    fn build(self) -> i64 {
        ev(self.guard.id())
    }

    fn look(&self) -> i64 {
        ev(self.other.id())
    }

    fn unlink(self) -> Guard {
        let Link { guard, other: _other } = self;
        guard
    }
}

macro_rules! unlinked {
    ($link:expr) => {
        $link.unlink()
    };
}

differential! {
    used_up_by_a_statement = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _before = guard(1);
        let it = link(10);
        let _after = guard(2);
        it.build();
        let _last = guard(3);
        pause(4).await
    }
}

differential! {
    only_looked_at_by_a_statement = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _before = guard(1);
        let it = link(10);
        let _after = guard(2);
        it.look();
        let _last = guard(3);
        pause(4).await
    }
}

differential! {
    used_up_for_what_is_kept = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = link(10);
        let b = link(20);
        let n = b.look();
        let _g = guard(1);
        let unlinked = a.unlink();
        n + pause(2).await + unlinked.id()
    }
}

differential! {
    used_up_by_a_macro = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = link(10);
        let _g = guard(1);
        let mut unlinked = unlinked!(a);
        let mut m: i64 = 1;
        let c = link(30);
        if odd(5) {
            m += 5;
            c.build();
        }
        let d = link(40);
        let n = m + d.ask({ m += 1; m }).await + m;
        let n = n + unlinked.renumber(11);
        n + pause(2).await + unlinked.id()
    }
}

differential! {
    used_up_in_branches = task(body(0)), task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let a = link(10);
        let mut b = guard(1);
        let mut m = 5;
        if n == 0 {
            m += 1;
            a.build();
        } else if n == 1 {
            let _h = guard(30);
            a.look();
            pause(b.renumber(m)).await;
        }
        let _c = guard(40);
        pause(m + n).await + b.id()
    }
}

differential! {
    used_up_in_a_loop = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut sum = 0;
        for n in 0..3 {
            let a = link(10 * n);
            let _g = guard(n);
            if odd(n) {
                a.build();
            }
            sum += pause(n).await;
        }
        sum
    }
}

impl Link {
    fn check(self, fails: bool) -> Result<i64, Oops> {
        if fails { Err(Oops(ev(self.guard.id()))) } else { Ok(ev(self.other.id())) }
    }
}

differential! {
    used_up_before_a_question_mark = task(body(true, false)), task(body(false, true)), task(body(false, false));
    #[lowered]
    async fn body(first: bool, second: bool) -> Result<i64, Oops> {
        let _before = guard(1);
        let a = link(10);
        let b = link(20);
        let _after = guard(2);
        a.check(first)?;
        let _h = guard(3);
        let n = b.check(second)?;
        Ok(pause(4).await + n)
    }
}

differential! {
    used_up_for_what_is_awaited_next = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = link(10);
        let _g = guard(1);
        let unlinked = unlinked!(a);
        let n = pause(unlinked.id()).await;
        let _h = guard(2);
        n + pause(3).await
    }
}

differential! {
    used_up_in_what_is_formatted = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = guard(10);
        let b = link(20);
        let _g = guard(1);
        let text = format!("{} {n}", consume(a), n = b.guard.id());
        let n = pause(text.len() as i64).await;
        println!("{}", consume(b.guard));
        n + pause(3).await
    }
}

differential! {
    called_once = task(body(Box::new(ev), Box::new(pause)));
    #[lowered]
    async fn body(
        now: Box<dyn FnOnce(i64) -> i64>,
        later: Box<dyn FnOnce(i64) -> std::pin::Pin<Box<dyn Future<Output = i64>>>>,
    ) -> i64 {
        let _g = guard(1);
        let n = now(2);
        let m = later(n).await;
        m + pause(3).await
    }
    fn pause(n: i64) -> std::pin::Pin<Box<dyn Future<Output = i64>>> {
        Box::pin(segue_tests::effects::pause(n))
    }
}

differential! {
    under_a_cfg_that_takes_it_away = task(body());
    #[lowered]
    async fn body() -> i64 {
        let it = link(10);
        let mut n = 1;
        #[cfg(not(all()))]
        it.look();
        #[cfg(not(all()))]
        let mut n = it.look();
        #[cfg(all())]
        it.look();
        n += pause(2).await;
        n
    }
}

differential! {
    built_under_one_name = task(body(guard(1)));
    #[lowered]
    async fn body(held: Guard) -> i64 {
        for n in 0..2 {
            let made = Made { held: guard(n), sum: n };
            let made = made.with(3);
            let made = made.with(4);
            ev(made.send(&held).await);
        }
        pause(5).await
    }
    struct Made { held: Guard, sum: i64 }
    impl Made {
        fn with(mut self, n: i64) -> Made { self.sum += n; self }
        async fn send(self, other: &Guard) -> i64 { pause_holding(self.held, add(self.sum, other.id())).await }
    }
}
