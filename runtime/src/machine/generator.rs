//! A generator that delegates to nobody: its state is one enum.

use core::marker::PhantomData;
use core::ops::ControlFlow::{self, Break};
use core::pin::Pin;

use super::frame::{Frame, Open};
#[cfg(feature = "std")]
pub use super::leaving::{Leave, Rest};
use super::owning::{self, Owning};
use super::{Ended, Exit, Infallible, Input, messages};
pub use super::{Held, Hold, Step, next};
use crate::{Coroutine, CoroutineState};

/// The coroutine of a function that delegates to nobody.
#[must_use = "a coroutine does nothing until it is started, resumed or iterated"]
#[derive(Debug)]
pub struct Generator<S, B, F, Y, T> {
    frame: Frame<Infallible, S, Infallible>,
    begins: B,
    step: F,
    types: PhantomData<fn() -> (Y, T)>,
}

/// Takes a state of one group through the step of that group.
#[inline]
pub fn part<S, More, C, R, Y, T>(
    state: S,
    input: Input<R, Infallible>,
    step: impl FnOnce(S, Input<R, Infallible>) -> ControlFlow<Step<Exit<S, More>, Infallible, Y, T>, C>,
) -> ControlFlow<Step<Exit<S, More>, Infallible, Y, T>, C> {
    step(state, input)
}

/// Whether a state is that of a function that begins, which takes no value; asked before a step.
pub trait Begins<S> {
    /// Whether that matters.
    const MATTERS: bool;
    /// The same for a state that lies beside its step.
    type Owning;
    /// Whether nothing of the function has run.
    fn begins(&self, state: &S) -> bool;
    /// To be asked of a state that lies beside its step.
    fn owning(self) -> Self::Owning;
}

/// Asks of the state that lies beside a step.
#[derive(Debug)]
pub struct Beside<B>(B);

impl<S, F, B: Begins<S>> Begins<Owning<S, F>> for Beside<B> {
    const MATTERS: bool = B::MATTERS;
    type Owning = Beside<Self>;

    #[inline]
    fn begins(&self, owning: &Owning<S, F>) -> bool {
        self.0.begins(&owning.state)
    }

    fn owning(self) -> Beside<Self> {
        Beside(self)
    }
}

/// Nothing is ever sent: to start and to resume are the same.
#[derive(Debug)]
pub struct NothingSent;

impl<S> Begins<S> for NothingSent {
    const MATTERS: bool = false;
    type Owning = Self;

    #[inline]
    fn begins(&self, _: &S) -> bool {
        false
    }

    #[inline]
    fn owning(self) -> Self {
        self
    }
}

impl<S, P: Fn(&S) -> bool> Begins<S> for P {
    const MATTERS: bool = true;
    type Owning = Beside<P>;

    #[inline]
    fn begins(&self, state: &S) -> bool {
        self(state)
    }

    #[inline]
    fn owning(self) -> Beside<P> {
        Beside(self)
    }
}

/// What a coroutine begins with, and the types that the function names.
#[derive(Debug)]
pub struct Init<S, B, R, Y, T> {
    state: S,
    begins: B,
    types: PhantomData<fn(R) -> (Y, T)>,
}

/// What a coroutine begins with that is sent nothing.
#[inline]
pub fn init<S, Y, T>(state: S) -> Init<S, NothingSent, (), Y, T> {
    Init { state, begins: NothingSent, types: PhantomData }
}

/// What a coroutine begins with that is sent values of type `R`.
#[inline]
pub fn receiving<S, R, Y, T>(state: S) -> Init<S, (), R, Y, T> {
    Init { state, begins: (), types: PhantomData }
}

impl<S, R, Y, T> Init<S, (), R, Y, T> {
    /// The same, and how to know that state again: a value that is sent before the start would be lost.
    #[inline]
    pub fn begins<B: Fn(&S) -> bool>(self, begins: B) -> Init<S, B, R, Y, T> {
        Init { state: self.state, begins, types: PhantomData }
    }
}

impl<S, B, R, Y, T> Init<S, B, R, Y, T> {
    /// The types of the function are those of its proof.
    #[cfg(feature = "alloc")]
    #[inline]
    pub fn proven(self, _: super::Proof<R, Y, T>) -> Self {
        self
    }

