//! `?` in an async generator.

#[segue::coroutine(yield = u32)]
async fn numbers(text: &str) {
    yield_!(text.parse()?);
}

fn main() {
    let _ = numbers("1");
}
