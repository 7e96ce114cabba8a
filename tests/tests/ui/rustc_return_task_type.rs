//! What a task returns has another type.

#[segue::coroutine]
async fn ready(value: std::future::Ready<u32>) -> String {
    value.await
}

fn main() {}
