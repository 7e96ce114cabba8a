//! What is joined isn't a future.

#[segue::coroutine]
async fn both(n: u32) -> u32 {
    let (a, b) = segue::join!(std::future::ready(n), n);
    a + b
}

#[segue::coroutine]
async fn either(n: u32) -> u32 {
    segue::select! {
        a = std::future::ready(n) => a,
        b = n => b,
    }
}

fn main() {}
