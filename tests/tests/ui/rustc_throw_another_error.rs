//! An error of another type is thrown.

use segue::{Coroutine, Throw};

#[segue::coroutine(yield = u32, resume = Result<i64, String>)]
fn numbers() -> Result<(), String> {
    yield_!(1)?;
    Ok(())
}

fn main() {
    let mut numbers = numbers();
    numbers.start();
    let _ = numbers.throw(7);
}
