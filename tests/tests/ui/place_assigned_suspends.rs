//! A place in a pattern that is assigned to suspends.

#[segue::coroutine(yield = usize, resume = usize)]
fn numbers(mut list: Vec<u32>) {
    let mut other = 0;
    (list[yield_!(0)], other) = (1, 2);
}

fn main() {}
