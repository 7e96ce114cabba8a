//! `break` outside of a loop.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_!(1);
    break;
}

fn main() {}
