//! A generator that delegates to others: they are resumed in place.

use core::marker::PhantomData;
use core::ops::ControlFlow::Break;

pub use super::delegates::*;
pub use super::{At, Held, Hold, Step, next};
use super::{Ended, Input, messages};
use crate::{Coroutine, CoroutineState};

/// The coroutine of a function that delegates to others.
#[must_use = "a coroutine does nothing until it is started, resumed or iterated"]
#[derive(Debug)]
pub struct Delegator<A, S, J, D, F, Y, T> {
    frame: Frame<A, S, D>,
    step: F,
    types: Types<J, Y, T>,
}

/// Types that the machine only names.
type Types<J, Y, T> = PhantomData<fn() -> (J, Y, T)>;

#[derive(Debug)]
enum Frame<A, S, D> {
    Start(A),
    Suspended(S),
    /// Fields in this order: the delegate is dropped before the variables of the one that waits.
    /// The state is an `Option` only to be taken out before the delegate is dropped in place.
    Delegating {
        delegate: D,
        state: Option<S>,
    },
    Over,
}

/// What a coroutine begins with, and the types that the function names.
#[derive(Debug)]
pub struct Init<A, R, Y, T> {
    arguments: A,
    types: PhantomData<fn(R) -> (Y, T)>,
}

/// What a coroutine begins with.
#[inline]
pub fn init<A, R, Y, T>(arguments: A) -> Init<A, R, Y, T> {
    Init { arguments, types: PhantomData }
}

impl<A, R, Y, T> Init<A, R, Y, T> {
    /// The coroutine, which `step` takes from state to state.
    #[inline]
    pub fn step<S, J, D, F>(self, step: F) -> Delegator<A, S, J, D, F, Y, T>
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
    {
        const { assert!(size_of::<F>() == 0, "a step captures nothing") };
        Delegator { frame: Frame::Start(self.arguments), step, types: PhantomData }
    }
}

/// A coroutine as a delegate, or what [`Child::delegate`] of another trait makes of an iterator.
pub struct Child<C>(core::cell::Cell<Option<C>>);

impl<C> Child<C> {
    /// What `yield_from!` was given.
    #[inline]
    pub fn new(child: C) -> Self {
        Child(core::cell::Cell::new(Some(child)))
    }

    fn take(&self) -> C {
        self.0.take().expect("a child is taken once")
    }
}

/// What may be delegated to: rustc's method lookup finds a coroutine before an iterator.
pub trait FromChild<R> {
    /// The coroutine that is resumed.
    type Coroutine;
    /// Makes it of what `yield_from!` was given.
    fn delegate(self) -> Self::Coroutine;
}

/// A coroutine is itself.
impl<C: Coroutine<R>, R> FromChild<R> for Child<C> {
    type Coroutine = C;

    #[inline]
    fn delegate(self) -> C {
        self.take()
    }
}

/// An iterator, or what turns into one, is resumed with nothing.
impl<I: IntoIterator> FromChild<()> for &Child<I> {
    type Coroutine = Iterated<I::IntoIter>;

    #[inline]
    fn delegate(self) -> Iterated<I::IntoIter> {
        Iterated(self.take().into_iter())
    }
}

/// An iterator as a coroutine. It takes no values: one sent to it would be lost.
#[derive(Debug)]
pub struct Iterated<I>(I);

impl<I: Iterator> Coroutine<()> for Iterated<I> {
    type Yield = I::Item;
    type Return = ();

    #[inline]
    fn start(&mut self) -> CoroutineState<I::Item, ()> {
        self.resume(())
    }

    #[inline]
    fn resume(&mut self, (): ()) -> CoroutineState<I::Item, ()> {
        match self.0.next() {
            Some(item) => CoroutineState::Yielded(item),
            None => CoroutineState::Complete(()),
        }
    }
}

/// Ends the function if its delegate panics, so that both are dropped while the panic passes.
struct OnPanic<'a, A, S, D>(&'a mut Frame<A, S, D>);

impl<A, S, D> Drop for OnPanic<'_, A, S, D> {
    fn drop(&mut self) {
        *self.0 = Frame::Over;
    }
}

