//! A suspension in a chain of `let` conditions of a loop.

#[segue::coroutine(yield = u32, resume = Option<u32>)]
fn numbers(first: Option<u32>) {
    while let Some(first) = first
        && let Some(_) = yield_!(first)
    {}
}

fn main() {}
