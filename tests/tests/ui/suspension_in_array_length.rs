//! A suspension where a constant is wanted.

#[segue::coroutine(yield = u32, resume = usize)]
fn numbers() {
    let list = [0; yield_!(1)];
    drop(list);
}

fn main() {}