impl<A, S, D> Frame<A, S, D> {
    /// Runs what is delegated to. `Ok` when it yielded; when it is done the delegate is dropped,
    /// and the step goes on with its outcome.
    #[inline]
    fn run_delegate<R>(
        &mut self,
        run: impl FnOnce(&mut D) -> CoroutineState<D::Yield, D::Outcomes>,
    ) -> CoroutineState<D::Yield, (S, D::Outcomes)>
    where
        D: Coroutines<R>,
    {
        let on_panic = OnPanic(self);
        let Frame::Delegating { delegate, state } = &mut *on_panic.0 else {
            unreachable!("only a frame that delegates is asked to")
        };
        match run(delegate) {
            CoroutineState::Yielded(value) => {
                core::mem::forget(on_panic);
                CoroutineState::Yielded(value)
            }
            CoroutineState::Complete(outcomes) => {
                let state = state.take().expect("a frame that delegates has a state");
                drop(on_panic);
                CoroutineState::Complete((state, outcomes))
            }
        }
    }
}

impl<A, S, J, D, F, Y, T> Delegator<A, S, J, D, F, Y, T> {
    /// Runs to the next value that is yielded, here or by a delegate, unless the function is over.
    #[inline]
    fn advance<R>(&mut self, sent: Option<R>) -> Option<CoroutineState<Y, T>>
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
    {
        if let Frame::Delegating { .. } = self.frame {
            let ran = self.frame.run_delegate(|delegate| match sent {
                Some(value) => delegate.resume_active(value),
                None => delegate.start_active(),
            });
            return match ran {
                CoroutineState::Yielded(value) => Some(CoroutineState::Yielded(value)),
                CoroutineState::Complete((state, outcomes)) => {
                    Some(self.run(At::Suspended(state), Input::Outcome(outcomes)))
                }
            };
        }
        let input = sent.map_or(Input::Start, Input::Sent);
        match core::mem::replace(&mut self.frame, Frame::Over) {
            Frame::Start(arguments) => Some(self.run(At::Start(arguments), input)),
            Frame::Suspended(state) => Some(self.run(At::Suspended(state), input)),
            Frame::Delegating { .. } | Frame::Over => None,
        }
    }

    /// Steps until something is yielded or returned.
    #[inline]
    fn run<R>(&mut self, mut at: At<A, S, J>, mut input: Input<R, D::Outcomes>) -> CoroutineState<Y, T>
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
    {
        loop {
            match (self.step)(at, input) {
                Break(Step::Yield(value, state)) => {
                    self.frame = Frame::Suspended(state);
                    return CoroutineState::Yielded(value);
                }
                Break(Step::Return(value)) => return CoroutineState::Complete(value),
                Break(Step::Delegate(delegate, state)) => {
                    self.frame = Frame::Delegating { delegate, state: Some(state) };
                    match self.frame.run_delegate(D::start_active) {
                        CoroutineState::Yielded(value) => return CoroutineState::Yielded(value),
                        CoroutineState::Complete((state, outcomes)) => {
                            (at, input) = (At::Suspended(state), Input::Outcome(outcomes));
                        }
                    }
                }
            }
        }
    }
}

impl<A, S, J, D, F, R, Y, T> Coroutine<R> for Delegator<A, S, J, D, F, Y, T>
where
    D: Coroutines<R, Yield = Y>,
    F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
{
    type Yield = Y;
    type Return = T;

    #[inline]
    #[track_caller]
    fn start(&mut self) -> CoroutineState<Y, T> {
        match self.advance(None) {
            Some(state) => state,
            None => messages::resumed_after_completion::<F>(),
        }
    }

    #[inline]
    #[track_caller]
    fn resume(&mut self, sent: R) -> CoroutineState<Y, T> {
        match self.advance(Some(sent)) {
            Some(state) => state,
            None => messages::resumed_after_completion::<F>(),
        }
    }
}

/// A `for` loop resumes with `()`; after the end there is `None` for ever.
impl<A, S, J, D, F, Y> Iterator for Delegator<A, S, J, D, F, Y, ()>
where
    D: Coroutines<(), Yield = Y>,
    F: FnMut(At<A, S, J>, Input<(), D::Outcomes>) -> Ended<S, D, Y, ()>,
{
    type Item = Y;

    #[inline]
    fn next(&mut self) -> Option<Y> {
        self.advance(Some(()))?.yielded()
    }
}
