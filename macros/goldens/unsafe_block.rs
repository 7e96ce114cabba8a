// An `unsafe` block that suspends: `unsafe` is in each segment what was in the block.

#[segue::coroutine(yield = u8, resume = u8)]
fn replace(first: *mut u8, count: usize) -> u8 {
    let mut last = 0;
    unsafe {
        for index in 0..count {
            let place = first.add(index);
            let offered = *place;
            last = yield_!(offered);
            *place = last;
        }
    }
    last
}
