//! What is sent has another type.

#[segue::coroutine(yield = u32, resume = i64)]
fn numbers() {
    let name: String = yield_!(1);
    drop(name);
}

fn main() {}
