//! The attribute on a closure.

fn main() {
    let _numbers = #[segue::coroutine(yield = u32)] || { yield_!(1); };
}
