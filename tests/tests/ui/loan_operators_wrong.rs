//! The same of `?`, `.await` and `for`.

#[segue::coroutine]
async fn wrong(text: String) -> Option<usize> {
    for word in text.split(' ') {
        word.await;
        Err(1)?;
    }
    for letter in text.len() {
        std::future::ready(letter).await;
    }
    let gone = text;
    Some(text.len())
}

fn main() {}
