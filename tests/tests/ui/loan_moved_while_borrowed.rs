//! A local is moved, or dropped, while another borrows it.

#[segue::coroutine(yield = usize)]
fn moves(list: Vec<usize>) {
    let first = &list[0];
    yield_!(*first);
    drop(list);
    yield_!(*first);
}

fn main() {}
