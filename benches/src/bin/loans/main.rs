//! What a loan costs: time and allocations beside rustc's own lowering, and beside the owned way of writing the same.
//!
//! `cargo run --release -p segue-benches --bin loans` runs each function to its end many times, all side by side in rounds, and
//! prints the median of nanoseconds a run and of allocations a run. Each run has 16 suspensions.
//! Instructions instead, of 20,000 runs of one (names as in the table):
//!
//! `valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/loans "a guard of a local" "on loan"`

mod functions;

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::process::ExitCode;
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

/// A function, a way of writing it, and what runs it once.
type Row = (&'static str, &'static str, fn() -> u64);

const ITEMS: &str = "items of a local, task";
const GUARD: &str = "a guard of a local";
const ARGUMENT: &str = "`&mut self` borrowed";
const GENERATED: &str = "items of a local, generator";

const ROWS: [Row; 10] = [
    (ITEMS, "on loan", || functions::run(borrowing::items(functions::numbers()))),
    (ITEMS, "owned, by index", || functions::run(owning::items(functions::numbers()))),
    (ITEMS, "rustc's async fn", || functions::run(native::items(functions::numbers()))),
    (GUARD, "on loan", || functions::run(borrowing::guard(1))),
    (GUARD, "owned, locked again", || functions::run(owning::guard(1))),
    (GUARD, "rustc's async fn", || functions::run(native::guard(1))),
    (ARGUMENT, "on loan", || functions::run(borrowing::argument(&mut functions::numbers()))),
    (ARGUMENT, "rustc's async fn", || functions::run(native::argument(&mut functions::numbers()))),
    (GENERATED, "on loan", || borrowing::generated(functions::numbers()).sum()),
    (GENERATED, "owned, by index", || owning::generated(functions::numbers()).sum()),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    match &wanted[..] {
        [] => measure(),
        [function, written] => {
            let Some(row) = ROWS.iter().find(|row| row.0 == function && row.1 == written) else {
                eprintln!("there is no \"{function}\" that is \"{written}\"");
                return ExitCode::from(2);
            };
            repeat(row.2);
        }
        _ => {
            eprintln!("usage: loans [FUNCTION WRITTEN]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn repeat(run: fn() -> u64) {
    for _ in 0..RUNS {
        black_box(run());
    }
}

fn measure() {
    let mut times = vec![Vec::new(); ROWS.len()];
    let mut allocations = vec![0; ROWS.len()];
    for _ in 0..ROUNDS {
        for (row, (_, _, run)) in ROWS.iter().enumerate() {
            let (before, start) = (ALLOCATIONS.load(Ordering::Relaxed), Instant::now());
            repeat(*run);
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
