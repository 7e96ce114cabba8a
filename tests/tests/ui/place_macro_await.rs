//! An `.await` in the arguments of a macro that isn't one of std's.

macro_rules! show {
    ($value:expr) => {
        println!("{}", $value)
    };
}

#[segue::coroutine]
async fn show(value: std::future::Ready<u32>) {
    show!(value.await);
}

fn main() {}
