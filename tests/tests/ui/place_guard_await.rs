//! An `.await` in the guard of a match arm.

#[segue::coroutine]
async fn is_ready(ready: std::future::Ready<bool>) -> bool {
    match 1 {
        _ if ready.await => true,
        _ => false,
    }
}

fn main() {}
