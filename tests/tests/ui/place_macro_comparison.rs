//! A suspension in the message of a comparison.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers(one: u32) {
    assert_eq!(one, 1, "{}", yield_!(1));
}

fn main() {}