    /// The coroutine, which `step` takes from state to state.
    #[inline]
    pub fn step<F>(self, step: F) -> Generator<S, B, F, Y, T>
    where
        F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
    {
        self.step_keeping((), step)
    }

    /// The same, of a step that captures `kept`: arrays of plain values, which stay where they are.
    #[inline]
    pub fn step_keeping<K: Copy, F>(self, kept: K, step: F) -> Generator<S, B, F, Y, T>
    where
        F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
    {
        const { assert!(size_of::<F>() == size_of::<K>(), "a step captures what is kept, and nothing else") };
        const { assert!(size_of::<B>() == 0, "to know the first state takes nothing else") };
        let _ = kept;
        Generator { frame: Frame::suspended(self.state), begins: self.begins, step, types: PhantomData }
    }

    /// The coroutine of a block, whose step may own what it captures.
    #[inline]
    #[expect(clippy::type_complexity, reason = "a step can't be named")]
    pub fn owning<F>(
        self,
        step: F,
    ) -> Generator<
        Owning<S, F>,
        B::Owning,
        impl FnMut(Owning<S, F>, Input<R, Infallible>) -> Ended<Owning<S, F>, Infallible, Y, T>,
        Y,
        T,
    >
    where
        B: Begins<S>,
        F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
    {
        let state = Owning { state: self.state, step };
        let init = Init { state, begins: self.begins.owning(), types: PhantomData::<fn(R) -> (Y, T)> };
        init.step(owning::generator())
    }
}

impl<S, B: Begins<S>, F, Y, T> Generator<S, B, F, Y, T> {
    /// Panics if the function is started a second time, or resumed before.
    #[inline]
    #[track_caller]
    fn check(&self, starts: bool) {
        if let (true, Some(state)) = (B::MATTERS, self.frame.state()) {
            match (starts, self.begins.begins(state)) {
                (true, false) => messages::started_twice::<F>(),
                (false, true) => messages::resumed_before_start::<F>(),
                _ => {}
            }
        }
    }

    /// One step.
    #[inline]
    #[track_caller]
    fn step<R>(&mut self, input: Input<R, Infallible>) -> CoroutineState<Y, T>
    where
        F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
    {
        let (state, frame) = match Pin::new(&mut self.frame).open() {
            Open::Suspended(state) => state.take(),
            Open::Start(_) | Open::Waiting(_) => unreachable!("it is suspended, or it is over"),
            Open::Over(over) => messages::resumed_when_over::<F>(over.ending()),
        };
        match (self.step)(state, input) {
            Break(Step::Yield(value, state)) => {
                frame.suspend(state);
                CoroutineState::Yielded(value)
            }
            Break(Step::Return(value)) => {
                frame.complete();
                CoroutineState::Complete(value)
            }
        }
    }
}

impl<S, B, F, R, Y, T> Coroutine<R> for Generator<S, B, F, Y, T>
where
    B: Begins<S>,
    F: FnMut(S, Input<R, Infallible>) -> Ended<S, Infallible, Y, T>,
{
    type Yield = Y;
    type Return = T;

    #[inline]
    fn start(&mut self) -> CoroutineState<Y, T> {
        self.check(true);
        self.step(Input::Nothing)
    }

    #[inline]
    fn resume(&mut self, sent: R) -> CoroutineState<Y, T> {
        self.check(false);
        self.step(Input::Sent(sent))
    }

    #[inline]
    fn is_resumable(&self) -> bool {
        self.frame.state().is_some_and(|state| !self.begins.begins(state))
    }

    #[inline]
    fn close(&mut self) {
        Pin::new(&mut self.frame).close();
    }
}

/// A `for` loop resumes with `()`; after the end there is `None` for ever.
impl<S, F, Y> Iterator for Generator<S, NothingSent, F, Y, ()>
where
    F: FnMut(S, Input<(), Infallible>) -> Ended<S, Infallible, Y, ()>,
{
    type Item = Y;

    #[inline]
    #[track_caller]
    fn next(&mut self) -> Option<Y> {
        if self.frame.is_done() { None } else { self.resume(()).yielded() }
    }
}
