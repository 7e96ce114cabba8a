//! The attribute on something that isn't a function.

#[segue::coroutine(yield = u32)]
struct Numbers {
    next: u32,
}

fn main() {}
