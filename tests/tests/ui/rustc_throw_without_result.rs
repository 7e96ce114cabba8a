//! An error is thrown into a coroutine that isn't sent `Result`s.

use segue::{Coroutine, Throw};

#[segue::coroutine(yield = u32, resume = i64)]
fn numbers() {
    yield_!(1);
}

fn main() {
    let mut numbers = numbers();
    numbers.start();
    numbers.throw("stop");
}
