//! `cfg` on a block that suspends.

#[segue::coroutine(yield = u32)]
fn numbers() {
    #[cfg(unix)]
    {
        println!("one");
        yield_!(1);
    }
}

fn main() {}
