//! What is sent is kept as what lives for ever.

#[segue::coroutine(yield = usize, resume = &str)]
fn keeps(text: &str) {
    let mut all: Vec<&'static str> = Vec::new();
    let kept = &mut all;
    let sent = yield_!(1);
    kept.push(sent);
    yield_!(all.len());
}

fn main() {}
