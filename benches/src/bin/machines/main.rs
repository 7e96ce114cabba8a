//! What the machines cost, beside what rustc makes of the same function and what one writes by hand, in one run.
//!
//! `cargo run --release -p segue-benches --bin machines` prints for each job the size of the machine, the nanoseconds a
//! step takes (the median of some rounds, in which all take turns) and the ratio (the median of the rounds' own ratios:
//! below 1, ours is faster). With a nightly compiler it has rustc's own coroutines beside it as well:
//!
//! `cargo +nightly run --release -p segue-benches --features nightly --bin machines`
//!
//! `static` means that the compiler sees the machine that it runs and may take it apart; `dyn` that it doesn't.
//! Instructions instead of nanoseconds, for one job and one contender (names as in the table):
//!
//! `valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/machines "small generator, dyn" ours`
#![cfg_attr(feature = "nightly", feature(coroutines, coroutine_trait))]

use std::future::{self, Future};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use segue::{Coroutine, CoroutineState};

const ROUNDS: usize = 31;
/// Steps a round, of each contender.
const STEPS: u64 = 400_000;

// ---- functions, lowered by us ----

mod ours {
    use super::*;

    #[segue::coroutine(yield = u64)]
    pub(super) fn fibonacci(mut left: u64) {
        let (mut a, mut b) = (0u64, 1u64);
        while left > 0 {
            yield_!(a);
            (a, b) = (b, a.wrapping_add(b));
            left -= 1;
        }
    }

    #[segue::coroutine(yield = u64)]
    pub(super) fn array<const N: usize>(count: u64) {
        let mut bytes = [1u8; N];
        let mut at = 0;
        while at < count {
            let slot = at as usize % N;
            bytes[slot] = bytes[slot].wrapping_add(3);
            yield_!(bytes[slot] as u64);
            at += 1;
        }
    }

    #[segue::coroutine(yield = u64)]
    fn numbers1(count: u64) {
        let mut at = 0;
        while at < count {
            yield_!(at);
            at += 1;
        }
    }

    #[segue::coroutine]
    async fn chain1(leaf: impl Future<Output = u64>) -> u64 {
        leaf.await
    }

    macro_rules! chains {
        ($($chain:ident $numbers:ident: $chained:ident $numbered:ident;)*) => {$(
            #[segue::coroutine]
            pub(super) async fn $chain(leaf: impl Future<Output = u64>) -> u64 {
                $chained(leaf).await
            }

            #[segue::coroutine(yield = u64)]
            pub(super) fn $numbers(count: u64) {
                yield_from!($numbered(count));
            }
        )*};
    }

    chains! {
        chain2 numbers2: chain1 numbers1;
        chain3 numbers3: chain2 numbers2;
        chain4 numbers4: chain3 numbers3;
        chain5 numbers5: chain4 numbers4;
        chain6 numbers6: chain5 numbers5;
        chain7 numbers7: chain6 numbers6;
        chain8 numbers8: chain7 numbers7;
    }

    /// Each is given the one below it as a future.
    pub(super) fn given8(leaf: impl Future<Output = u64>) -> impl Future<Output = u64> {
        chain1(chain1(chain1(chain1(chain1(chain1(chain1(chain1(leaf))))))))
    }
}

// ---- the same, by rustc's `async fn` ----

mod native {
    use super::*;

    async fn chain1(leaf: impl Future<Output = u64>) -> u64 {
        leaf.await
    }

    macro_rules! chains {
        ($($chain:ident: $chained:ident;)*) => {$(
            pub(super) async fn $chain(leaf: impl Future<Output = u64>) -> u64 {
                $chained(leaf).await
            }
        )*};
    }

    chains! {
        chain2: chain1;
        chain3: chain2;
        chain4: chain3;
        chain5: chain4;
        chain6: chain5;
        chain7: chain6;
        chain8: chain7;
    }

    /// Each is given the one below it as a future.
    pub(super) fn given8(leaf: impl Future<Output = u64>) -> impl Future<Output = u64> {
        chain1(chain1(chain1(chain1(chain1(chain1(chain1(chain1(leaf))))))))
    }
}

// ---- the same, by hand ----

mod by_hand {
    pub(super) struct Fibonacci {
        pub(super) left: u64,
        pub(super) a: u64,
        pub(super) b: u64,
    }

    impl Iterator for Fibonacci {
        type Item = u64;

        fn next(&mut self) -> Option<u64> {
            self.left = self.left.checked_sub(1)?;
            let a = self.a;
            (self.a, self.b) = (self.b, a.wrapping_add(self.b));
            Some(a)
        }
    }

    pub(super) struct Array<const N: usize> {
        pub(super) count: u64,
        pub(super) at: u64,
        pub(super) bytes: [u8; N],
    }

    impl<const N: usize> Iterator for Array<N> {
        type Item = u64;

