//! The step of a function that calls itself: its frames lie on a stack of their own, on the heap.
//!
//! The machine is that of any other function. Its state is the innermost frame's, with the callers'
//! beside it, and its step goes from frame to frame until the innermost one yields or waits: so what
//! that costs doesn't depend on the depth, and nothing here calls itself.
#![expect(clippy::type_complexity, reason = "a step can't be named")]

use core::convert::Infallible;
use core::future::Future;
use core::marker::PhantomData;
use core::mem;
use core::ops::ControlFlow::Break;
use std::vec::Vec;

use super::delegates::{Coroutines, Futures};
use super::delegator::{self, Delegator};
use super::stream::{self, FusedStream, Sources};
use super::task;
use super::{At, Ended, Input, Step};
use crate::CoroutineState;

/// The state of the innermost frame, and those of its callers: dropped in this order.
#[derive(Debug)]
pub struct Frames<S> {
    innermost: S,
    callers: Callers<S>,
}

/// The states of the callers, the outermost first.
#[derive(Debug)]
struct Callers<S>(Vec<S>);

/// They are dropped as frames are that call each other: from the innermost on, and if one panics the
/// others are dropped while that passes.
impl<S> Drop for Callers<S> {
    #[inline]
    fn drop(&mut self) {
        while let Some(caller) = self.0.pop() {
            let rest = Callers(mem::take(&mut self.0));
            drop(caller);
            self.0 = rest.into_states();
        }
    }
}

impl<S> Callers<S> {
    fn into_states(mut self) -> Vec<S> {
        mem::take(&mut self.0)
    }
}

/// Takes the innermost frame through `step`, and then the one that has called it or that it calls,
/// until one yields or waits.
#[inline]
fn frames<F, A, S, J, D, R, O, Y, T>(
    mut step: F,
) -> impl FnMut(At<A, Frames<S>, Infallible>, Input<R, O>) -> Ended<Frames<S>, D, Y, T>
where
    F: FnMut(At<A, S, J>, Input<R, O, T>) -> Ended<S, D, Y, T, A>,
{
    move |at, input| {
        let (mut at, mut callers) = match at {
            At::Start(arguments) => (At::Start(arguments), Callers(Vec::new())),
            At::Suspended(Frames { innermost, callers }) => (At::Suspended(innermost), callers),
            At::Jump(never) => match never {},
        };
        let mut input = match input {
            Input::Nothing => Input::Nothing,
            Input::Sent(value) => Input::Sent(value),
            Input::Outcome(outcome) => Input::Outcome(outcome),
        };
        loop {
            let Break(ended) = step(at, input);
            match ended {
                Step::Yield(value, innermost) => return Step::yields(value, Frames { innermost, callers }),
                Step::Delegate(delegate, innermost) => {
                    return Step::delegates(delegate, Frames { innermost, callers });
                }
                Step::Call(arguments, caller) => {
                    callers.0.push(caller);
                    (at, input) = (At::Start(arguments), Input::Nothing);
                }
                Step::Return(value) => match callers.0.pop() {
                    Some(caller) => (at, input) = (At::Suspended(caller), Input::Returned(value)),
                    None => return Step::returns(value),
                },
            }
        }
    }
}

impl<A, R, Y, T, const RECEIVES: bool> delegator::Init<A, R, Y, T, RECEIVES> {
    /// The coroutine of a function that calls itself.
    #[inline]
    pub fn recursive<S, J, D, F>(
        self,
        step: F,
    ) -> Delegator<
        A,
        Frames<S>,
        Infallible,
        D,
        impl FnMut(At<A, Frames<S>, Infallible>, Input<R, D::Outcomes>) -> Ended<Frames<S>, D, Y, T>,
        Y,
        T,
        RECEIVES,
    >
    where
        D: Coroutines<R, Yield = Y>,
        F: FnMut(At<A, S, J>, Input<R, D::Outcomes, T>) -> Ended<S, D, Y, T, A>,
    {
        self.step(frames(step))
    }

    /// The coroutine of a function that calls itself, and delegates to nobody else.
    #[inline]
    pub fn recursive_alone<S, J, F>(
        self,
        step: F,
    ) -> Delegator<
        A,
        Frames<S>,
        Infallible,
        Nobody<Y>,
        impl FnMut(At<A, Frames<S>, Infallible>, Input<R, Infallible>) -> Ended<Frames<S>, Nobody<Y>, Y, T>,
        Y,
        T,
        RECEIVES,
    >
    where
        F: FnMut(At<A, S, J>, Input<R, Infallible, T>) -> Ended<S, Nobody<Y>, Y, T, A>,
    {
        self.recursive(step)
    }
}

impl<A, T> task::Init<A, T> {
    /// The future of a function that calls itself.
    #[inline]
    pub fn recursive<S, J, D, F>(self, step: F) -> impl Future<Output = T>
    where
        D: Futures,
        F: FnMut(At<A, S, J>, Input<Infallible, D::Outcomes, T>) -> Ended<S, D, Infallible, T, A>,
    {
        self.step(frames(step))
    }

    /// The future of a function that calls itself, and awaits nothing else.
    #[inline]
    pub fn recursive_alone<S, J, F>(self, step: F) -> impl Future<Output = T>
    where
        F: FnMut(At<A, S, J>, Input<Infallible, Infallible, T>) -> Ended<S, Infallible, Infallible, T, A>,
    {
        self.recursive(step)
    }
}

impl<A, Y> stream::Init<A, Y> {
    /// The stream of a function that calls itself.
    #[inline]
    pub fn recursive<S, J, D, F>(self, step: F) -> impl FusedStream<Item = Y>
    where
        D: Sources<Y>,
        F: FnMut(At<A, S, J>, Input<(), D::Outcomes, ()>) -> Ended<S, D, Y, (), A>,
    {
        self.step(frames(step))
    }

    /// The stream of a function that calls itself, and awaits nothing else.
    #[inline]
    pub fn recursive_alone<S, J, F>(self, step: F) -> impl FusedStream<Item = Y>
    where
        F: FnMut(At<A, S, J>, Input<(), Infallible, ()>) -> Ended<S, Infallible, Y, (), A>,
    {
        self.recursive(step)
    }
}

/// What a function delegates to that calls nobody but itself: there is none.
#[derive(Debug)]
pub struct Nobody<Y>(Infallible, PhantomData<fn() -> Y>);

impl<R, Y> Coroutines<R> for Nobody<Y> {
    type Yield = Y;
    type Outcomes = Infallible;

    fn start_active(&mut self) -> CoroutineState<Y, Infallible> {
        match self.0 {}
    }

    fn resume_active(&mut self, _: R) -> CoroutineState<Y, Infallible> {
        match self.0 {}
    }

    fn active_is_resumable(&self) -> bool {
        match self.0 {}
    }

    fn close_active(&mut self) {
        match self.0 {}
    }
}
