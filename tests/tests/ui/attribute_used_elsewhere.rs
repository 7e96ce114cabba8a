//! A mistake in the attribute is one error, also where the function is used.

#[segue::coroutine(yield = u32, item = u32)]
fn numbers() {
    yield_!(1);
}

fn main() {
    for number in numbers() {
        println!("{number}");
    }
}
