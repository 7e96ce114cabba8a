//! A generator that delegates to others: they are resumed in place.

use core::cell::Cell;
use core::marker::PhantomData;
use core::ops::ControlFlow::{self, Break, Continue};
use core::pin::Pin;

pub use super::delegates::*;
use super::frame::{Delegation, Frame, Open};
#[cfg(feature = "std")]
pub use super::leaving::{Leave, Rest};
use super::owning::{self, Owning};
pub use super::{At, Held, Hold, Step, next};
use super::{Ended, Infallible, Input, Led, Refused, messages};
use crate::{Coroutine, CoroutineState};

/// The coroutine of a function that delegates to others.
#[must_use = "a coroutine does nothing until it is started, resumed or iterated"]
#[derive(Debug)]
pub struct Delegator<A, S, J, D, F, Y, T, const RECEIVES: bool> {
    frame: Frame<A, S, Delegation<Movable<D>, S>>,
    step: F,
    types: Types<J, Y, T>,
}

/// Types that the machine only names.
type Types<J, Y, T> = PhantomData<fn() -> (J, Y, T)>;

/// What a coroutine begins with, and the types that the function names.
#[derive(Debug)]
pub struct Init<A, R, Y, T, const RECEIVES: bool> {
    arguments: A,
    types: PhantomData<fn(R) -> (Y, T)>,
}

/// What a coroutine begins with that is sent nothing.
#[inline]
pub fn init<A, Y, T>(arguments: A) -> Init<A, (), Y, T, false> {
    Init { arguments, types: PhantomData }
}

/// What a coroutine begins with that is sent values of type `R`.
#[inline]
pub fn receiving<A, R, Y, T>(arguments: A) -> Init<A, R, Y, T, true> {
    Init { arguments, types: PhantomData }
}

impl<A, R, Y, T, const RECEIVES: bool> Init<A, R, Y, T, RECEIVES> {
    /// The types of the function are those of its proof.
    #[cfg(feature = "alloc")]
    #[inline]
    pub fn proven(self, _: super::Proof<R, Y, T>) -> Self {
        self
    }

    /// The coroutine, which `step` takes from state to state.
    #[inline]
    pub fn step<S, J, D, F>(self, step: F) -> Delegator<A, S, J, D, F, Y, T, RECEIVES>
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
    {
        self.step_keeping((), step)
    }

    /// The same, of a step that captures `kept`: arrays of plain values, which stay where they are.
    #[inline]
    pub fn step_keeping<K: Copy, S, J, D, F>(
        self,
        kept: K,
        step: F,
    ) -> Delegator<A, S, J, D, F, Y, T, RECEIVES>
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
    {
        const { assert!(size_of::<F>() == size_of::<K>(), "a step captures what is kept, and nothing else") };
        let _ = kept;
        Delegator { frame: Frame::new(self.arguments), step, types: PhantomData }
    }

    /// The coroutine of a block, whose step may own what it captures.
    #[inline]
    #[expect(clippy::type_complexity, reason = "a step can't be named")]
    pub fn owning<S, J, D, F>(
        self,
        step: F,
    ) -> Delegator<
        Owning<A, F>,
        Owning<S, F>,
        Infallible,
        D,
        impl FnMut(
            At<Owning<A, F>, Owning<S, F>, Infallible>,
            Input<R, D::Outcomes>,
        ) -> Ended<Owning<S, F>, D, Y, T>,
        Y,
        T,
        RECEIVES,
    >
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
    {
        let arguments = Owning { state: self.arguments, step };
        let init = Init::<_, R, Y, T, RECEIVES> { arguments, types: PhantomData };
        init.step(owning::delegator())
    }
}

/// Takes a state of one group through the step of that group.
#[inline]
pub fn part<A, S, J, O, More, D, Others, C, R, Y, T>(
    at: At<A, S, J>,
    input: Input<R, O>,
    step: impl FnOnce(At<A, S, J>, Input<R, O>) -> Led<S, More, D, Others, Y, T, C>,
) -> Led<S, More, D, Others, Y, T, C>
where
    D: Coroutines<R, Yield = Y, Outcomes = O>,
{
    step(at, input)
}

/// What a coroutine that is sent `R` and yields `Y` delegates to: a coroutine or an iterator.
///
/// Which of the two is decided by rustc's method lookup: [`FromChild::delegate`] of a coroutine by value
/// before that of an iterator by reference, and last, by `&mut`, the one that says what is wrong.
pub struct Child<C, R, Y>(Cell<Option<C>>, PhantomData<fn(R) -> Y>);

impl<C, R, Y> Child<C, R, Y> {
    /// What `yield_from!` was given.
    #[inline]
    pub fn new(child: C) -> Self {
        Child(Cell::new(Some(child)), PhantomData)
    }

    fn take(&self) -> C {
        self.0.take().expect("a child is taken once")
    }

    /// What is neither is refused here.
    pub fn delegate(&mut self) -> Refused<Y, ()>
    where
        C: Delegable<R, Y>,
    {
        Refused::new()
    }
}

/// What `yield_from!` takes: the methods of [`Child`] ask, this only has the words.
#[diagnostic::on_unimplemented(
    message = "`yield_from!` can't delegate to `{Self}`",
    label = "neither a coroutine nor an iterator that yields `{Y}` and is sent `{R}`",
    note = "a coroutine delegates to one that has the same `yield` and `resume` types or, if nothing is sent to it, \
            to an iterator; otherwise write a loop with a `yield_!` in it"
)]
pub trait Delegable<R, Y> {}

/// What `yield_from!` makes of its operand.
pub trait FromChild {
    /// The coroutine that is resumed.
    type Coroutine;
    /// Makes it of what `yield_from!` was given.
    fn delegate(self) -> Self::Coroutine;
}

