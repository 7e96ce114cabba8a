//! `pin!` and `pin_mut!`: what they pin lives on while the function is suspended.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures::future::{Either, FutureExt, select};
use segue_tests::prelude::*;

/// Polls once.
async fn once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

differential! {
    awaited_later = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = guard(1);
        let mut fut = pin!(look(&a, 2));
        let _b = guard(3);
        let first = once(fut.as_mut()).await;
        ev(first.is_some() as i64);
        pause(4).await;
        let n = fut.as_mut().await;
        let _c = guard(5);
        add(n, pause(a.id()).await)
    }
}

differential! {
    dropped_at_the_end_of_its_block = task(body());
    #[lowered]
    async fn body() -> i64 {
        let n = {
            let _a = guard(1);
            let fut = std::pin::pin!(wait(guard(2), 1));
            let _b = guard(3);
            let g = fut.await;
            pause(g.id()).await
        };
        ev(n);
        {
            let _a = guard(1);
            let mut fut = pin!(wait(guard(2), 3));
            let _b = guard(4);
            once(fut.as_mut()).await;
            pause(5).await;
        }
        pause(6).await
    }
}

differential! {
    never_named_again = task(body());
    #[lowered]
    async fn body() -> i64 {
        let _fut = pin!(wait(guard(1), 2));
        let _ = pin!(guard(2));
        let unused = pin!(guard(3));
        pause(unused.id()).await
    }
}

differential! {
    pin_mut_of_variables = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let a = look(&g, 2);
        let b = wait(guard(3), 2).fuse();
        futures::pin_mut!(a, b);
        ev(once(a.as_mut()).await.is_some() as i64);
        let mut sum = 0;
        loop {
            futures::select_biased! {
                h = b => sum = add(sum, h.id()),
                n = a.as_mut().fuse() => break add(sum, pause(n).await),
            }
        }
    }
}

differential! {
    tokios_pin = task(body());
    #[lowered]
    async fn body() -> i64 {
        let g = guard(1);
        let slow = look(&g, 2);
        tokio::pin!(slow);
        tokio::pin! {
            let other = wait(guard(3), 3);
            let third = wait(guard(4), 1);
        }
        let mut sum = 0;
        let mut done = false;
        loop {
            tokio::select! {
                biased;
                n = &mut slow => break sum = add(sum, n),
                h = &mut third, if !done => {
                    done = true;
                    sum = add(sum, pause(h.id()).await);
                }
                h = &mut other => sum = add(sum, h.id()),
            }
        }
        add(sum, pause(g.id()).await)
    }
}

differential! {
    in_expressions = task(body());
    #[lowered]
    async fn body() -> i64 {
        let a = guard(1);
        let n = match select(pin!(look(&a, 2)), pin!(wait(guard(3), 3))).await {
            Either::Left((n, _rest)) => n,
            Either::Right((g, rest)) => add(g.id(), rest.await),
        };
        let m = once(pin!(wait(guard(4), 2))).await.map_or(ev(9), consume);
        add(n, add(m, pin!(pause_holding(guard(5), 6)).await))
    }
}

differential! {
    in_a_loop = task(body());
    #[lowered]
    async fn body() -> Result<i64, Oops> {
        let mut sum = 0;
        for i in 0..4 {
            let g = guard(i);
            let mut fut = pin!(async { attempt(look(&g, i).await) });
            once(fut.as_mut()).await.transpose()?;
            if i == 2 {
                continue;
            }
            pause(i).await;
            let n = fut.await?;
            sum = add(sum, n);
        }
        Ok(sum)
    }
}

differential! {
    of_declared_type = task(body());
    #[lowered]
    async fn body() -> i64 {
        let pinned = guard(1);
        let mut fut: Pin<&mut dyn Future<Output = i64>> = pin!(look(&pinned, 2));
        pause(1).await;
        let n = fut.as_mut().await;
        add(n, pause(pinned.id()).await)
    }
}

differential! {
    shadowed = task(body());
    #[lowered]
    async fn body() -> i64 {
        let fut = wait(guard(1), 1);
        let fut = pin!(fut);
        pause(2).await;
        let fut = pin!(async move { consume(fut.await) });
        add(fut.await, pause(3).await)
    }
}

differential! {
    in_a_generator = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut g = pin!(guard(1));
        let _h = guard(2);
        yield_!(g.id());
        g.renumber(5);
        yield_!(g.id());
        g.id()
    }
}

differential! {
    in_an_async_generator = stream(body());
    #[lowered(yield = i64)]
    async fn body() {
        let g = guard(1);
        let mut fut = pin!(look(&g, 2));
        while once(fut.as_mut()).await.is_none() && fuel() {
            yield_!(g.id());
        }
        yield_!(7);
    }
}

differential! {
    panics_while_pinned = task(body(1)), task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let g = guard(1);
        let mut fut = pin!(async { assert!(pause(n).await != 1, "in it"); g.id() });
        let _h = guard(2);
        once(fut.as_mut()).await;
        pause(3).await;
        let m = fut.await;
        assert!(n != 2, "after it");
        m
    }
}
