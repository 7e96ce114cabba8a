//! An async generator delegates to a future, and to an iterator.

#[segue::coroutine(yield = u32)]
async fn numbers() {
    yield_from!(std::future::ready(1));
    yield_from!([1, 2]);
}

fn main() {
    let _ = numbers();
}
