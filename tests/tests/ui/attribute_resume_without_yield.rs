//! A function that is sent values but doesn't say what it yields.

#[segue::coroutine(resume = i64)]
fn numbers() {}

fn main() {}
