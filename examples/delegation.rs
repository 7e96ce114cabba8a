//! `yield_from!`: a coroutine that hands over to another until that one returns. `gen_fn` and `caller_fn` are those of the
//! chapter on coroutines in "500 Lines or Less".
//!
//! `cargo run --example delegation`
//!
//! What to see: what is sent to `caller_fn` comes out in `gen_fn`, what `gen_fn` yields comes out of `caller_fn`; neither can
//! tell that the other is there. What `gen_fn` returns is the value of `yield_from!`.
#![forbid(unsafe_code)]

use segue::{Coroutine, CoroutineState};

#[segue::coroutine(yield = u32, resume = &'static str)]
fn gen_fn() -> &'static str {
    let result = yield_!(1);
    println!("  result of yield 1: {result}");
    let result_2 = yield_!(2);
    println!("  result of yield 2: {result_2}");
    "done"
}

#[segue::coroutine(yield = u32, resume = &'static str)]
fn caller_fn() -> &'static str {
    let returned = yield_from!(gen_fn());
    println!("  return value of yield_from!: {returned}");
    "all done"
}

/// An iterator can be delegated to as well, and so can several things in turn.
#[segue::coroutine(yield = u32)]
fn chain(first: Vec<u32>) -> &'static str {
    yield_from!(first);
    yield_from!(10..12);
    "both"
}

fn main() {
    let mut caller = caller_fn();
    println!("start()           -> {:?}", caller.start());
    for word in ["hello", "goodbye"] {
        println!("resume({word:?})");
        println!("  -> {:?}", caller.resume(word));
    }

    println!("An iterator, then another:");
    let mut chain = chain(vec![1, 2]);
    loop {
        match chain.resume(()) {
            CoroutineState::Yielded(n) => println!("  {n}"),
            CoroutineState::Complete(value) => {
                println!("  and it returned {value:?}");
                break;
            }
        }
    }
}
