//! `yield_from!` without anything to delegate to.

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_from!();
}

fn main() {}
