//! A bare `join!` whose operand makes a temporary value: the macros of futures and of tokio drop it at different times.

#![allow(unused_imports)]

use std::cell::RefCell;
use std::future::ready;

use tokio::join;

#[segue::coroutine]
async fn both(n: &RefCell<u32>) -> u32 {
    let (a, b) = join!(ready(n.borrow().count_ones()), ready(2));
    a + b
}

fn main() {}
