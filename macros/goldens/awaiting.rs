#[segue::coroutine]
async fn both(wait: impl AsyncFn(u32) -> u32, stop: bool) -> u32 {
    let (n, m) = futures::join!(wait(1), wait(2));
    let k = tokio::select! {
        biased;
        k = wait(n) => k,
        _ = wait(m), if !stop => return m,
    };
    n + m + k
}
