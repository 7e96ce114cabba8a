//! A suspension in the arguments of a macro that isn't one of std's.

macro_rules! show {
    ($value:expr) => {
        println!("{}", $value)
    };
}

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers() {
    show!(yield_!(1));
}

fn main() {}
