//! The value of the loop that a function ends in has another type.

#[segue::coroutine(yield = u32, resume = u32)]
fn run() -> String {
    loop {
        let n = yield_!(1);
        if n > 3 {
            break n;
        }
    }
}
fn main() {}
