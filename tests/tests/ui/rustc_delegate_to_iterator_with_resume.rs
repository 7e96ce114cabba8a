//! Delegation to an iterator, which can't be sent the values.

#[segue::coroutine(yield = u32, resume = i64)]
fn numbers() {
    yield_from!(0..3);
}

fn main() {}
