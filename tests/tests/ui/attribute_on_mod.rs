//! The attribute on a module.

#[segue::coroutine(yield = u32)]
mod numbers { pub fn x() {} }
fn main() {}
