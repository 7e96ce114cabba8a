//! What an argument makes on the way would live as long as the call.

use std::sync::Mutex;

#[segue::coroutine]
async fn down(depth: usize, limit: &Mutex<usize>) -> usize {
    if depth == *limit.lock().unwrap() {
        return depth;
    }
    down(*limit.lock().unwrap() - depth, limit).await
}

#[segue::coroutine]
async fn later(depth: usize, limit: &Mutex<usize>) -> usize {
    later(std::future::ready(*limit.lock().unwrap()).await, limit).await
}

fn main() {}
