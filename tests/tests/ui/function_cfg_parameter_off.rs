//! A parameter under a `cfg` that leaves it out.

#[segue::coroutine(yield = u32)]
fn numbers(first: u32, #[cfg(not(any(unix, windows)))] second: u32) {
    yield_!(first);
}

fn main() {
    for number in numbers(1) {
        println!("{number}");
    }
}
