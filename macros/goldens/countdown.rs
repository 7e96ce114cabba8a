#[segue::coroutine(yield = u32)]
fn countdown(mut n: u32) {
    while n > 0 {
        yield_!(n);
        n -= 1;
    }
}
