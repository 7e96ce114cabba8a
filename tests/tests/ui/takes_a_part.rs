struct Pair {
    left: String,
    right: String,
}

fn pair() -> Pair {
    Pair { left: String::new(), right: String::new() }
}

#[segue::coroutine(yield = u32, resume = usize)]
fn lengths() -> usize {
    usize::max(
        match pair() {
            Pair { left, .. } => left.len(),
        },
        yield_!(1),
    )
}

fn main() {
    let _ = (lengths(), pair().right);
}
