//! An iterator over a local is held across a suspension.

#[segue::coroutine(yield = u32)]
fn numbers() {
    let list = vec![1, 2, 3];
    for number in list.iter() {
        yield_!(*number);
    }
}

fn main() {}
