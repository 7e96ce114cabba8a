//! A crate that forbids `unsafe` is told of a block that suspends, once, where it stands.
#![forbid(unsafe_code)]

#[segue::coroutine(yield = u32)]
fn numbers(first: *const u32) {
    unsafe {
        yield_!(*first);
        yield_!(*first + 1);
    }
}

fn main() {}
