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

trait Count {
    fn count(&self, from: u32) -> impl Iterator<Item = u32>;
}

impl Client {
    fn count(&self, from: u32) -> std::ops::Range<u32> {
        from..3
    }
}

impl Count for Client {
    #[segue::coroutine(yield = u32)]
    fn count(&self, from: u32) {
        yield_from!(self.count(from));
    }
}

fn main() {}
