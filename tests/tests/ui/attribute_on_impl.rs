//! The attribute on a whole `impl`.

struct Numbers;

#[segue::coroutine(yield = u32)]
impl Numbers {
    fn all(&self) {}
}

fn main() {}
