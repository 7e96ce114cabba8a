//! `select!` and `select_biased!` of futures, and tokio's `select!`: their arms are code of the function.

use futures::FutureExt;
use futures::future::{Fuse, FusedFuture};
use segue_tests::prelude::*;

async fn maybe(n: i64, times: i64) -> Option<Guard> {
    let _l = guard(70);
    for _ in 0..times {
        pause(n).await;
    }
    keep_if(guard(n), n)
}

differential! {
    first_of_two = task(body(1, 2)), task(body(2, 1)), task(body(2, 2));
    #[lowered]
    async fn body(n: i64, m: i64) -> i64 {
        let _o = guard(1);
        tokio::select! {
            biased;
            g = wait(guard(2), n) => consume(g),
            g = wait(guard(3), m) => {
                let h = guard(4);
                add(g.id(), pause_holding(h, 5).await)
            }
        }
    }
}

differential! {
    losers_are_dropped_before_the_arm = task(body());
    #[lowered]
    async fn body() -> i64 {
        let n = tokio::select! {
            biased;
            _ = pause_holding(guard(1), 6) => 1,
            _ = wait(guard(2), 1) => {
                ev(3);
                pause(4).await
            }
            n = pause_holding(guard(5), 7) => n,
        };
        let mut a = Box::pin(wait(guard(1), 3).fuse());
        let m = futures::select_biased! {
            _ = a => ev(6),
            _ = Box::pin(wait(guard(7), 1).fuse()) => pause(8).await,
            g = Box::pin(wait(guard(9), 2).fuse()) => g.id(),
        };
        add(n, add(m, a.await.id()))
    }
}

differential! {
    arms_leave = task(body(1)), task(body(2)), task(body(3)), task(body(4)), task(body(9));
    #[lowered]
    async fn body(n: i64) -> Result<i64, Oops> {
        let g = guard(1);
        let mut sum = 0;
        'outer: loop {
            for i in 0..4 {
                let _l = guard(2);
                let got = tokio::select! {
                    biased;
                    Some(g) = maybe(n, i) => match n {
                        1 => return Ok(consume(g)),
                        2 => break,
                        _ => {
                            pause(5).await;
                            attempt(g.id())?
                        }
                    },
                    h = wait(guard(6), 2) => {
                        if n == 4 {
                            continue;
                        }
                        drop(h);
                        break 'outer;
                    }
                };
                sum = add(sum, got);
            }
            sum = add(sum, pause(7).await);
            if sum > 10 || !fuel() {
                break;
            }
        }
        Ok(add(sum, g.id()))
    }
}

differential! {
    patterns_may_not_match = task(body(1)), task(body(2)), task(body(3)), task(body(4));
    #[lowered]
    async fn body(n: i64) -> i64 {
        tokio::select! {
            biased;
            Some(g) = maybe(n, 1) => consume(g),
            Ok(g) | Err(g) = async { if odd(n) { Ok(wait(guard(5), n).await) } else { Err(guard(6)) } } => {
                g.plus(7)
            }
            Some(mut g) = maybe(n, 3) => g.renumber(6),
            (2 | 3, x @ 1..=5) = async { (pause(n).await, pause(4).await) } => pause(x).await,
            else => pause(8).await,
        }
    }
}

differential! {
    none_is_left = task(body(false)), task(body(true));
    #[lowered]
    async fn body(last: bool) -> i64 {
        tokio::select! {
            biased;
            Some(3) = async { pause(1).await; Some(4) } => 1,
            Err(g) = async { Ok::<Guard, Guard>(wait(guard(2), 2).await) }, if last => g.id(),
        }
    }
}

differential! {
    preconditions = task(body(1)), task(body(2)), task(body(3)), task(body(4));
    #[lowered]
    async fn body(n: i64) -> Result<i64, Oops> {
        let mut g = guard(1);
        let k = tokio::select! {
            biased;
            k = renumber_later(&mut g, 5), if n > 1 && pause(6).await > 2 => k,
            h = wait(guard(2), ev(1)), if attempt(n)? > 1 => h.id(),
            _ = wait(guard(3), 4), if odd(guard(n).plus(7)) => pause(8).await,
            else => ev(9),
        };
        Ok(add(g.id(), k))
    }
}

