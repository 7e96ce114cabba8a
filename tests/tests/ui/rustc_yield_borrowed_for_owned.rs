//! What is yielded is borrowed, and should be owned.

#[segue::coroutine(yield = String)]
fn names(list: Vec<&'static str>) {
    for name in list {
        yield_!(name);
    }
}
fn main() {}
