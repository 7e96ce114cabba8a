//! `for_await!` in a generator.

use segue::Stream;

#[segue::coroutine(yield = u32)]
fn numbers(stream: impl Stream<Item = u32> + Unpin) {
    for_await!(n in stream { yield_!(n) });
}

fn main() {}
