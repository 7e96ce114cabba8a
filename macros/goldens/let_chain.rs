#[segue::coroutine(yield = u32, resume = Option<u32>)]
fn chain(first: Option<u32>) -> u32 {
    if let Some(first) = first
        && let Some(second) = yield_!(first)
        && second > first
    {
        second
    } else {
        0
    }
}
