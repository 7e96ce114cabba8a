//! A suspension in an `unsafe` block.

#[segue::coroutine(yield = u32)]
fn numbers(first: *const u32) {
    unsafe {
        yield_!(*first);
    }
}

fn main() {}
