//! `.await` in a generator.

#[segue::coroutine(yield = u32)]
fn numbers(first: std::future::Ready<u32>) {
    let first = first.await;
    yield_!(first);
}

fn main() {}
