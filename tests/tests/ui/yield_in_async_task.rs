//! `yield_!` in an `async fn` that doesn't say what it yields.

#[segue::coroutine]
async fn numbers() {
    yield_!(1);
}

fn main() {}
