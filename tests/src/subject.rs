//! Subjects: what the scripts are tried on, behind one object-safe face so that each body costs little to compile.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use segue::{Coroutine, CoroutineState, Throw};

use crate::effects::{Guard, Oops};
use crate::log::{self, Entry};

/// A coroutine or a future under test. It writes what it hands out to the log.
pub trait Subject {
    /// Starts it (`position` 0) or resumes it; whether it is suspended now, rather than complete.
    fn step(&mut self, position: usize) -> bool;

    /// Ends it where it is. What is no coroutine is dropped in its place, which must be the same.
    fn close(&mut self);

    /// Moves it elsewhere, if it may be moved.
    fn move_on(&mut self) {}
}

/// A value that scripts can send: the one for a position in a sequence.
pub trait Sent: Sized {
    /// The value with which resumption `position` of sequence `sends` goes in.
    fn sent(sends: u64, position: usize) -> Self;

    /// Resumes the coroutine with it.
    fn resume<C: Coroutine<Self>>(self, coroutine: &mut C) -> CoroutineState<C::Yield, C::Return> {
        coroutine.resume(self)
    }
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

/// An error that scripts can throw.
pub trait Thrown {
    /// The one for a suspension.
    fn thrown(position: usize) -> Self;
}

impl Thrown for String {
    fn thrown(position: usize) -> String {
        format!("thrown at {position}")
    }
}

impl Thrown for Oops {
    fn thrown(position: usize) -> Oops {
        Oops(300 + position as i64)
    }
}

/// An error is sent now and then, and where the script says so. It goes in by `throw`.
impl<T: Sent, E: Thrown> Sent for Result<T, E> {
    fn sent(sends: u64, position: usize) -> Result<T, E> {
        let sent = Option::<T>::sent(sends, position).filter(|_| !log::throws_at(position));
        sent.ok_or_else(|| E::thrown(position))
    }

    fn resume<C: Coroutine<Self>>(self, coroutine: &mut C) -> CoroutineState<C::Yield, C::Return> {
        match self {
            Ok(value) => coroutine.resume(Ok(value)),
            Err(error) => match coroutine.throw(error) {
                Ok(state) => state,
                Err(_) => panic!("what is suspended takes an error"),
            },
        }
    }
}

/// A future as a subject: pending is suspended. None once it is closed.
struct Polled<F>(Option<Pin<Box<F>>>);

impl<F: Future<Output: Debug>> Subject for Polled<F> {
    fn step(&mut self, _position: usize) -> bool {
        let future = self.0.as_mut().expect("nothing is resumed after it was closed");
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => true,
            Poll::Ready(value) => completed(&value),
        }
    }

    fn close(&mut self) {
        self.0 = None;
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

    use super::*;

    /// A machine in a box, which it can leave for another.
    struct Moving<M>(Box<Option<M>>);

    impl<M> Moving<M> {
        fn new(machine: M) -> Moving<M> {
            Moving(Box::new(Some(machine)))
        }

        fn machine(&mut self) -> &mut M {
            self.0.as_mut().as_mut().expect("nothing is resumed after it was let go")
        }

        /// Moves it to another box, and something else to where it was.
        fn move_on(&mut self) {
            let mut other = Box::new(None);
            std::mem::swap(&mut *other, &mut *self.0);
            let before = std::mem::replace(&mut self.0, other);
            drop(before);
            std::hint::black_box(vec![0xa5_u8; size_of::<Option<M>>()]);
        }
    }

    /// A coroutine as a subject.
    struct Generator<M, R> {
        machine: Moving<M>,
        resumed: PhantomData<fn(R)>,
    }

    impl<M, R: Sent> Subject for Generator<M, R>
    where
        M: Coroutine<R, Yield: Debug, Return: Debug>,
    {
        fn step(&mut self, position: usize) -> bool {
            let (sends, _) = log::position();
            let state = if position == 0 {
                self.machine.machine().start()
            } else {
                R::sent(sends, position).resume(self.machine.machine())
            };
            match state {
                CoroutineState::Yielded(value) => yielded(&value),
                CoroutineState::Complete(value) => completed(&value),
            }
        }

        fn close(&mut self) {
            self.machine.machine().close();
        }

        fn move_on(&mut self) {
            self.machine.move_on();
        }
    }

    /// A generator as a subject, through its `Iterator` face.
    struct Values<M>(Moving<M>);

    impl<M: Iterator<Item: Debug>> Subject for Values<M> {
        fn step(&mut self, _position: usize) -> bool {
            match self.0.machine().next() {
                Some(value) => yielded(&value),
                None => completed(&()),
            }
        }

        fn close(&mut self) {
            *self.0.0 = None;
        }

        fn move_on(&mut self) {
            self.0.move_on();
        }
    }

    /// What `#[segue::coroutine(yield = …)]` made.
    pub fn generator<'a, R: Sent + 'a, M>(machine: M) -> Box<dyn Subject + 'a>
    where
        M: Coroutine<R, Yield: Debug, Return: Debug> + 'a,
    {
        Box::new(Generator { machine: Moving::new(machine), resumed: PhantomData })
    }

    /// The same, driven as an iterator.
    pub fn values<'a, M: Iterator<Item: Debug> + 'a>(machine: M) -> Box<dyn Subject + 'a> {
        Box::new(Values(Moving::new(machine)))
    }

    /// A stream as a subject: an item is yielded, and pending is suspended.
    struct Items<S>(Option<Pin<Box<S>>>);

    impl<S: segue::Stream<Item: Debug>> Subject for Items<S> {
        fn step(&mut self, _position: usize) -> bool {
            let stream = self.0.as_mut().expect("nothing is resumed after it was closed");
            match stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
                Poll::Pending => true,
                Poll::Ready(Some(item)) => yielded(&item),
                Poll::Ready(None) => completed(&()),
            }
        }

        fn close(&mut self) {
            self.0 = None;
        }
    }

    /// What `#[segue::coroutine(yield = …)]` made of an `async fn`.
    pub fn stream<'a, S: segue::Stream<Item: Debug> + 'a>(stream: S) -> Box<dyn Subject + 'a> {
        Box::new(Items(Some(Box::pin(stream))))
    }

    /// What `#[segue::coroutine]` made of an `async fn`, or of a function that delegates to futures.
    pub fn task<'a, F: Future<Output: Debug> + 'a>(future: F) -> Box<dyn Subject + 'a> {
        Box::new(Polled(Some(Box::pin(future))))
    }
}

/// The oracle's side: the same names, for a future of rustc's own.
pub mod rustcs {
    pub use segue_oracle_macro::{generator, lowered};

    use super::*;

    /// A generator as rustc lowers it: an async fn that yields through [`crate::oracle`].
    pub fn generator<'a, F: Future<Output: Debug> + 'a>(future: F) -> Box<dyn Subject + 'a> {
        Box::new(Polled(Some(Box::pin(future))))
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
