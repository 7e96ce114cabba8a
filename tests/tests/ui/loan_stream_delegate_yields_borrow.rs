//! The same of a stream.

#[segue::coroutine(yield = &'a str)]
async fn child<'a>(text: &'a str) {
    yield_!(text);
}

#[segue::coroutine(yield = &str)]
async fn parent(text: &str) {
    let own = text.to_uppercase();
    yield_from!(child(&own));
}

fn main() {}
