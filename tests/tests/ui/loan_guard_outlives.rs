//! A guard is dropped after what it borrows.

struct Guard<'a>(&'a String);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

#[segue::coroutine(yield = usize)]
fn guards() {
    let guard;
    let own = String::from("one");
    guard = Guard(&own);
    yield_!(guard.0.len());
}

fn main() {}
