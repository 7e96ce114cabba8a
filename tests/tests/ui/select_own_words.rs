//! What `segue::select!` doesn't have.

#![allow(unused_imports)]

use std::future::ready;

#[segue::coroutine]
async fn first() -> u32 {
    segue::select! {
        biased;
        n = ready(1) => n,
    }
}

#[segue::coroutine]
async fn second() -> u32 {
    segue::select! {
        n = ready(1) => n,
        complete => 2,
    }
}

fn main() {}
