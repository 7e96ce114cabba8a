//! `cfg_attr` on a `let` that suspends.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers() {
    #[cfg_attr(unix, allow(unused_variables))]
    let number = yield_!(1);
}

fn main() {}
