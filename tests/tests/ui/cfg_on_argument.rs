//! `cfg` on an argument that suspends.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers() {
    print(
        #[cfg(unix)]
        yield_!(1),
    );
}

fn print(number: u32) {
    println!("{number}");
}

fn main() {}
