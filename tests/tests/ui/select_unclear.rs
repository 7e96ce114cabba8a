//! A bare `select!` of futures in variables: the one of futures borrows them, the one of tokio moves them.

#![allow(unused_imports)]

use std::future::Ready;

use futures::select;

#[segue::coroutine]
async fn first(one: Ready<u32>, other: Ready<u32>) -> u32 {
    select! {
        n = one => n,
        m = other => m,
    }
}

fn main() {}
