//! A future that `futures::select!` can't poll by its name.

use std::future::Ready;

#[segue::coroutine]
async fn first(mut one: Ready<u32>) -> u32 {
    futures::select! {
        n = one => n,
    }
}

fn main() {}
