#[segue::coroutine(yield = usize)]
fn child(names: Vec<String>) -> usize {
    let mut longest = 0;
    for name in names {
        longest = longest.max(name.len());
        yield_!(name.len());
    }
    longest
}

/// A coroutine first, an iterator after it.
#[segue::coroutine(yield = usize)]
fn parent(names: Vec<String>) -> usize {
    let longest = yield_from!(child(names));
    yield_from!(0..longest);
    longest
}
