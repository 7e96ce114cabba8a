//! A generator without `resume = ...` is sent `()`, which isn't a `String`.

#[segue::coroutine(yield = u32)]
fn ask() {
    let name: String = yield_!(2);
    println!("{name}");
}

fn main() {}
