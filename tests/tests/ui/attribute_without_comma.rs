//! Two arguments without a comma between them.

#[segue::coroutine(yield = u32 resume = i64)]
fn numbers() {
    yield_!(1);
}

fn main() {}
