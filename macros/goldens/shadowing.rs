#[segue::coroutine(yield = String)]
fn shadows(text: String) -> usize {
    let text = text.trim().to_string();
    let length = text.len();
    {
        let text = format!("inner {text}");
        yield_!(text);
    }
    yield_!(text);
    length
}
