//! An `unsafe` block that suspends ends where it ends: what comes after it isn't `unsafe`, nor what comes before.

unsafe fn raw() -> u32 {
    1
}

#[segue::coroutine(yield = u32)]
fn numbers(first: *const u32) {
    raw();
    let a = unsafe {
        yield_!(*first);
        raw()
    };
    yield_!(a);
    yield_!(*first);
}

fn main() {}
