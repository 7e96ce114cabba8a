//! What is delegated to yields a borrow of a local, which would outlive the coroutine.

#[segue::coroutine(yield = &'a str)]
fn child<'a>(text: &'a str) {
    yield_!(text);
}

#[segue::coroutine(yield = &str)]
fn parent(text: &str) {
    let own = text.to_uppercase();
    yield_from!(child(&own));
}

fn main() {}
