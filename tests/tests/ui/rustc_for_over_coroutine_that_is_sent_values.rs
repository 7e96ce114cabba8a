//! A `for` loop over a coroutine that is sent values.

#[segue::coroutine(yield = u32, resume = u32)]
fn run() {
    loop {
        let _n = yield_!(1);
    }
}
fn main() {
    for n in run() {
        println!("{n}");
    }
}
