//! What a loan costs: time and allocations beside rustc's own lowering, and beside the owned way of writing the same.
//!
//! `cargo run --release -p segue-benches --bin loans` runs each function to its end many times, all side by side in rounds, and
//! prints the median of nanoseconds a run and of allocations a run. Each run has 16 suspensions.

mod functions;

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use functions::{borrowing, native, owning};

/// Counts what is allocated.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: it only counts, and leaves the rest to the system's allocator.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract is the same.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ROUNDS: usize = 31;
const RUNS: u32 = 20_000;

/// A way of writing a function, and what runs it once.
type Row = (&'static str, &'static str, fn() -> u64);

const ROWS: [Row; 10] = [
    ("items of a local, task", "on loan", || functions::run(borrowing::items(functions::numbers()))),
    ("", "owned, by index", || functions::run(owning::items(functions::numbers()))),
    ("", "rustc's async fn", || functions::run(native::items(functions::numbers()))),
    ("a guard of a local", "on loan", || functions::run(borrowing::guard(1))),
    ("", "owned, locked again", || functions::run(owning::guard(1))),
    ("", "rustc's async fn", || functions::run(native::guard(1))),
    ("`&mut self` borrowed", "on loan", || functions::run(borrowing::argument(&mut functions::numbers()))),
    ("", "rustc's async fn", || functions::run(native::argument(&mut functions::numbers()))),
    ("items of a local, generator", "on loan", || borrowing::generated(functions::numbers()).sum()),
    ("", "owned, by index", || owning::generated(functions::numbers()).sum()),
];

fn main() {
    let mut times = vec![Vec::new(); ROWS.len()];
    let mut allocations = vec![0; ROWS.len()];
    for _ in 0..ROUNDS {
        for (row, (_, _, run)) in ROWS.iter().enumerate() {
            let (before, start) = (ALLOCATIONS.load(Ordering::Relaxed), Instant::now());
            for _ in 0..RUNS {
                black_box(run());
            }
            times[row].push(start.elapsed().as_nanos() / u128::from(RUNS));
            allocations[row] = (ALLOCATIONS.load(Ordering::Relaxed) - before) / u64::from(RUNS);
        }
    }
    println!("{:<30} {:<20} {:>8} {:>12}", "function", "written", "ns a run", "allocations");
    for (row, (function, written, _)) in ROWS.iter().enumerate() {
        times[row].sort_unstable();
        println!("{function:<30} {written:<20} {:>8} {:>12}", times[row][ROUNDS / 2], allocations[row]);
    }
}
