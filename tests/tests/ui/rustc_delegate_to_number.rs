//! Delegation to something that is neither a coroutine nor an iterator.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_from!(3);
}

fn main() {}