/// A coroutine is itself.
impl<C: Coroutine<R, Yield = Y>, R, Y> FromChild for Child<C, R, Y> {
    type Coroutine = C;

    #[inline]
    fn delegate(self) -> C {
        self.take()
    }
}

/// An iterator, or what turns into one: nothing can be sent to it.
impl<I: IntoIterator<Item = Y>, Y> FromChild for &Child<I, (), Y> {
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

    fn is_resumable(&self) -> bool {
        true
    }

    /// An iterator can't be closed, only dropped.
    fn close(&mut self) {}
}

/// A delegate that may move with the machine while it is suspended: it is resumed by `&mut`.
#[derive(Debug)]
struct Movable<D>(D);

impl<D> Unpin for Movable<D> {}

impl<D> Movable<D> {
    #[inline(always)]
    fn movable(self: Pin<&mut Self>) -> &mut D {
        &mut self.get_mut().0
    }
}

impl<A, S, J, D, F, Y, T, const RECEIVES: bool> Delegator<A, S, J, D, F, Y, T, RECEIVES> {
    /// Runs to the next value: `sent` goes to the delegate by `delegate`, or else into the step by
    /// `input`.
    #[inline]
    #[track_caller]
    fn advance<R, X>(
        &mut self,
        sent: X,
        delegate: impl FnOnce(&mut D, X) -> CoroutineState<Y, D::Outcomes>,
        input: impl FnOnce(X) -> Input<R, D::Outcomes>,
    ) -> CoroutineState<Y, T>
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
    {
        let (mut at, mut input, mut frame) = match Pin::new(&mut self.frame).open() {
            Open::Waiting(waiting) => match waiting.run(|active| until(delegate(active.movable(), sent))) {
                Continue(value) => return CoroutineState::Yielded(value),
                Break((state, outcome, frame)) => (At::Suspended(state), Input::Outcome(outcome), frame),
            },
            Open::Start(arguments) => {
                let (arguments, frame) = arguments.take();
                (At::Start(arguments), input(sent), frame)
            }
            Open::Suspended(state) => {
                let (state, frame) = state.take();
                (At::Suspended(state), input(sent), frame)
            }
            Open::Over(over) => messages::resumed_when_over::<F>(over.ending()),
        };
        loop {
            match (self.step)(at, input) {
                Break(Step::Yield(value, state)) => {
                    frame.suspend(state);
                    return CoroutineState::Yielded(value);
                }
                Break(Step::Delegate(delegate, state)) => {
                    match frame.wait(Movable(delegate), state).run(|active| until(start(active.movable()))) {
                        Continue(value) => return CoroutineState::Yielded(value),
                        Break((state, outcome, vacant)) => {
                            (at, input, frame) = (At::Suspended(state), Input::Outcome(outcome), vacant);
                        }
                    }
                }
                Break(Step::Return(value)) => {
                    frame.complete();
                    return CoroutineState::Complete(value);
                }
            }
        }
    }
}

/// Starts a delegate, apart from where it is resumed: else each level of a chain would be inlined
/// into the next twice, and soon not at all.
#[inline(never)]
fn start<D: Coroutines<R>, R>(delegate: &mut D) -> CoroutineState<D::Yield, D::Outcomes> {
    delegate.start_active()
}

/// A delegate that yields lets its owner continue to wait.
#[inline(always)]
fn until<Y, O>(state: CoroutineState<Y, O>) -> ControlFlow<O, Y> {
    match state {
        CoroutineState::Yielded(value) => Continue(value),
        CoroutineState::Complete(outcome) => Break(outcome),
    }
}

impl<A, S, J, D, F, R, Y, T, const RECEIVES: bool> Coroutine<R> for Delegator<A, S, J, D, F, Y, T, RECEIVES>
where
    D: Coroutines<R, Yield = Y>,
    F: FnMut(At<A, S, J>, Input<R, D::Outcomes>) -> Ended<S, D, Y, T>,
{
    type Yield = Y;
    type Return = T;

    #[inline]
    fn start(&mut self) -> CoroutineState<Y, T> {
        if RECEIVES && self.frame.is_suspended() {
            messages::started_twice::<F>()
        }
        self.advance((), |delegate, ()| delegate.start_active(), |()| Input::Nothing)
    }

    #[inline]
    fn resume(&mut self, sent: R) -> CoroutineState<Y, T> {
        if RECEIVES && self.frame.is_start() {
            messages::resumed_before_start::<F>()
        }
        self.advance(sent, D::resume_active, Input::Sent)
    }

    #[inline]
    fn is_resumable(&self) -> bool {
        self.frame.is_suspended() || !RECEIVES && self.frame.is_start()
    }

    /// The delegate is closed first: it may be lent, and outlive this (PEP 380).
    #[inline]
    fn close(&mut self) {
        if let Open::Waiting(waiting) = Pin::new(&mut self.frame).open() {
            let _ = waiting.run(|active| {
                active.movable().close_active();
                ControlFlow::<D::Outcomes, ()>::Continue(())
            });
        }
        Pin::new(&mut self.frame).close();
    }
}

/// A `for` loop resumes with `()`; after the end there is `None` for ever.
impl<A, S, J, D, F, Y> Iterator for Delegator<A, S, J, D, F, Y, (), false>
where
    D: Coroutines<(), Yield = Y>,
    F: FnMut(At<A, S, J>, Input<(), D::Outcomes>) -> Ended<S, D, Y, ()>,
{
    type Item = Y;

    #[inline]
    #[track_caller]
    fn next(&mut self) -> Option<Y> {
        if self.frame.is_done() { None } else { self.resume(()).yielded() }
    }
}
