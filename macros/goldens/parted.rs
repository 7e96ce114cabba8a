struct Request {
    id: u64,
    body: String,
    headers: Vec<String>,
}

enum Order {
    Say { text: String, to: String },
    Stop,
}

/// What is left of `request` is dropped where its scope ends.
#[segue::coroutine(yield = usize)]
fn sizes(request: Request) {
    let Request { body, .. } = request;
    yield_!(body.len());
    yield_!(body.capacity());
}

/// One of several parts, or none.
#[segue::coroutine]
async fn obey(order: Order) -> usize {
    match order {
        Order::Say { text, .. } => {
            std::future::ready(()).await;
            text.len()
        }
        Order::Stop => 0,
    }
}
