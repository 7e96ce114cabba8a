//! A closure that moves a part takes the whole of what is on loan.

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
