//! An `.await` in the arguments of another macro.

#[segue::coroutine]
async fn show(value: std::future::Ready<u32>) {
    println!("{}", value.await);
}

fn main() {}
