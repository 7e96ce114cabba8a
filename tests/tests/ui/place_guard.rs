//! A suspension in the guard of a match arm.

#[segue::coroutine(yield = u32, resume = bool)]
fn numbers(first: u32) {
    match first {
        number if yield_!(number) => {}
        _ => {}
    }
}

fn main() {}
