//! A function that calls itself with other types, named or not, is another function each time.

use segue::Coroutine;

#[segue::coroutine(yield = usize)]
fn nested<T>(depth: usize) {
    yield_!(std::mem::size_of::<T>());
    if depth > 0 {
        yield_from!(nested::<[T; 2]>(depth - 1));
    }
}

#[segue::coroutine(yield = usize)]
fn inferred<T>(value: T, depth: usize) {
    yield_!(std::mem::size_of::<T>());
    if depth > 0 {
        yield_from!(inferred((value, depth), depth - 1));
    }
}

fn main() {
    nested::<u8>(3).start();
    inferred(1, 3).start();
}
