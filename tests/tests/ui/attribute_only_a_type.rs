//! The type that is yielded without the word; the function is used as it is meant.

#[segue::coroutine(u32)]
fn numbers() { yield_!(1); }
fn main() { for n in numbers() { println!("{n}"); } }
