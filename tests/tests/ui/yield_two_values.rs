//! `yield_!` of two values, as one would call a function.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_!(1, 2);
}

fn main() {}
