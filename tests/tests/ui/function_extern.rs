//! A function with a foreign ABI.

#[segue::coroutine(yield = u32)]
extern "C" fn numbers() {
    yield_!(1);
}

fn main() {}
