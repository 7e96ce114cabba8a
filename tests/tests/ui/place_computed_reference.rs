//! A reference to a place that is computed before a suspension.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers(mut list: Vec<u32>, at: usize) {
    let _old = std::mem::replace(&mut list[at + 1], yield_!(1));
}

fn main() {}