differential! {
    arms_use_what_the_futures_borrow = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut from = source(1);
        let mut bytes = buffer(2);
        let mut g = guard(3);
        let mut n = 0;
        while from.count() < 3 && fuel() {
            tokio::select! {
                biased;
                got = from.read(&mut bytes) => {
                    n = add(n, got.unwrap_or(1));
                    bytes = buffer(pause(from.count()).await);
                }
                m = renumber_later(&mut g, 7) => {
                    g = guard(m);
                }
            }
        }
        add(n, bytes.sum()) + consume(g)
    }
}

differential! {
    futures_in_variables_go_on = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let mut slow = Box::pin(look(&g, 2));
        let mut sum = 0;
        loop {
            let quick = wait(guard(3), 1);
            tokio::select! {
                biased;
                n = &mut slow => break add(sum, n),
                h = quick => sum = add(sum, pause(h.id()).await),
            }
            ev(sum);
        }
    }
}

differential! {
    selects_in_a_loop_until_complete = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut a = Box::pin(wait(guard(1), 1).fuse());
        let mut b = Box::pin(wait(guard(2), 3).fuse());
        let mut done = Fuse::<std::future::Ready<i64>>::terminated();
        let mut sum = 0;
        loop {
            let n = futures::select_biased! {
                g = a => g.id(),
                n = done => n,
                g = b => {
                    done.set_ready(g.id());
                    pause(g.id()).await
                }
                complete => break,
            };
            sum = add(sum, n);
        }
        add(sum, a.is_terminated() as i64)
    }
    trait SetReady {
        fn set_ready(&mut self, n: i64);
    }
    impl SetReady for Fuse<std::future::Ready<i64>> {
        fn set_ready(&mut self, n: i64) {
            *self = std::future::ready(n).fuse();
        }
    }
}

differential! {
    default_does_not_wait = task(body());
    #[lowered]
    async fn body() -> Result<i64, Oops> {
        let mut slow = Box::pin(wait(guard(1), 2).fuse());
        let mut tries = 0;
        loop {
            futures::select! {
                g = slow => break Ok(add(tries, g.id())),
                default => {
                    tries = add(tries, 1);
                    pause(attempt(tries)?).await;
                }
            }
        }
    }
}

differential! {
    one_ready_of_many = task(body());
    #[lowered]
    async fn body() -> i64 {
        let n = futures::select! {
            g = Box::pin(wait(guard(1), 1).fuse()) => consume(g),
            () = std::future::pending().fuse() => 2,
        };
        let m = tokio::select! {
            n = std::future::pending() => n,
            g = wait(guard(1), 1) => consume(g),
            () = std::future::pending() => 2,
        };
        add(n, m)
    }
}

differential! {
    imported_by_name = task(body());
    use tokio::select;
    #[lowered]
    async fn body() -> i64 {
        let mut g = guard(1);
        let n = select! {
            n = renumber_later(&mut g, 3) => n,
            () = std::future::pending() => 2,
        };
        let m = select! {
            biased;
            h = wait(guard(4), n) => h.id(),
            _ = pause(5) => 6,
        };
        add(g.id(), add(m, n))
    }
}

differential! {
    what_operands_make = task(body());
    #[lowered]
    async fn body() -> i64 {
        let n = tokio::select! {
            biased;
            n = pause(guard(1).plus(2)) => n,
            m = pause_holding(guard(3), guard(4).plus(pause(1).await)) => m,
        };
        futures::select_biased! {
            g = Box::pin(wait(guard(5), guard(6).plus(1)).fuse()) => g.id(),
            m = pause_holding(guard(7), guard(8).plus(n)).fuse() => m,
        }
    }
}

differential! {
    what_is_not_taken_of_an_output = task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let m = tokio::select! {
            biased;
            (a, _) = async { (wait(guard(1), n).await, guard(2)) } => pause_holding(a, 3).await,
            (_, ref b) = async { (guard(4), wait(guard(5), 1).await) } => b.id(),
            _ = wait(guard(6), 3) => pause(7).await,
        };
        ev(m);
        m
    }
}

differential! {
    selects_in_arms = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        tokio::select! {
            biased;
            n = look(&g, 2) => tokio::select! {
                biased;
                m = look(&g, n) => futures::join!(look(&g, m), pause(n)).0,
                h = wait(guard(3), 1) => consume(h),
            },
            h = wait(guard(4), 4) => consume(h),
        }
    }
}

