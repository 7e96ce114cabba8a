//! Mistakes in a function with a loan are told once, where they are made.

#[segue::coroutine(yield = usize)]
fn wrong(text: String) -> usize {
    for word in text.split(' ') {
        yield_!(word);
    }
    let number: u32 = text.len();
    yield_!(text.missing());
    takes(text.as_str());
    if text.is_empty() {
        return "none";
    }
    text
}

fn takes(_: usize) {}

fn main() {}
