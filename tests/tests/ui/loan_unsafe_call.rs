//! What is unsafe needs a block that says so, beside a loan as elsewhere.

unsafe fn dangerous(text: &str) -> usize {
    text.len()
}

#[segue::coroutine(yield = usize)]
fn words(text: String) {
    for word in text.split(' ') {
        yield_!(dangerous(word));
    }
    yield_!(dangerous(&text));
}

fn main() {}
