//! What rustc cannot parse is told by rustc alone, in the signature too.

#[segue::coroutine(yield = u32)]
fn numbers() -> {
    yield_!(1);
}
fn main() { for n in numbers() { println!("{n}"); } }
