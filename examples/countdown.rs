//! A generator: a function that hands out one value after another, and stands still in between.
//!
//! `cargo run --example countdown`
//!
//! What to see: calling the function runs nothing of it; it runs as far as it is asked to; a `for` loop and every adaptor of
//! `Iterator` drive it; dropped half-way it drops its variables.
#![forbid(unsafe_code)]

use segue::Coroutine;

/// Says when it is dropped.
struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("  ({} is dropped)", self.0);
    }
}

/// Counts down from `n` to 1.
#[segue::coroutine(yield = u32)]
fn countdown(mut n: u32) {
    println!("  (counting from {n})");
    let _rocket = Loud("the rocket");
    while n > 0 {
        yield_!(n);
        n -= 1;
    }
    println!("  (lift-off)");
}

/// The sum of the yielded squares is returned at the end.
#[segue::coroutine(yield = u32)]
fn squares(until: u32) -> u32 {
    let mut sum = 0;
    for n in 1..=until {
        yield_!(n * n);
        sum += n * n;
    }
    sum
}

/// Never ends by itself.
#[segue::coroutine(yield = u64)]
fn fibonacci() {
    let (mut a, mut b) = (0, 1);
    loop {
        yield_!(a);
        (a, b) = (b, a + b);
    }
}

fn main() {
    println!("Calling it runs nothing:");
    let mut count = countdown(3);
    println!("start() runs to the first yield:");
    println!("  {:?}", count.start());
    println!("resume(()) runs to the next, and the last one completes:");
    for _ in 0..3 {
        println!("  {:?}", count.resume(()));
    }

    println!("A for loop drives it:");
    for n in countdown(2) {
        println!("  {n}");
    }

    println!("Dropped half-way, it drops what it holds:");
    let mut count = countdown(9);
    println!("  {:?}", count.next());
    drop(count);

    println!("Adaptors drive it:");
    let even: Vec<u64> = fibonacci().filter(|n| n % 2 == 0).take(6).collect();
    println!("  {even:?}");

    println!("A value is returned at the end:");
    let mut squares = squares(3);
    let mut state = squares.start();
    while let segue::CoroutineState::Yielded(square) = state {
        println!("  {square}");
        state = squares.resume(());
    }
    println!("  {state:?}");
}
