//! The value that is returned is missing after a loop that may end.

#[segue::coroutine(yield = u32)]
fn numbers(limit: u32) -> u32 {
    let mut number = 0;
    while number < limit {
        yield_!(number);
        number += 1;
    }
}

fn main() {}
