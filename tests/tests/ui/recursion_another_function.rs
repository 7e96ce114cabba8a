//! An associated function that calls a function of the same name.

async fn connect(port: u16) -> u16 {
    port
}

struct Client;

impl Client {
    #[segue::coroutine]
    async fn connect(port: u16) -> u16 {
        connect(port).await + 1
    }
}

fn main() {}
