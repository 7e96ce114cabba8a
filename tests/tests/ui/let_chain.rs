//! A suspension in a chain of `let` conditions.

#[segue::coroutine(yield = u32, resume = Option<u32>)]
fn numbers(first: Option<u32>) {
    if let Some(first) = first
        && let Some(second) = yield_!(first)
    {
        yield_!(second);
    }
}

fn main() {}
