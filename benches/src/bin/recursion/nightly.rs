//! The same by nightly's coroutines, each in a box.

use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;

type Boxed = Pin<Box<dyn Coroutine<Yield = u64, Return = ()>>>;

fn coroutine(depth: u64, count: u64) -> Boxed {
    Box::pin(
        #[coroutine]
        move || {
            if depth > 1 {
                let mut below = coroutine(depth - 1, count);
                while let CoroutineState::Yielded(value) = below.as_mut().resume(()) {
                    yield value;
                }
            } else {
                for n in 0..count {
                    yield n;
                }
            }
        },
    )
}

pub(super) fn iterate(depth: u64, count: u64) -> impl Iterator<Item = u64> {
    let mut coroutine = coroutine(depth, count);
    std::iter::from_fn(move || match coroutine.as_mut().resume(()) {
        CoroutineState::Yielded(value) => Some(value),
        CoroutineState::Complete(()) => None,
    })
}
