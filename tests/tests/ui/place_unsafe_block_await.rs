//! An `.await` in an `unsafe` block.

#[segue::coroutine]
async fn ready(value: std::future::Ready<u32>) -> u32 {
    unsafe { value.await }
}

fn main() {}
