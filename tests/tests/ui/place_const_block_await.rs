//! An `.await` in a `const` block.

#[segue::coroutine]
async fn ready() -> u32 {
    const { std::future::ready(1).await }
}

fn main() {}
