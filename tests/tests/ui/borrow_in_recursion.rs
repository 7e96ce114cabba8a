//! A borrow of a local is held while the function calls itself: its frames may move.

#[segue::coroutine(yield = u32)]
fn numbers(depth: u32) {
    let mut total = depth;
    let held = &mut total;
    yield_!(*held);
    if depth > 0 {
        yield_from!(numbers(depth - 1));
    }
    *held += 1;
    yield_!(*held);
}

fn main() {}
