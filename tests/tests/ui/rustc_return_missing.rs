//! The value that is returned is missing.

#[segue::coroutine(yield = u32)]
fn numbers() -> u32 {
    yield_!(1);
}

fn main() {}
