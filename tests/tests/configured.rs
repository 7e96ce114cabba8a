//! What stands under a `cfg` in a body.
use segue_tests::prelude::*;

differential! {
    statements = generator(body(guard(1)));
    #[lowered(yield = i64)]
    fn body(one: Guard) -> i64 {
        #[cfg(all())]
        let two = guard(yield_one(2));
        #[cfg(any())]
        let two = absent();
        yield_!(two.id());
        #[cfg(any())]
        absent!(two);
        #[cfg(all())]
        drop(one);
        #[cfg(all())]
        yield_!(3);
        #[cfg(not(all()))]
        yield_!(4);
        5
    }

    fn yield_one(n: i64) -> i64 {
        n
    }
}

differential! {
    values_of_blocks = task(body(guard(1)));
    #[lowered]
    async fn body(one: Guard) -> i64 {
        let n = {
            #[cfg(any())]
            {
                absent(one).await
            }
            #[cfg(not(any()))]
            {
                pause_holding(one, 2).await
            }
        };
        #[cfg(all())]
        if odd(n) {
            pause(n).await;
        }
        #[cfg(all())]
        return pause(4).await;
        #[cfg(not(all()))]
        n
    }
}

differential! {
    arms_and_fields = task(body(Some(guard(1)))), task(body(None));
    #[lowered]
    async fn body(held: Option<Guard>) -> i64 {
        let n = match held {
            #[cfg(any())]
            Some(absent) => absent(absent).await,
            #[cfg(all())]
            Some(one) => pause_holding(one, 2).await,
            None => 3,
        };
        let pair = Pair {
            left: guard(pause(4).await),
            #[cfg(any())]
            right: absent().await,
            #[cfg(all())]
            right: guard(5),
        };
        let Pair {
            #[cfg(any())]
            absent,
            left,
            #[cfg(all())]
            right,
        } = pair;
        pause(n).await + left.id() + right.id()
    }
}

differential! {
    in_loops_and_methods = generator(Counter(3).down());

    struct Counter(i64);

    impl Counter {
        /// Its documentation, and what else is written before it.
        #[lowered(yield = i64)]
        #[allow(dead_code)]
        fn down(mut self) -> i64 {
            while self.0 > 0 {
                #[cfg(all())]
                yield_!(self.0);
                #[cfg(any())]
                break;
                self.0 -= 1;
            }
            #[cfg(any())]
            fn inner() {
                absent();
            }
            self.0
        }
    }
}
