#[segue::coroutine(yield = &'static str, resume = i64)]
fn sum(first: i64) -> i64 {
    first + yield_!("second") * yield_!("third")
}
