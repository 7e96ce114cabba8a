//! A call of the function itself can't borrow a variable that the caller keeps.

#[segue::coroutine]
async fn longest(prefix: &str, depth: usize) -> usize {
    let longer = format!("{prefix}-");
    if depth > 0 { longest(&longer, depth - 1).await } else { longer.len() }
}

fn main() {}
