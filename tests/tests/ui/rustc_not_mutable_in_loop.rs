//! A variable is changed in a loop that suspends, and isn't `mut`.

#[segue::coroutine(yield = u32)]
fn run(list: Vec<u32>) {
    let total = 0;
    for n in list {
        yield_!(n);
        total += n;
    }
    yield_!(total);
}
fn main() {}
