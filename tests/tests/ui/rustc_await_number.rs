//! Awaiting something that is no future.

#[segue::coroutine]
async fn ready() -> u32 {
    3.await
}

fn main() {}
