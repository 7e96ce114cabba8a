//! An `unsafe fn`.

#[segue::coroutine(yield = u32)]
unsafe fn numbers() {
    yield_!(1);
}

fn main() {}
