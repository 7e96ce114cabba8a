//! A suspension that another macro expands to: the attribute doesn't see it.

macro_rules! yield_twice {
    ($number:expr) => {
        segue::yield_!($number);
        segue::yield_!($number);
    };
}

#[segue::coroutine(yield = u32)]
fn numbers() {
    yield_twice!(1);
}

fn main() {}
