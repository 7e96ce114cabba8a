//! `yield_!` in an `async` block.

#[segue::coroutine(yield = u32)]
fn numbers() {
    let _later = async {
        yield_!(1);
    };
    yield_!(2);
}

fn main() {}
