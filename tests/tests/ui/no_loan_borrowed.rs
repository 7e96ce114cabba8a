//! `no_loan` of what is borrowed across a suspension.

#[segue::coroutine(yield = u32, no_loan(numbers))]
fn each(numbers: Vec<u32>) {
    for number in &numbers {
        yield_!(*number);
    }
}

fn main() {}
