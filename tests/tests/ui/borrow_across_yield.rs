//! A borrow of a local is held across a suspension.

#[segue::coroutine(yield = u32)]
fn numbers() {
    let mut total = 1;
    let held = &mut total;
    yield_!(*held);
    *held += 1;
    yield_!(*held);
}

fn main() {}
