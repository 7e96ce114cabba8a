//! A reference to what isn't `Sync` isn't `Send`, and so isn't what keeps it.

use std::cell::Cell;

#[segue::coroutine]
async fn counts() -> usize {
    let count = Cell::new(1);
    let shared = &count;
    std::future::ready(()).await;
    shared.set(2);
    count.get()
}

fn sends<T: Send>(_: T) {}

fn main() {
    sends(counts());
}
