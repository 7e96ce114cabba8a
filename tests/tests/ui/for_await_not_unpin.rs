//! `for_await!` goes through a stream that must be pinned, and through what is no stream.

use segue::Stream;

#[segue::coroutine]
async fn sum(numbers: impl Stream<Item = u32>) -> u32 {
    let mut sum = 0;
    for_await!(n in numbers {
        sum += n;
    });
    for_await!(n in [1, 2] {
        sum += n;
    });
    sum
}

fn main() {}
