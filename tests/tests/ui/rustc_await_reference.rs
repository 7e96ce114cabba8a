//! A reference to a future is awaited.

#[segue::coroutine]
async fn total(list: Vec<std::future::Ready<u32>>) -> u32 {
    let mut total = 0;
    for ready in &list {
        total += ready.await;
    }
    total
}
fn main() {}
