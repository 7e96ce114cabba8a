//! The parts of a tuple on loan are moved with it: one can't be given back.

#[segue::coroutine(yield = usize)]
fn parts() {
    let mut pair = (String::from("one"), String::from("two"));
    let both = &mut pair;
    yield_!(both.0.len());
    both.0.push('!');
    let (one, other) = pair;
    pair.0 = String::from("three");
    yield_!(one.len() + other.len() + pair.0.len());
}

fn main() {}
