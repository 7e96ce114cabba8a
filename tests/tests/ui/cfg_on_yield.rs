//! `cfg` on a suspension.

#[segue::coroutine(yield = u32)]
fn numbers() {
    #[cfg(unix)]
    yield_!(1);
}

fn main() {}