        fn next(&mut self) -> Option<u64> {
            if self.at == self.count {
                return None;
            }
            let slot = self.at as usize % N;
            self.bytes[slot] = self.bytes[slot].wrapping_add(3);
            self.at += 1;
            Some(self.bytes[slot] as u64)
        }
    }

    pub(super) struct Through<I>(pub(super) I);

    impl<I: Iterator> Iterator for Through<I> {
        type Item = I::Item;

        fn next(&mut self) -> Option<I::Item> {
            self.0.next()
        }
    }

    pub(super) fn numbers8(count: u64) -> impl Iterator<Item = u64> {
        Through(Through(Through(Through(Through(Through(Through(0..count)))))))
    }
}

// ---- the same, by nightly's coroutines ----

#[cfg(feature = "nightly")]
mod nightly;

// ---- driving them ----

/// Not ready for the first `left` polls.
struct Pending {
    left: u64,
}

impl Future for Pending {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Poll::Pending
            }
            None => Poll::Ready(7),
        }
    }
}

/// The same, with something to drop.
struct Dropped {
    pending: Pending,
    held: Vec<u64>,
}

impl Dropped {
    fn new(left: u64) -> Self {
        Dropped { pending: Pending { left }, held: Vec::new() }
    }
}

impl Future for Dropped {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        let len = self.held.len() as u64;
        Pin::new(&mut self.pending).poll(cx).map(|value| value + len)
    }
}

/// Polls to the end.
fn poll_all(mut future: Pin<&mut (impl Future<Output = u64> + ?Sized)>) {
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            black_box(value);
            return;
        }
    }
}

fn poll_dyn(future: impl Future<Output = u64>) {
    let future = pin!(future);
    let future: Pin<&mut dyn Future<Output = u64>> = future;
    poll_all(black_box(future));
}

fn poll_static(future: impl Future<Output = u64>) {
    poll_all(pin!(future));
}

fn resume_all<C: Coroutine<Yield = u64, Return = ()> + ?Sized>(coroutine: &mut C) {
    while let CoroutineState::Yielded(value) = coroutine.resume(()) {
        black_box(value);
    }
}

fn resume_static(mut coroutine: impl Coroutine<Yield = u64, Return = ()>) {
    resume_all(&mut coroutine);
}

fn resume_dyn(mut coroutine: impl Coroutine<Yield = u64, Return = ()>) {
    let coroutine: &mut dyn Coroutine<Yield = u64, Return = ()> = &mut coroutine;
    resume_all(black_box(coroutine));
}

fn next_static(iterator: impl Iterator<Item = u64>) {
    for value in iterator {
        black_box(value);
    }
}

fn next_dyn(mut iterator: impl Iterator<Item = u64>) {
    let iterator: &mut dyn Iterator<Item = u64> = &mut iterator;
    next_static(black_box(iterator));
}

// ---- measuring ----

struct Contender {
    name: &'static str,
    size: usize,
    /// Takes `STEPS` steps.
    run: Box<dyn Fn()>,
}

/// The first contender is ours.
struct Job {
    name: String,
    contenders: Vec<Contender>,
}

impl Job {
    fn new(name: impl Into<String>) -> Self {
        Job { name: name.into(), contenders: Vec::new() }
    }

    fn with<M>(mut self, name: &'static str, make: impl Fn() -> M, run: impl Fn() + 'static) -> Self {
        let size = size_of_val(&make());
        self.contenders.push(Contender { name, size, run: Box::new(run) });
        self
    }

    fn measure(&self) {
        let mut times = vec![Vec::new(); self.contenders.len()];
        for round in 0..ROUNDS {
            for turn in 0..self.contenders.len() {
                let at = (round + turn) % self.contenders.len();
                let start = Instant::now();
                (self.contenders[at].run)();
                times[at].push(per_step(start.elapsed()));
            }
        }
        let ours = times[0].clone();
        for (contender, times) in self.contenders.iter().zip(times) {
            let ratios = ours.iter().zip(&times).map(|(ours, theirs)| ours / theirs).collect();
            println!(
                "{:<38} {:<18} {:>7} B {:>9.2} ns {:>8.2}",
                self.name,
                contender.name,
                contender.size,
                median(times),
                median(ratios),
            );
        }
    }
}

