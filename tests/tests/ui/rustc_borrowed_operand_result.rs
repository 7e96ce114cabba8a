//! What an awaited future gives borrows a local.

async fn first(list: &[String]) -> &str {
    &list[0]
}

#[segue::coroutine]
async fn show() {
    let list = vec![String::from("one")];
    let name = first(&list).await;
    println!("{name} {}", list.len());
}

fn main() {}
