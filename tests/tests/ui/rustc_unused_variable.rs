//! A variable that is never used is told of as it is in plain code, and one that is isn't.
#![deny(warnings)]

#[segue::coroutine(yield = u32)]
fn numbers(used: u32) {
    let unused = 1;
    yield_!(used);
}

fn main() {
    numbers(1).for_each(drop);
}
