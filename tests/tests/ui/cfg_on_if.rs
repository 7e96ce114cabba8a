//! `cfg` on an `if` that suspends.

#[segue::coroutine(yield = u32)]
fn numbers(more: bool) {
    #[cfg(unix)]
    if more {
        yield_!(1);
    }
    #[cfg(unix)]
    println!("one");
}

fn main() {}
