//! A method of a trait that has no body.

trait Numbers {
    #[segue::coroutine(yield = u32)]
    fn numbers(&self) -> usize;
}

fn main() {}
