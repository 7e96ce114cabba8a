//! An item in an inner block that suspends.

#[segue::coroutine(yield = u32)]
fn numbers() {
    for number in 0..3 {
        const STEP: u32 = 2;
        yield_!(number * STEP);
    }
}

fn main() {}
