//! What a yield costs at the bottom of a generator that delegates to itself, by depth.
//!
//! `cargo run --release -p segue-benches --bin recursion` prints nanoseconds a yield (the median of some rounds) beside a
//! delegate in a box, which each resume goes down to. With a nightly compiler it has rustc's own coroutines, in boxes too:
//!
//! `cargo +nightly run --release -p segue-benches --features nightly --bin recursion`
//!
//! Ours needs no more of the thread's stack at any depth; the boxed ones are given one that is large enough.
#![cfg_attr(feature = "nightly", feature(coroutines, coroutine_trait))]

#[cfg(feature = "nightly")]
mod nightly;

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use segue::Coroutine;

const DEPTHS: [u64; 4] = [1, 10, 1_000, 100_000];
const ROUNDS: usize = 9;
/// Frames that a round of a boxed one goes through, and yields of a round of ours.
const STEPS: u64 = 4_000_000;
/// Bytes: what a hundred thousand frames of a boxed one take, and some more.
const STACK: usize = 1 << 30;

type Boxed = Box<dyn Coroutine<Yield = u64, Return = ()>>;

#[segue::coroutine(yield = u64)]
fn ours(depth: u64, count: u64) {
    if depth > 1 {
        yield_from!(ours(depth - 1, count));
    } else {
        for n in 0..count {
            yield_!(n);
        }
    }
}

#[segue::coroutine(yield = u64)]
fn boxed(depth: u64, count: u64) {
    if depth > 1 {
        yield_from!(Box::new(boxed(depth - 1, count)) as Boxed);
    } else {
        for n in 0..count {
            yield_!(n);
        }
    }
}

/// Nanoseconds a yield, the way down to the first one aside.
fn time<I: Iterator<Item = u64>>(make: impl Fn(u64, u64) -> I, depth: u64, count: u64) -> f64 {
    let mut rounds = [0.0; ROUNDS];
    for round in &mut rounds {
        let mut values = make(black_box(depth), black_box(count));
        assert_eq!(values.next(), Some(0));
        let begun = Instant::now();
        for _ in 1..count {
            black_box(values.next());
        }
        *round = begun.elapsed().as_secs_f64() * 1e9 / (count - 1) as f64;
    }
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

/// The whole of a walk down and up again, with one yield: nanoseconds a frame.
fn time_to_the_end<I: Iterator<Item = u64>>(make: impl Fn(u64, u64) -> I, depth: u64) -> f64 {
    let mut rounds = [0.0; ROUNDS];
    for round in &mut rounds {
        let begun = Instant::now();
        assert_eq!(make(black_box(depth), 1).count(), 1);
        *round = begun.elapsed().as_secs_f64() * 1e9 / depth as f64;
    }
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn compare() {
    println!("nanoseconds a yield (and a frame, to the end, with one yield)");
    println!("{:>8}  {:>18}  {:>20}  {:>20}", "depth", "ours", "boxed", "nightly's, boxed");
    for depth in DEPTHS {
        let few = (STEPS / depth).max(20);
        let cell = |[a_yield, a_frame]: [f64; 2]| format!("{a_yield:.2} ({a_frame:.1})");
        let ours = cell([time(ours, depth, STEPS), time_to_the_end(ours, depth)]);
        let boxed = cell([time(boxed, depth, few), time_to_the_end(boxed, depth)]);
        #[cfg(feature = "nightly")]
        let nightly = cell([time(nightly::iterate, depth, few), time_to_the_end(nightly::iterate, depth)]);
        #[cfg(not(feature = "nightly"))]
        let nightly = "-";
        println!("{depth:>8}  {ours:>18}  {boxed:>20}  {nightly:>20}");
    }
}

fn main() {
    let thread = thread::Builder::new().stack_size(STACK).spawn(compare);
    thread.expect("a thread with a large stack").join().expect("no panic");
}
