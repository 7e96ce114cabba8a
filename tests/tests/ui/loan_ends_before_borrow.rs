//! A local ends before what borrows it does.

#[segue::coroutine(yield = usize)]
fn ends() {
    let word;
    {
        let own = String::from("one");
        word = own.as_str();
        yield_!(own.len());
    }
    yield_!(word.len());
}

fn main() {}
