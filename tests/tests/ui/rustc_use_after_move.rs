//! A variable that has been moved.

#[segue::coroutine(yield = String)]
fn names(name: String) {
    yield_!(name);
    println!("{name}");
}

fn main() {}
