//! A borrow of a local is returned, which is kept over a suspension before.

#[segue::coroutine(yield = usize)]
fn longest<'a>(text: &'a str) -> &'a str {
    let own = text.to_uppercase();
    let word = own.as_str();
    yield_!(word.len());
    if own.len() > 3 {
        return word;
    }
    text
}

fn main() {}
