//! A value that is made to be looked at, in an `if let` with an `else`.

use std::sync::Mutex;

#[segue::coroutine(yield = u32)]
fn numbers(list: Mutex<Vec<u32>>) {
    if let Some(last) = list.lock().unwrap().pop() {
        yield_!(last);
    } else {
        yield_!(0);
    }
}

fn main() {}
