//! A borrow of a local is put into what is sent.

#[segue::coroutine(yield = usize, resume = &mut Vec<&str>)]
fn collect(text: &str) {
    let own = text.to_uppercase();
    let word = own.as_str();
    let all = yield_!(1);
    all.push(word);
    yield_!(own.len());
}

fn main() {}
