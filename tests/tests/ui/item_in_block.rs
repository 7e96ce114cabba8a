//! An item in an inner block that suspends, of a name that means something else outside of it.

#[segue::coroutine(yield = u32)]
fn numbers() {
    const STEP: u32 = 3;
    yield_!(STEP);
    for number in 0..3 {
        const STEP: u32 = 2;
        yield_!(number * STEP);
    }
}

fn main() {}
