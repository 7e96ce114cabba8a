//! A reference in a tuple to a value that is made in place, kept while the function is suspended.

#[segue::coroutine(yield = u32)]
fn numbers() {
    let pair = (&String::from("one"), 1);
    yield_!(pair.1);
    println!("{}", pair.0);
}

fn main() {}
