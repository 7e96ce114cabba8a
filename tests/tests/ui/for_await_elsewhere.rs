//! `for_await!` in a closure, and in a plain function.

use segue::{Stream, for_await};

#[segue::coroutine]
async fn all(stream: impl Stream<Item = u32> + Unpin) {
    let run = async || for_await!(n in stream { drop(n) });
    run().await;
}

fn plain(stream: impl Stream<Item = u32> + Unpin) {
    for_await!(n in stream { drop(n) });
}

fn main() {}
