//! A variable that gets its first value in a loop that suspends.

#[segue::coroutine(yield = u32, resume = String)]
fn last() {
    let mut last;
    loop {
        last = yield_!(1);
        println!("{last}");
    }
}

fn main() {}
