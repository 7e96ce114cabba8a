//! What rustc cannot parse is told by rustc alone.

#[segue::coroutine(yield = u32)]
fn numbers() {
    let x = ;
    yield_!(1);
}
fn main() { for n in numbers() { println!("{n}"); } }
