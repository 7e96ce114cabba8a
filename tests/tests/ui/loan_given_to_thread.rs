//! A borrow of a local goes to a thread.

#[segue::coroutine]
async fn spawns() -> usize {
    let own = String::from("one");
    let word = own.as_str();
    std::future::ready(()).await;
    std::thread::spawn(move || println!("{word}"));
    word.len()
}

fn main() {}
