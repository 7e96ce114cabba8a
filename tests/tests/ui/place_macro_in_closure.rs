//! A suspension in a macro that stands in a closure.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers() {
    let show = || println!("{}", yield_!(1));
    show();
}

fn main() {}
