//! A task that waits for another: asyncio's first example, spelled twice.
//!
//! `cargo run --example compute`
//!
//! What to see: `async fn` with `.await` and a plain `fn` with `yield_from!` become the same thing, a
//! `std::future::Future`; two of them wait side by side, so both are done after the time of one.
#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

use segue::time::sleep;

const PAUSE: Duration = Duration::from_millis(300);

#[segue::coroutine]
async fn compute(x: i64, y: i64) -> i64 {
    println!("Compute {x} + {y} ...");
    sleep(PAUSE).await;
    x + y
}

#[segue::coroutine]
async fn print_sum(x: i64, y: i64) {
    let result = compute(x, y).await;
    println!("{x} + {y} = {result}");
}

/// The same two, delegating with `yield_from!`.
mod spelled {
    use super::PAUSE;
    use segue::time::sleep;

    #[segue::coroutine]
    fn compute(x: i64, y: i64) -> i64 {
        println!("Compute {x} + {y} ...");
        yield_from!(sleep(PAUSE));
        x + y
    }

    #[segue::coroutine]
    pub(super) fn print_sum(x: i64, y: i64) {
        let result = yield_from!(compute(x, y));
        println!("{x} + {y} = {result}");
    }
}

#[segue::coroutine]
async fn both() {
    let one = segue::spawn(print_sum(1, 2));
    let other = segue::spawn(spelled::print_sum(3, 4));
    one.await.expect("no panic in it");
    other.await.expect("no panic in it");
}

fn main() {
    let begun = Instant::now();
    segue::run(both());
    println!("both after {:.1} s, each waits {:.1} s", begun.elapsed().as_secs_f64(), PAUSE.as_secs_f64());
}
