//! A place that isn't a primitive's is computed, and the value that updates it suspends.

fn slot(list: &mut Vec<String>) -> &mut String {
    &mut list[0]
}

#[segue::coroutine(yield = u32, resume = &'static str)]
fn words(mut list: Vec<String>) {
    *slot(&mut list) += yield_!(1);
}

fn main() {}
