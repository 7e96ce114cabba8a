//! A bound is missing that the body needs.

#[segue::coroutine(yield = String)]
fn shown<T>(list: Vec<T>) {
    for item in list {
        yield_!(item.to_string());
    }
}
fn main() {}
