//! The place that a sent value goes to is computed.

fn slot(list: &mut Vec<u32>) -> &mut u32 {
    &mut list[0]
}

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers(mut list: Vec<u32>) {
    *slot(&mut list) += yield_!(1);
}

fn main() {}
