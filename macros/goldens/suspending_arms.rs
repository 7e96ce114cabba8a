enum Answer {
    Number(u32),
    Text(String),
}

#[segue::coroutine(yield = String, resume = Answer)]
fn ask(name: &str) -> Option<u32> {
    let age = match yield_!(format!("How old is {name}?")) {
        Answer::Number(n) if n < 150 => n,
        Answer::Number(n) => {
            yield_!(format!("{n}, really?"));
            n
        }
        Answer::Text(text) => match yield_!(format!("{text} isn't a number. Again?")) {
            Answer::Number(n) => n,
            Answer::Text(_) => return None,
        },
    };
    Some(age)
}
