//! A borrow of a local is yielded.

#[segue::coroutine(yield = &'static str)]
fn names() {
    let name = String::from("one");
    yield_!(&name);
}

fn main() {}
