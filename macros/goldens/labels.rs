#[segue::coroutine(yield = (u32, u32), resume = bool)]
fn search(limit: u32) -> Option<u32> {
    let found = 'rows: loop {
        for row in 0..limit {
            for column in 0..limit {
                if column > row {
                    continue;
                }
                if yield_!((row, column)) {
                    break 'rows Some(row * limit + column);
                }
            }
        }
        break None;
    };
    found
}
