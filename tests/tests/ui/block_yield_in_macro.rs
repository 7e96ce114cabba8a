//! A bare word in a macro that isn't one of std's.

use segue::generator;

macro_rules! show {
    ($value:expr) => {
        println!("{:?}", $value)
    };
}

fn main() {
    let _it = generator! { (resume = u32) show!(yield 1); };
}
