//! A variable that isn't `Send`, held across an `.await`.

use std::rc::Rc;

#[segue::coroutine]
async fn count(ready: std::future::Ready<u32>) -> u32 {
    let shared = Rc::new(1);
    let number = ready.await;
    number + *shared
}

fn is_send(_: impl Send) {}

fn main() {
    is_send(count(std::future::ready(1)));
}
