//! `?` in a function that returns `()`.

#[segue::coroutine(yield = u32)]
fn numbers(text: String) {
    let number = text.parse::<u32>()?;
    yield_!(number);
}

fn main() {}
