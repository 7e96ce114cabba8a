//! A macro that has the name of one of std's is taken for it.

macro_rules! vec {
    ($text:expr) => {{
        let text = &$text;
        text.len()
    }};
}

#[segue::coroutine(yield = usize)]
fn lengths() {
    let text = String::from("one");
    let inside = text.as_str();
    yield_!(inside.len());
    println!("{inside}");
    yield_!(vec![text]);
    yield_!(text.len());
}

fn main() {}
