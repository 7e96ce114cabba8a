//! A `for` loop over a number.

#[segue::coroutine(yield = u32)]
fn run() {
    for n in 3 {
        yield_!(n);
    }
}
fn main() {}
