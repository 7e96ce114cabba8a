//! A variable that is never used is told of as it is in plain code, and one that is isn't.
#![deny(warnings)]

#[segue::coroutine(yield = u32)]
fn numbers(used: u32) {
    let unused = 1;
    yield_!(used);
}

#[segue::coroutine(yield = (u32, u32))]
fn pairs(limit: u32) {
    for row in 0..limit {
        for column in 0..limit {
            if column <= row {
                yield_!((row, column));
            }
        }
    }
}

fn main() {
    pairs(3).for_each(drop);
    numbers(1).for_each(drop);
}
