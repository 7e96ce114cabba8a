//! A task returns a reference to its own variable.

#[segue::coroutine]
async fn name<'a>(r: std::future::Ready<u32>) -> &'a str {
    let n = r.await;
    let text = n.to_string();
    &text
}
fn main() {}
