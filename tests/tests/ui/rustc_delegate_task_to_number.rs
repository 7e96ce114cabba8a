//! `yield_from!` in a task of something that is no future.

#[segue::coroutine]
fn ready() -> u32 {
    yield_from!(3)
}

fn main() {}
