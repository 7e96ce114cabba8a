//! A variable that isn't `mut`.

#[segue::coroutine(yield = u32)]
fn numbers() {
    let total = 1;
    yield_!(total);
    total += 1;
    yield_!(total);
}

fn main() {}
