//! The same of a task, at its end.

#[segue::coroutine]
async fn longest(text: &str) -> &str {
    let own = text.to_uppercase();
    let word = own.as_str();
    std::future::ready(own.len()).await;
    word
}

fn main() {}
