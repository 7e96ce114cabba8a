//! Delegation to a coroutine that yields something else.

#[segue::coroutine(yield = String)]
fn names() {
    yield_!(String::new());
}

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_from!(names());
}

fn main() {}
