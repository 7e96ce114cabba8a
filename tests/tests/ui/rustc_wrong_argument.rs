//! A method that doesn't exist on a variable that was held across a suspension.

#[segue::coroutine(yield = usize)]
fn numbers(list: Vec<u32>) {
    yield_!(1);
    yield_!(list.length());
}

fn main() {}
