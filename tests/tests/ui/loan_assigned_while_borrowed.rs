//! A local is assigned to while another borrows it.

#[segue::coroutine(yield = usize)]
fn words() {
    let mut own = String::from("one");
    let word = own.as_str();
    yield_!(1);
    own = String::from("two");
    yield_!(word.len());
    yield_!(own.len());
}

fn main() {}
