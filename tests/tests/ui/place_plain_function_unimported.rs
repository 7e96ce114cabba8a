//! `yield_!` by its path in a function without the attribute.

fn numbers() {
    segue::yield_!(1);
}

fn main() {}
