//! `?` on something that is neither a `Result` nor an `Option`.

#[segue::coroutine(yield = u32)]
fn numbers() -> Option<()> {
    let number = 3?;
    yield_!(number);
    None
}

fn main() {}
