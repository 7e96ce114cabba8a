//! Subjects: what the scripts are tried on, behind one object-safe face so that each body costs little to compile.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::effects::Guard;
use crate::log::{self, Entry};

/// A coroutine or a future under test. It writes what it hands out to the log.
pub trait Subject {
    /// Starts it (`position` 0) or resumes it; whether it is suspended now, rather than complete.
    fn step(&mut self, position: usize) -> bool;
}

/// A value that scripts can send: the one for a position in a sequence.
pub trait Sent {
    /// The value with which resumption `position` of sequence `sends` goes in.
    fn sent(sends: u64, position: usize) -> Self;
}

impl Sent for () {
    fn sent(_sends: u64, _position: usize) {}
}

impl Sent for i64 {
    fn sent(sends: u64, position: usize) -> i64 {
        let mixed = (sends + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (position as u64).wrapping_mul(0xd1b5_4a32_d192_ed03);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 60) as i64
    }
}

impl Sent for bool {
    fn sent(sends: u64, position: usize) -> bool {
        i64::sent(sends, position) & 1 == 1
    }
}

impl Sent for String {
    fn sent(sends: u64, position: usize) -> String {
        format!("sent {}", i64::sent(sends, position))
    }
}

impl Sent for Guard {
    fn sent(sends: u64, position: usize) -> Guard {
        Guard::quiet(100 + i64::sent(sends, position))
    }
}

impl<T: Sent> Sent for Option<T> {
    fn sent(sends: u64, position: usize) -> Option<T> {
        (i64::sent(sends, position) % 4 != 3).then(|| T::sent(sends, position))
    }
}

impl<T: Sent> Sent for Result<T, String> {
    fn sent(sends: u64, position: usize) -> Result<T, String> {
        Option::<T>::sent(sends, position).ok_or_else(|| format!("thrown at {position}"))
    }
}

/// A future as a subject: pending is suspended.
struct Polled<F>(Pin<Box<F>>);

impl<F: Future<Output: Debug>> Subject for Polled<F> {
    fn step(&mut self, _position: usize) -> bool {
        match self.0.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => true,
            Poll::Ready(value) => completed(&value),
        }
    }
}

/// Writes a yielded value to the log.
pub(crate) fn yielded(value: &dyn Debug) -> bool {
    log::record(Entry::Text(format!("yield {value:?}")));
    true
}

/// Writes a result to the log.
fn completed(value: &dyn Debug) -> bool {
    log::record(Entry::Text(format!("complete {value:?}")));
    false
}

#[cfg(feature = "oracle-only")]
pub use self::rustcs as ours;

/// Our side: segue's attribute, and how what it makes becomes a subject.
#[cfg(not(feature = "oracle-only"))]
pub mod ours {
    pub use segue::{coroutine as lowered, generator};

    use std::marker::PhantomData;

    use segue::{Coroutine, CoroutineState};

    use super::*;

    /// A coroutine as a subject.
    struct Generator<M, R> {
        machine: M,
        resumed: PhantomData<fn(R)>,
    }

    impl<M, R: Sent> Subject for Generator<M, R>
    where
        M: Coroutine<R, Yield: Debug, Return: Debug>,
    {
        fn step(&mut self, position: usize) -> bool {
            let (sends, _) = log::position();
            let state = if position == 0 {
                self.machine.start()
            } else {
                self.machine.resume(R::sent(sends, position))
            };
            match state {
                CoroutineState::Yielded(value) => yielded(&value),
                CoroutineState::Complete(value) => completed(&value),
            }
        }
    }

    /// A generator as a subject, through its `Iterator` face.
    struct Values<M>(M);

    impl<M: Iterator<Item: Debug>> Subject for Values<M> {
        fn step(&mut self, _position: usize) -> bool {
            match self.0.next() {
                Some(value) => yielded(&value),
                None => completed(&()),
            }
        }
    }

    /// What `#[segue::coroutine(yield = …)]` made.
    pub fn generator<'a, R: Sent + 'a, M>(machine: M) -> Box<dyn Subject + 'a>
    where
        M: Coroutine<R, Yield: Debug, Return: Debug> + 'a,
    {
        Box::new(Generator { machine, resumed: PhantomData })
    }

    /// The same, driven as an iterator.
    pub fn values<'a, M: Iterator<Item: Debug> + 'a>(machine: M) -> Box<dyn Subject + 'a> {
        Box::new(Values(machine))
    }

    /// A stream as a subject: an item is yielded, and pending is suspended.
    struct Items<S>(Pin<Box<S>>);

    impl<S: segue::Stream<Item: Debug>> Subject for Items<S> {
        fn step(&mut self, _position: usize) -> bool {
            match self.0.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
                Poll::Pending => true,
                Poll::Ready(Some(item)) => yielded(&item),
                Poll::Ready(None) => completed(&()),
            }
        }
    }

    /// What `#[segue::coroutine(yield = …)]` made of an `async fn`.
    pub fn stream<'a, S: segue::Stream<Item: Debug> + 'a>(stream: S) -> Box<dyn Subject + 'a> {
        Box::new(Items(Box::pin(stream)))
    }

    /// What `#[segue::coroutine]` made of an `async fn`, or of a function that delegates to futures.
    pub fn task<'a, F: Future<Output: Debug> + 'a>(future: F) -> Box<dyn Subject + 'a> {
        Box::new(Polled(Box::pin(future)))
    }
}

/// The oracle's side: the same names, for a future of rustc's own.
pub mod rustcs {
    pub use segue_oracle_macro::{generator, lowered};

    use super::*;

    /// A generator as rustc lowers it: an async fn that yields through [`crate::oracle`].
    pub fn generator<'a, F: Future<Output: Debug> + 'a>(future: F) -> Box<dyn Subject + 'a> {
        Box::new(Polled(Box::pin(future)))
    }

    /// The same.
    pub fn values<'a, F: Future<Output: Debug> + 'a>(future: F) -> Box<dyn Subject + 'a> {
        generator(future)
    }

    /// An async generator: the same again.
    pub fn stream<'a, F: Future<Output: Debug> + 'a>(future: F) -> Box<dyn Subject + 'a> {
        generator(future)
    }

    /// An async fn as it stands.
    pub fn task<'a, F: Future<Output: Debug> + 'a>(future: F) -> Box<dyn Subject + 'a> {
        generator(future)
    }
}
