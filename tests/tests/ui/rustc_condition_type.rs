//! What is sent is a condition, and no `bool`.

#[segue::coroutine(yield = u32, resume = u32)]
fn run() {
    if yield_!(1) {
        yield_!(2);
    }
    while yield_!(3) {}
}
fn main() {}
