//! The bare word.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield 1;
}
fn main() {}
