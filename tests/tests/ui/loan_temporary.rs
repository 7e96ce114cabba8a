//! What is borrowed is only a temporary.

#[segue::coroutine(yield = usize)]
fn words() {
    let own = String::from("one two");
    let words = own.split(' ');
    let first = String::from("three").as_str();
    yield_!(words.count());
    yield_!(first.len());
    yield_!(own.len());
}

fn main() {}
