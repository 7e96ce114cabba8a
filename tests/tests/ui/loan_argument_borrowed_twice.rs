//! What an argument refers to is borrowed, and changed by its own name.

#[segue::coroutine(yield = usize)]
fn grows(list: &mut Vec<usize>) {
    for item in list.iter() {
        yield_!(*item);
        list.push(1);
    }
}

fn main() {}
