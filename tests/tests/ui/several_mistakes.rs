//! Each mistake is told at once, at its own place.

#[segue::coroutine(yield = u32)]
fn numbers(ready: std::future::Ready<u32>, list: Vec<u32>) {
    let first = ready.await;
    list.iter().for_each(|number| yield_!(*number));
    println!("{}", yield_!(first));
    yield_from!();
}

fn main() {
    for number in numbers(std::future::ready(1), vec![]) {
        println!("{number}");
    }
}
