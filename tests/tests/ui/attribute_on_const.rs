//! The attribute on a `const`.

#[segue::coroutine(yield = u32)]
const NUMBERS: u32 = 3;
fn main() {}
