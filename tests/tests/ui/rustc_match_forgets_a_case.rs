//! A `match` on what was sent forgets a case.

enum Message {
    Go,
    Stop,
}
#[segue::coroutine(yield = u32, resume = Message)]
fn run() {
    loop {
        let message = yield_!(1);
        match message {
            Message::Go => yield_!(2),
        };
    }
}
fn main() {}
