//! An argument that the attribute doesn't know.

#[segue::coroutine(yields = u32)]
fn numbers() {
    yield_!(1);
}

fn main() {}
