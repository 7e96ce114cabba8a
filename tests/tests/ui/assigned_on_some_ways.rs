//! A variable that is moved on one way only, and assigned to after a suspension.

fn moved() -> bool {
    true
}

#[segue::coroutine]
async fn reconnect(mut connection: String) -> String {
    let fresh = if moved() {
        drop(connection);
        std::future::ready(()).await;
        String::from("fresh")
    } else {
        std::future::ready(String::from("fresh")).await
    };
    connection = fresh;
    connection
}

fn main() {}
