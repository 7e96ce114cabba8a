//! The caller sends a value of another type.

use segue::Coroutine;

#[segue::coroutine(yield = u32, resume = i64)]
fn numbers() {
    yield_!(1);
}

fn main() {
    let mut numbers = numbers();
    numbers.start();
    numbers.resume("two");
}
