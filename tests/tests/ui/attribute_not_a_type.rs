//! An argument that isn't a type.

#[segue::coroutine(yield = 3)]
fn numbers() {
    yield_!(1);
}

fn main() {}
