//! A delegation in a closure.

#[segue::coroutine(yield = u32)]
fn numbers(lists: Vec<Vec<u32>>) {
    lists.into_iter().for_each(|list| {
        yield_from!(list);
    });
}

fn main() {}
