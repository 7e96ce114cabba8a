//! A name that doesn't exist.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_!(first);
}

fn main() {}
