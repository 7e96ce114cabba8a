//! What is yielded doesn't parse.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_!(1 +);
}

fn main() {}
