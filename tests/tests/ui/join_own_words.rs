//! What `segue::join!` doesn't have.

#![allow(unused_imports)]

use std::future::ready;

#[segue::coroutine]
async fn both() -> u32 {
    segue::join!(biased; ready(1), ready(2)).0
}

async fn nothing() {
    segue::try_join!()
}

fn main() {}
