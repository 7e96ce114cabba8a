//! A suspension in a `const` block.

#[segue::coroutine(yield = u32)]
fn numbers() {
    const {
        yield_!(1);
    }
}

fn main() {}
