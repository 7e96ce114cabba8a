//! `?` on what is sent, in a function that returns `()`.

#[segue::coroutine(yield = u32, resume = Option<u32>)]
fn numbers() {
    let number = yield_!(1)?;
    yield_!(number);
}

fn main() {}
