//! Leaving from the middle of an expression, with a value made with temporaries.

#[segue::coroutine]
async fn wrong(name: String) -> usize {
    join(name, read(return String::from("x").as_str().len()).await)
}

#[segue::coroutine]
async fn right(name: String, early: bool) -> usize {
    if early {
        return String::from("x").as_str().len() + read(1).await;
    }
    join(
        name,
        match read(2).await {
            0 => return String::from("y").as_str().len(),
            n => n,
        },
    )
}

async fn read(n: usize) -> usize {
    n
}

fn join(name: String, n: usize) -> usize {
    name.len() + n
}

fn main() {}
