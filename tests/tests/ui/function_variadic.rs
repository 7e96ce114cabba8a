//! A variadic function.

#[segue::coroutine(yield = u32)]
fn numbers(first: u32, rest: ...) {
    yield_!(first);
}

fn main() {}
