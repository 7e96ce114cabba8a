//! What is delegated to doesn't parse.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_from!(0..3, 4);
}

fn main() {}
