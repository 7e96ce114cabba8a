//! A bare `select!` with a pattern that may match everything, or not.

#![allow(unused_imports)]

use std::future::Ready;

use tokio::select;

struct Point {
    x: u32,
}

#[segue::coroutine]
async fn first(wait: impl Fn() -> Ready<Point>) -> u32 {
    select! {
        Point { x } = wait() => x,
        Point { x: 1 } = wait() => 2,
    }
}

fn main() {}
