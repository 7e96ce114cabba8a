//! A parameter under `cfg`.

#[segue::coroutine(yield = u32)]
fn numbers(#[cfg(unix)] first: u32) {
    yield_!(first);
}

fn main() {}
