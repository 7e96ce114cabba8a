//! A `match` that forgets a case.

#[segue::coroutine(yield = u32, resume = Option<u32>)]
fn numbers() {
    match yield_!(1) {
        Some(number) => {
            yield_!(number);
        }
    }
}

fn main() {}
