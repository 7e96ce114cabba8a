//! `.await` in a task that isn't an `async fn`.

#[segue::coroutine]
fn double(value: std::future::Ready<u32>) -> u32 {
    value.await * 2
}

fn main() {}
