//! A variable whose type nothing tells.

#[segue::coroutine(yield = u32)]
fn numbers() {
    let list = Vec::new();
    yield_!(1);
    drop(list);
}

fn main() {}
