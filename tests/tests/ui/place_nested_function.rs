//! A suspension in a function inside the coroutine: it needs the attribute itself.

#[segue::coroutine(yield = u32)]
fn numbers() {
    fn inner() {
        segue::yield_!(1);
    }
    inner();
    yield_!(2);
}

fn main() {}
