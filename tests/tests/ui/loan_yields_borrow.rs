//! A borrow of a local is yielded that another local keeps too.

#[segue::coroutine(yield = &str)]
fn words(text: &str) {
    let own = text.to_uppercase();
    for word in own.split(' ') {
        yield_!(word);
    }
}

fn main() {}
