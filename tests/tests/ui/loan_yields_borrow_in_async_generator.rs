//! A borrow of a local is an item of the stream.

#[segue::coroutine(yield = &str)]
async fn words(text: &str) {
    let own = text.to_uppercase();
    for word in own.split(' ') {
        std::future::ready(()).await;
        yield_!(word);
    }
}

fn main() {}
