//! The `.await` is missing.

async fn fetch() -> u32 {
    1
}
#[segue::coroutine]
async fn total() -> u32 {
    let page = fetch();
    page + 1
}
fn main() {}
