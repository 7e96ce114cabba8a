//! What is yielded has another type.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_!("one");
}

fn main() {}
