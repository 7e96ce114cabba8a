//! A suspension in a closure.

#[segue::coroutine(yield = u32)]
fn numbers(list: Vec<u32>) {
    list.iter().for_each(|number| yield_!(*number));
}

fn main() {}
