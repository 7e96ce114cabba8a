//! The attribute twice on one function.

#[segue::coroutine(yield = u32)]
#[segue::coroutine(yield = u32)]
fn numbers() { yield_!(1); }
fn main() {}
