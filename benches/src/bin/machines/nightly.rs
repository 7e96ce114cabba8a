//! The generators by nightly's coroutines.

use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;

/// So that all generators are driven in the same way.
pub(super) struct Driven<C>(pub(super) C);

impl<C: Coroutine<Yield = u64, Return = ()> + Unpin> Iterator for Driven<C> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        match Pin::new(&mut self.0).resume(()) {
            CoroutineState::Yielded(value) => Some(value),
            CoroutineState::Complete(()) => None,
        }
    }
}

pub(super) fn fibonacci(mut left: u64) -> impl Coroutine<Yield = u64, Return = ()> + Unpin {
    #[coroutine]
    move || {
        let (mut a, mut b) = (0u64, 1u64);
        while left > 0 {
            yield a;
            (a, b) = (b, a.wrapping_add(b));
            left -= 1;
        }
    }
}

pub(super) fn array<const N: usize>(count: u64) -> impl Coroutine<Yield = u64, Return = ()> + Unpin {
    #[coroutine]
    move || {
        let mut bytes = [1u8; N];
        let mut at = 0;
        while at < count {
            let slot = at as usize % N;
            bytes[slot] = bytes[slot].wrapping_add(3);
            yield bytes[slot] as u64;
            at += 1;
        }
    }
}

fn numbers1(count: u64) -> impl Coroutine<Yield = u64, Return = ()> + Unpin {
    #[coroutine]
    move || {
        let mut at = 0;
        while at < count {
            yield at;
            at += 1;
        }
    }
}

macro_rules! chains {
    ($($numbers:ident: $numbered:ident;)*) => {$(
        pub(super) fn $numbers(count: u64) -> impl Coroutine<Yield = u64, Return = ()> + Unpin {
            #[coroutine]
            move || {
                let mut inner = $numbered(count);
                loop {
                    let state = Pin::new(&mut inner).resume(());
                    match state {
                        CoroutineState::Yielded(value) => yield value,
                        CoroutineState::Complete(()) => return,
                    }
                }
            }
        }
    )*};
}

chains! {
    numbers2: numbers1;
    numbers3: numbers2;
    numbers4: numbers3;
    numbers5: numbers4;
    numbers6: numbers5;
    numbers7: numbers6;
    numbers8: numbers7;
}
