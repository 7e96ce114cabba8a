//! A future that nobody awaits is told of as it is in plain code.
#![deny(unused_must_use)]

async fn fetch() {}

#[segue::coroutine]
async fn total() -> u32 {
    fetch();
    3
}

fn main() {
    drop(total());
}
