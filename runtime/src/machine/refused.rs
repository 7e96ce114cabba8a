//! What a function that was refused returns, so that its callers see no error of their own.

use core::marker::PhantomData;

use crate::{Coroutine, CoroutineState};

/// Stands for the coroutine of a function that doesn't compile.
#[derive(Debug)]
pub struct Refused<Y, T>(PhantomData<fn() -> (Y, T)>);

impl<Y, T> Refused<Y, T> {
    /// Never runs: the error beside it ends the compilation.
    #[allow(clippy::new_without_default, reason = "only the expansion makes one")]
    pub fn new() -> Self {
        Refused(PhantomData)
    }
}

impl<R, Y, T> Coroutine<R> for Refused<Y, T> {
    type Yield = Y;
    type Return = T;

    fn start(&mut self) -> CoroutineState<Y, T> {
        unreachable!("a function that doesn't compile isn't run")
    }

    fn resume(&mut self, _: R) -> CoroutineState<Y, T> {
        unreachable!("a function that doesn't compile isn't run")
    }

    fn is_resumable(&self) -> bool {
        false
    }

    fn close(&mut self) {}
}

impl<Y> Iterator for Refused<Y, ()> {
    type Item = Y;

    fn next(&mut self) -> Option<Y> {
        None
    }
}

/// Called in place of a function that the macro can't read, though rustc can.
#[must_use = "`#[segue::coroutine]` can't read this syntax: it may be newer than the macro; write it in \
              another way, or in a plain function"]
pub fn unread() -> Option<()> {
    None
}