fn per_step(time: Duration) -> f64 {
    time.as_nanos() as f64 / STEPS as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn repeat(job: impl Fn()) {
    for _ in 0..STEPS {
        job();
    }
}

/// A chain of 8 awaits: made and run to its end, or polled over and over.
macro_rules! awaits {
    ($jobs:ident, $how:literal, $poll:ident) => {{
        let ready = || future::ready(black_box(7));
        $jobs.push(
            Job::new(concat!("8 awaits, ready at once, ", $how))
                .with("ours", move || ours::chain8(ready()), move || repeat(|| $poll(ours::chain8(ready()))))
                .with(
                    "async fn",
                    move || native::chain8(ready()),
                    move || repeat(|| $poll(native::chain8(ready()))),
                ),
        );
        let once = || Pending { left: black_box(1) };
        $jobs.push(
            Job::new(concat!("8 awaits, pending once, ", $how))
                .with("ours", move || ours::chain8(once()), move || repeat(|| $poll(ours::chain8(once()))))
                .with(
                    "async fn",
                    move || native::chain8(once()),
                    move || repeat(|| $poll(native::chain8(once()))),
                ),
        );
        let long = || Pending { left: black_box(STEPS) };
        $jobs.push(
            Job::new(concat!("8 awaits, each poll, ", $how))
                .with("ours", move || ours::chain8(long()), move || $poll(ours::chain8(long())))
                .with("async fn", move || native::chain8(long()), move || $poll(native::chain8(long()))),
        );
        $jobs.push(
            Job::new(concat!("8 futures given, pending once, ", $how))
                .with("ours", move || ours::given8(once()), move || repeat(|| $poll(ours::given8(once()))))
                .with(
                    "async fn",
                    move || native::given8(once()),
                    move || repeat(|| $poll(native::given8(once()))),
                ),
        );
        $jobs.push(
            Job::new(concat!("8 futures given, each poll, ", $how))
                .with("ours", move || ours::given8(long()), move || $poll(ours::given8(long())))
                .with("async fn", move || native::given8(long()), move || $poll(native::given8(long()))),
        );
        let dropped = || Dropped::new(black_box(1));
        $jobs.push(
            Job::new(concat!("8 awaits, once, with a drop, ", $how))
                .with(
                    "ours",
                    move || ours::chain8(dropped()),
                    move || repeat(|| $poll(ours::chain8(dropped()))),
                )
                .with(
                    "async fn",
                    move || native::chain8(dropped()),
                    move || repeat(|| $poll(native::chain8(dropped()))),
                ),
        );
    }};
}

/// A generator, each step a yield.
macro_rules! yields {
    ($jobs:ident, $name:literal, $how:literal, $resume:ident, $next:ident, $made:expr, $by_hand:expr, $nightly:expr) => {{
        let job = Job::new(concat!($name, ", ", $how)).with("ours", || $made, || $resume($made)).with(
            "iterator by hand",
            || $by_hand,
            || $next($by_hand),
        );
        #[cfg(feature = "nightly")]
        let job = job.with("nightly coroutine", || $nightly, || $next($nightly));
        $jobs.push(job);
    }};
}

fn jobs() -> Vec<Job> {
    let mut jobs = Vec::new();
    awaits!(jobs, "static", poll_static);
    awaits!(jobs, "dyn", poll_dyn);
    macro_rules! generators {
        ($how:literal, $resume:ident, $next:ident) => {
            yields!(
                jobs,
                "8 generators deep",
                $how,
                $resume,
                $next,
                ours::numbers8(black_box(STEPS)),
                by_hand::numbers8(black_box(STEPS)),
                nightly::Driven(nightly::numbers8(black_box(STEPS)))
            );
            yields!(
                jobs,
                "small generator",
                $how,
                $resume,
                $next,
                ours::fibonacci(black_box(STEPS)),
                by_hand::Fibonacci { left: black_box(STEPS), a: 0, b: 1 },
                nightly::Driven(nightly::fibonacci(black_box(STEPS)))
            );
            yields!(
                jobs,
                "256-byte array",
                $how,
                $resume,
                $next,
                ours::array::<256>(black_box(STEPS)),
                by_hand::Array { count: black_box(STEPS), at: 0, bytes: [1; 256] },
                nightly::Driven(nightly::array::<256>(black_box(STEPS)))
            );
            yields!(
                jobs,
                "4-KiB array",
                $how,
                $resume,
                $next,
                ours::array::<4096>(black_box(STEPS)),
                by_hand::Array { count: black_box(STEPS), at: 0, bytes: [1; 4096] },
                nightly::Driven(nightly::array::<4096>(black_box(STEPS)))
            );
        };
    }
    generators!("static", resume_static, next_static);
    generators!("dyn", resume_dyn, next_dyn);
    jobs
}

fn main() {
    let mut wanted = std::env::args().skip(1);
    if let Some(job) = wanted.next() {
        let contender = wanted.next().unwrap_or_else(|| "ours".into());
        let jobs = jobs();
        let found = jobs.iter().filter(|other| other.name == job).flat_map(|job| &job.contenders);
        match found.into_iter().find(|other| other.name == contender) {
            Some(contender) => (contender.run)(),
            None => eprintln!("there is no \"{job}\" with \"{contender}\""),
        }
        return;
    }
    println!("{:<38} {:<18} {:>9} {:>12} {:>8}", "job", "by", "size", "a step", "ours/it");
    for job in jobs() {
        job.measure();
    }
}
