use std::io;

struct Client;
struct Channel;

impl Client {
    fn ping(&mut self) {}

    async fn subscribe(self, _name: &str) -> io::Result<Channel> {
        Ok(Channel)
    }
}

impl Channel {
    async fn next(&mut self) -> Option<String> {
        None
    }
}

#[segue::coroutine]
async fn listen(mut client: Client, name: String) -> io::Result<usize> {
    client.ping();
    let mut channel = client.subscribe(&name).await?;
    let mut heard = 0;
    while let Some(_message) = channel.next().await {
        heard += 1;
    }
    Ok(heard)
}