differential! {
    panics_in_one = task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let g = guard(1);
        let m = tokio::select! {
            biased;
            n = look(&g, 2), if n == 2 => n,
            n = bomb(guard(8)) => n,
            h = wait(guard(3), 4) => h.id(),
        };
        assert!(odd(m + m), "after it");
        futures::select_biased! {
            n = bomb(guard(8)).fuse() => n,
            h = Box::pin(wait(guard(3), 4).fuse()) => h.id(),
        }
    }
}

differential! {
    in_async_generators = stream(body());
    #[lowered(yield = i64)]
    async fn body() {
        let mut g = guard(1);
        for i in 0..3 {
            tokio::select! {
                biased;
                h = wait(guard(i), 1), if i != 1 => {
                    yield_!(h.id());
                    if i == 2 { return }
                }
                n = renumber_later(&mut g, i) => {
                    yield_!(n);
                    yield_!(g.id());
                }
            }
        }
    }
}

differential! {
    segues_own = task(body(1)), task(body(2)), task(body(3)), task(body(4)), task(body(9));
    #[lowered]
    async fn body(n: i64) -> Result<i64, Oops> {
        let mut g = guard(1);
        let mut slow = Box::pin(wait(guard(2), 5));
        let mut sum = 0;
        for i in 0..4 {
            let got = segue::select! {
                Some(h) = maybe(n, i), if n != 4 => match n {
                    1 => return Ok(consume(h)),
                    2 => break,
                    _ => {
                        pause(5).await;
                        attempt(h.id())?
                    }
                },
                k = renumber_later(&mut g, i), if odd(guard(i).plus(3)) => add(k, pause(g.id()).await),
                h = &mut slow => {
                    if n == 4 {
                        continue;
                    }
                    h.id()
                }
                (a, _) = async { (wait(guard(6), 2).await, guard(7)) } => pause_holding(a, 3).await,
                else => ev(8),
            };
            sum = add(sum, got);
        }
        Ok(add(sum, g.id()))
    }
}

differential! {
    segues_own_without_branches = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _g = guard(1);
        let n = segue::select! {
            n = pause(guard(2).plus(3)) => n,
            m = pause_holding(guard(4), guard(5).plus(pause(1).await)) => m,
        };
        segue::select! {
            Some(_) = maybe(n, 2), if n > 2 => 1,
            n = bomb(guard(8)), if n == 0 => n,
        }
    }
}

/// Only becomes a future, as `select!` says.
struct Later(i64);

impl std::future::IntoFuture for Later {
    type Output = Option<Guard>;
    type IntoFuture = std::pin::Pin<Box<dyn std::future::Future<Output = Option<Guard>>>>;

    fn into_future(self) -> Self::IntoFuture {
        ev(self.0);
        Box::pin(maybe(self.0, 1))
    }
}

differential! {
    what_is_tested_becomes_a_future_later = task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        tokio::select! {
            biased;
            Some(g) = Later(ev(n)) => pause(consume(g)).await,
            Some(g) = maybe(ev(4), 2) => consume(g),
            else => ev(6),
        }
    }
}

struct Wire {
    held: Guard,
}

impl Wire {
    async fn read(&mut self, n: &Guard) -> i64 {
        let n = pause(n.id()).await;
        self.held.renumber(n)
    }

    fn try_read<'w>(&'w mut self, n: &Guard) -> impl Future<Output = Option<i64>> + use<'w> {
        let n = n.id();
        async move {
            let n = pause(n).await;
            (n & 1 == 0).then(|| self.held.renumber(n))
        }
    }
}

differential! {
    arms_use_again_what_the_futures_had = task(body(1, Wire { held: guard(1) }, Wire { held: guard(2) }));
    #[lowered]
    async fn body(n: i64, mut one: Wire, mut other: Wire) -> i64 {
        let mut m = n;
        for _ in 0..3 {
            tokio::select! {
                biased;
                Some(k) = one.try_read(&guard(3)) => m = add(k, other.read(&guard(m)).await),
                k = other.try_read(&guard(4)) => m = add(one.read(&guard(m)).await, k.unwrap_or(m)),
            }
        }
        add(m, add(one.held.id(), other.held.id()))
    }
}
