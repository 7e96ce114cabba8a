//! A borrow of a local is put where an argument refers to.

#[segue::coroutine(yield = usize)]
fn collect<'a>(all: &mut Vec<&'a str>) {
    let own = String::from("one");
    let word = own.as_str();
    yield_!(1);
    all.push(word);
    yield_!(own.len());
}

fn main() {}
