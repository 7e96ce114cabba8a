//! A method that is called `into_*` is taken to use its receiver up.

struct Text(String);

impl Text {
    fn into_len(&self) -> usize {
        self.0.len()
    }
}

#[segue::coroutine(yield = usize)]
fn lengths() {
    let text = Text(String::from("one"));
    let inside = &text.0;
    yield_!(inside.len());
    println!("{inside}");
    yield_!(text.into_len());
    yield_!(text.0.len());
}

fn main() {}
