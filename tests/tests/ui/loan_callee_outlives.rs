//! What a function with loans is generic over lives as long as what is borrowed in it: who awaits it has to say so.

#[segue::coroutine]
async fn sent<T: Into<String>>(log: &str, text: T) -> usize {
    let text = text.into();
    let mut sent = log.len();
    for word in text.split(' ') {
        sent += std::future::ready(word.len()).await;
    }
    sent
}

#[segue::coroutine]
async fn sent_twice<T: Into<String> + Copy>(log: &str, text: T) -> usize {
    sent(log, text).await + sent(log, text).await
}

fn main() {
    println!("{}", segue::run(sent_twice("log", "a text")));
}
