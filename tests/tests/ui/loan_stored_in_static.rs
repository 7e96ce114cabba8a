//! A borrow of a local is put into what outlives everything.

use std::cell::Cell;

thread_local!(static LAST: Cell<&'static str> = const { Cell::new("") });

#[segue::coroutine(yield = usize)]
fn words() {
    let own = String::from("one");
    let word = own.as_str();
    yield_!(1);
    LAST.set(word);
    yield_!(word.len());
}

fn main() {}
