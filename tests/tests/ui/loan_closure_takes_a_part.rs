//! A closure that takes a part of what is on loan is refused like any other.

#[segue::coroutine(yield = usize)]
fn parts() {
    let pair = (String::from("one"), String::from("two"));
    let both = &pair;
    yield_!(both.0.len());
    println!("{both:?}");
    let first = move || pair.0.len();
    yield_!(first());
    yield_!(pair.1.len());
}

fn main() {}
