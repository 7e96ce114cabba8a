//! The arms of a `match` that suspends have values of different types.

#[segue::coroutine(yield = u32)]
fn run(kind: Option<u32>) -> u32 {
    let n = match kind {
        Some(n) => {
            yield_!(n);
            n
        }
        None => {
            yield_!(0);
            "none"
        }
    };
    n
}
fn main() {}
