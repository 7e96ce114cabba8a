//! Two coroutines take turns: a scheduler in ten lines.
//!
//! `cargo run --example round_robin`
//!
//! What to see: each runs until its `yield_!`, then the other has its turn, in one thread and without a loop of events; the
//! shorter one leaves early, and the values that they return are collected as they end.
#![forbid(unsafe_code)]

use std::collections::VecDeque;

use segue::{Coroutine, CoroutineState};

type Job = Box<dyn Coroutine<Yield = (), Return = String>>;

/// Works in steps, and gives way after each.
#[segue::coroutine(yield = ())]
fn worker(name: &'static str, steps: u32) -> String {
    for step in 1..=steps {
        println!("{name}: step {step} of {steps}");
        yield_!(());
    }
    format!("{name} is done after {steps}")
}

/// Gives each job its turn until all of them have returned.
fn round_robin(jobs: impl IntoIterator<Item = Job>) -> Vec<String> {
    let mut queue: VecDeque<Job> = jobs.into_iter().collect();
    let mut returned = Vec::new();
    while let Some(mut job) = queue.pop_front() {
        match job.resume(()) {
            CoroutineState::Yielded(()) => queue.push_back(job),
            CoroutineState::Complete(value) => returned.push(value),
        }
    }
    returned
}

fn main() {
    let jobs: [Job; 2] = [Box::new(worker("ping", 4)), Box::new(worker("pong", 2))];
    for line in round_robin(jobs) {
        println!("-> {line}");
    }
}
