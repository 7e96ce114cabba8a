//! Macros that expand to a `return`, as those of crates for errors do.

use segue_tests::prelude::*;

macro_rules! bail {
    ($error:expr) => {
        return Err(Into::into($error))
    };
}

macro_rules! ensure {
    ($cond:expr, $error:expr) => {
        if !$cond {
            return Err(Into::into($error));
        }
    };
}

differential! {
    leaves_by_bail = generator(body(0)), generator(body(1)), generator(body(2));
    #[lowered(yield = i64)]
    fn body(n: i64) -> Result<i64, Oops> {
        let _g = guard(1);
        yield_!(n);
        let m = match n {
            0 => {
                let _h = guard(2);
                bail!(Oops(ev(3)))
            }
            1 => ev(4),
            _ => bail!(Oops(5)),
        };
        yield_!(m);
        Ok(ev(6))
    }
}

differential! {
    goes_on_past_ensure = task(body(0)), task(body(1)), task(body(20));
    #[lowered]
    async fn body(n: i64) -> Result<i64, Oops> {
        let g = guard(1);
        ensure!(n > 0, Oops(ev(2)));
        let m = pause(n).await;
        {
            let _h = guard(3);
            ensure!(m + g.id() < 10, Oops(ev(m)));
            pause(4).await;
        }
        ensure!(odd(m) || true, Oops(g.id()));
        Ok(pause(5).await)
    }
}

differential! {
    in_a_loop = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Result<i64, Oops> {
        let mut sum = 0;
        loop {
            let _g = guard(sum);
            let n = yield_!(sum);
            ensure!(sum < 20, Oops(ev(n)));
            sum = add(sum, 7);
        }
    }
}
