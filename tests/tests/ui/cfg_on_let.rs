//! `cfg` on a `let` that suspends.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers() {
    #[cfg(unix)]
    let _number = yield_!(1);
}

fn main() {}
