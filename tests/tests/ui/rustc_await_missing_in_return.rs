//! The `.await` is missing where a task ends.

async fn fetch() -> u32 {
    1
}
#[segue::coroutine]
async fn total() -> u32 {
    fetch()
}
fn main() {}
