//! `yield_!()` in a coroutine that yields numbers.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_!();
}

fn main() {}
