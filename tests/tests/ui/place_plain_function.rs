//! `yield_!` and `yield_from!` in a function without the attribute.

use segue::{yield_, yield_from};

fn numbers() {
    yield_!(1);
    yield_from!(0..3);
}

fn main() {}
