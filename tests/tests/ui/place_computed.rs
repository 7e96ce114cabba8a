//! A place that is computed before a suspension and used after it.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers(mut list: Vec<Vec<u32>>, at: usize) {
    list[at + 1].push(yield_!(1));
}

fn main() {}
