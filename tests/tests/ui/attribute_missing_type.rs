//! An argument without its type.

#[segue::coroutine(yield)]
fn numbers() {
    yield_!(1);
}

fn main() {}
