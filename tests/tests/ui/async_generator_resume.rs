//! An async generator is sent values.

#[segue::coroutine(yield = u32, resume = u32)]
async fn numbers() {
    yield_!(1);
}

fn main() {
    let _ = numbers();
}
