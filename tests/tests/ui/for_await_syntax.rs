//! `for_await!` that isn't a loop.

use segue::Stream;

#[segue::coroutine]
async fn all(stream: impl Stream<Item = u32> + Unpin, other: impl Stream<Item = u32> + Unpin) {
    for_await!(stream);
    for_await!(n of other { drop(n) });
}

#[segue::coroutine]
async fn more(stream: impl Stream<Item = u32> + Unpin) {
    for_await!(n in stream { drop(n) }, 1);
}

fn main() {}
