//! What a coroutine is: a value that is resumed, and yields or completes.

/// What a coroutine answers when it is started or resumed.
///
/// The shape of [`std::ops::CoroutineState`], which is unstable; Python spells the second case
/// `StopIteration(value)` (PEP 255, PEP 380).
///
/// [`std::ops::CoroutineState`]: https://doc.rust-lang.org/std/ops/enum.CoroutineState.html
///
/// ```
/// use segue::{Coroutine, CoroutineState};
///
/// #[segue::coroutine(yield = u32)]
/// fn one_then_name() -> &'static str {
///     yield_!(1);
///     "done"
/// }
///
/// let mut coroutine = one_then_name();
/// assert_eq!(coroutine.start(), CoroutineState::Yielded(1));
/// assert_eq!(coroutine.resume(()), CoroutineState::Complete("done"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoroutineState<Y, T> {
    /// The coroutine is suspended at a `yield_!` of this value.
    Yielded(Y),
    /// The coroutine has returned this value; it can't be resumed again.
    Complete(T),
}

impl<Y, T> CoroutineState<Y, T> {
    /// The value yielded, if the coroutine is suspended.
    ///
    /// ```
    /// use segue::CoroutineState;
    /// assert_eq!(CoroutineState::<u8, ()>::Yielded(1).yielded(), Some(1));
    /// ```
    pub fn yielded(self) -> Option<Y> {
        match self {
            Self::Yielded(value) => Some(value),
            Self::Complete(_) => None,
        }
    }

    /// The value returned, if the coroutine is complete.
    ///
    /// ```
    /// use segue::CoroutineState;
    /// assert_eq!(CoroutineState::<(), u8>::Complete(1).complete(), Some(1));
    /// ```
    pub fn complete(self) -> Option<T> {
        match self {
            Self::Yielded(_) => None,
            Self::Complete(value) => Some(value),
        }
    }
}

impl<Y, T> CoroutineState<Y, T> {
    /// The same, with what it returned wrapped.
    #[inline]
    pub(crate) fn map_complete<U>(self, wrap: impl FnOnce(T) -> U) -> CoroutineState<Y, U> {
        match self {
            Self::Yielded(value) => CoroutineState::Yielded(value),
            Self::Complete(value) => CoroutineState::Complete(wrap(value)),
        }
    }
}

/// A suspended function: [`start`](Coroutine::start) runs it to its first `yield_!`, each
/// [`resume`](Coroutine::resume) sends it a value and runs it to the next.
///
/// Functions under `#[segue::coroutine(yield = Y, resume = R)]` return one. `start()` is Python's
/// `next(generator)`, `resume(value)` its `generator.send(value)` (PEP 342).
///
/// ```
/// use segue::{Coroutine, CoroutineState::*};
///
/// #[segue::coroutine(yield = f64, resume = f64)]
/// fn averager() {
///     let mut total = 0.0;
///     let mut count = 0.0;
///     let mut average = 0.0;
///     loop {
///         total += yield_!(average);
///         count += 1.0;
///         average = total / count;
///     }
/// }
///
/// let mut average = averager();
/// assert_eq!(average.start(), Yielded(0.0));
/// assert_eq!(average.resume(10.0), Yielded(10.0));
/// assert_eq!(average.resume(30.0), Yielded(20.0));
/// ```
pub trait Coroutine<R = ()> {
    /// What `yield_!` hands out.
    type Yield;
    /// What the function returns in the end.
    type Return;

    /// Runs the coroutine from its beginning to its first suspension.
    ///
    /// # Panics
    ///
    /// When the coroutine was started before (unless `R` is `()`: then it is resumed), and when it
    /// is complete or has panicked. The location told is the caller's, and the coroutine is as it was.
    #[track_caller]
    fn start(&mut self) -> CoroutineState<Self::Yield, Self::Return>;

    /// Makes the `yield_!` at which the coroutine is suspended evaluate to `sent`, and runs on to
    /// the next suspension.
    ///
    /// # Panics
    ///
    /// When the coroutine isn't started yet, since `sent` would be lost (unless `R` is `()`: then
    /// it is started), and when it is complete or has panicked: that is a mistake, never a value
    /// (PEP 479). The location told is the caller's, and the coroutine is as it was.
    #[track_caller]
    fn resume(&mut self, sent: R) -> CoroutineState<Self::Yield, Self::Return>;
}

impl<R, C: Coroutine<R> + ?Sized> Coroutine<R> for &mut C {
    type Yield = C::Yield;
    type Return = C::Return;

    fn start(&mut self) -> CoroutineState<C::Yield, C::Return> {
        (**self).start()
    }

    fn resume(&mut self, sent: R) -> CoroutineState<C::Yield, C::Return> {
        (**self).resume(sent)
    }
}

#[cfg(feature = "std")]
impl<R, C: Coroutine<R> + ?Sized> Coroutine<R> for std::boxed::Box<C> {
    type Yield = C::Yield;
    type Return = C::Return;

    fn start(&mut self) -> CoroutineState<C::Yield, C::Return> {
        (**self).start()
    }

    fn resume(&mut self, sent: R) -> CoroutineState<C::Yield, C::Return> {
        (**self).resume(sent)
    }
}
