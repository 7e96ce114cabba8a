//! The attribute on a whole trait.

#[segue::coroutine(yield = u32)]
trait Numbers { fn numbers(&self); }
fn main() {}
