//! `?` on an error that can't become the function's.

#[segue::coroutine(yield = u32)]
fn numbers(text: String) -> Result<(), std::io::Error> {
    let number = text.parse::<u32>()?;
    yield_!(number);
    Ok(())
}

fn main() {}
