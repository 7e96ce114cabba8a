//! `yield_!` in a function that doesn't say what it yields.

#[segue::coroutine]
fn numbers() {
    yield_!(1);
}

fn main() {}
