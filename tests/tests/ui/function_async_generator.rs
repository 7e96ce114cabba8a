//! An `async fn` that yields.

#[segue::coroutine(yield = u32)]
async fn numbers() {
    yield_!(1);
}

fn main() {}
