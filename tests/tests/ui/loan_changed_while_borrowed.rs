//! A list grows while its items are borrowed: E0502, and E0499 of two at once.

#[segue::coroutine(yield = usize)]
fn grows(mut list: Vec<usize>) {
    for item in &list {
        yield_!(*item);
        list.push(1);
    }
    let first = &mut list[0];
    yield_!(*first);
    let second = &mut list[1];
    yield_!(*second);
    *first += 1;
}

fn main() {}
