//! A coroutine that is sent values: a running average.
//!
//! `cargo run --example averager`
//!
//! What to see: `start()` runs to the first `yield_!`, which waits for a value; `resume(value)` makes that `yield_!` evaluate
//! to the value; a value is never lost: to send one before the start is a mistake that says so.
#![forbid(unsafe_code)]

use segue::{Coroutine, CoroutineState};

/// What an averager has seen when it is told to stop.
#[derive(Debug)]
struct Summary {
    count: u32,
    average: f64,
}

/// Yields the average of all that it was sent so far; ends when it is sent `None`.
#[segue::coroutine(yield = f64, resume = Option<f64>)]
fn averager() -> Summary {
    let mut total = 0.0;
    let mut count = 0;
    let mut average = 0.0;
    while let Some(value) = yield_!(average) {
        total += value;
        count += 1;
        average = total / f64::from(count);
    }
    Summary { count, average }
}

fn main() {
    let mut average = averager();
    println!("start()        -> {:?}", average.start());
    for value in [10.0, 30.0, 5.0] {
        match average.resume(Some(value)) {
            CoroutineState::Yielded(so_far) => println!("resume({value:>4})   -> {so_far}"),
            CoroutineState::Complete(_) => unreachable!("it ends when it is sent `None`"),
        }
    }
    if let CoroutineState::Complete(Summary { count, average }) = average.resume(None) {
        println!("resume(None)   -> complete: {count} values, {average} on average");
    }

    println!();
    println!("A value sent before the start would be lost. It panics:");
    let lost = std::panic::catch_unwind(|| averager().resume(Some(1.0)));
    assert!(lost.is_err());
}
