//! Where rustc checks the borrows of a function that has variables on [loan](super::loan).
//!
//! The machine takes them from under the borrow checker. So the function's own body stands beside it, in code that never
//! runs: a suspension is a call there, or an `.await` of rustc's own. What it yields and returns are the machine's own
//! types, lifetimes and all: nothing that it borrows gets out by another way.

use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::ops::ControlFlow;

use super::loan::Sealed;
use super::stream::Delegable;
use super::{Ended, Step};
use crate::Coroutine;

/// What is proven: a function that is sent `R`, yields `Y` and returns `T`.
///
/// It is invariant in all of them: a lifetime in what is sent, yielded or returned is the machine's.
pub struct Proof<R, Y, T>(PhantomData<Types<R, Y, T>>);

type Types<R, Y, T> = fn(R, Y, T) -> (R, Y, T);

impl<R, Y, T> Proof<R, Y, T> {
    /// The proof of a function, which its machine takes.
    #[expect(clippy::new_without_default, reason = "it is made by the expansion only")]
    #[must_use]
    pub fn new() -> Self {
        Proof(PhantomData)
    }

    /// The body of a function that doesn't await.
    pub fn coroutine(self, _: impl FnOnce() -> T) {}

    /// The body of a function that awaits.
    pub fn future(self, _: impl Future<Output = T>) {}

    /// `yield_!(value)`, as the machine says it, which evaluates to what is sent.
    ///
    /// # Panics
    ///
    /// If it is ever run.
    pub fn yields(self, _: Ended<Sealed<()>, (), Y, T>) -> R {
        never()
    }

    /// What the function returns, as the machine says it: so what is wrong with it is told once.
    ///
    /// # Panics
    ///
    /// If it is ever run.
    pub fn returns(self, _: Ended<(), (), Y, T>) -> T {
        never()
    }

    /// `value?`, in the same way.
    ///
    /// # Panics
    ///
    /// If it is ever run.
    pub fn tried<O>(self, _: ControlFlow<Step<(), (), Y, T>, O>) -> ControlFlow<T, O> {
        never()
    }

    /// `yield_from!(coroutine)`, which evaluates to what that returns.
    ///
    /// # Panics
    ///
    /// If it is ever run.
    pub fn delegates<C: Coroutine<R, Yield = Y>>(self, _: C) -> C::Return {
        never()
    }

    /// `yield_from!(stream)`.
    ///
    /// # Panics
    ///
    /// If it is ever run.
    pub fn streams<S: Delegable<Y, Impl>, Impl>(self, _: S) {
        never()
    }
}

fn never() -> ! {
    unreachable!("a proof is checked and never run")
}

impl<R, Y, T> Clone for Proof<R, Y, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, Y, T> Copy for Proof<R, Y, T> {}

impl<R, Y, T> fmt::Debug for Proof<R, Y, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof")
    }
}
