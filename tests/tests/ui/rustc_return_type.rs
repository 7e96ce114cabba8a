//! What is returned has another type.

#[segue::coroutine(yield = u32)]
fn numbers() -> u32 {
    yield_!(1);
    "done"
}

fn main() {}
