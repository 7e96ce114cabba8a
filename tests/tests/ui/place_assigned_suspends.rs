//! The place that a value goes to suspends.

#[segue::coroutine(yield = usize, resume = usize)]
fn numbers(mut list: Vec<u32>) {
    list[yield_!(0)] = 1;
}

fn main() {}
