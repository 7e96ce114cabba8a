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
    /// is complete, closed or has panicked. The location told is the caller's, and the coroutine is as it was.
    #[track_caller]
    fn start(&mut self) -> CoroutineState<Self::Yield, Self::Return>;

    /// Makes the `yield_!` at which the coroutine is suspended evaluate to `sent`, and runs on to
    /// the next suspension.
    ///
    /// # Panics
    ///
    /// When the coroutine isn't started yet, since `sent` would be lost (unless `R` is `()`: then
    /// it is started), and when it is complete, closed or has panicked: that is a mistake, never a value
    /// (PEP 479). The location told is the caller's, and the coroutine is as it was.
    #[track_caller]
    fn resume(&mut self, sent: R) -> CoroutineState<Self::Yield, Self::Return>;

    /// Whether [`resume`](Coroutine::resume) would run it: it is suspended at a `yield_!` that waits
    /// for a value. `false` before the start (unless `R` is `()`: then `resume` starts it), and once
    /// it is complete, closed or has panicked.
    ///
    /// ```
    /// use segue::Coroutine;
    ///
    /// #[segue::coroutine(yield = (), resume = u32)]
    /// fn once() {
    ///     yield_!();
    /// }
    ///
    /// let mut once = once();
    /// assert!(!once.is_resumable());
    /// once.start();
    /// assert!(once.is_resumable());
    /// once.resume(7);
    /// assert!(!once.is_resumable());
    /// ```
    fn is_resumable(&self) -> bool;

    /// Ends the coroutine where it is: Python's `generator.close()` (PEP 342).
    ///
    /// What it delegates to is closed first, then what it holds is dropped as it would be with the
    /// coroutine: the innermost frame's variables first, each frame's in reverse order of declaration,
    /// each once. One that was never started drops its arguments, and nothing of it runs. One that is
    /// over already stays as it is.
    ///
    /// To drop a coroutine does the same, but for what it delegates to by `&mut`: that is left as it
    /// is by a drop, and closed by `close` (PEP 380).
    ///
    /// After it [`resume`](Coroutine::resume) panics, and the coroutine as an [`Iterator`] gives `None`.
    ///
    /// ```
    /// use segue::{Coroutine, CoroutineState::*};
    ///
    /// struct Connection;
    ///
    /// impl Drop for Connection {
    ///     fn drop(&mut self) {
    ///         println!("disconnected");
    ///     }
    /// }
    ///
    /// #[segue::coroutine(yield = u32)]
    /// fn rows() {
    ///     let _connection = Connection;
    ///     yield_!(1);
    ///     yield_!(2);
    /// }
    ///
    /// let mut rows = rows();
    /// assert_eq!(rows.start(), Yielded(1));
    /// rows.close(); // prints "disconnected"
    /// rows.close(); // does nothing
    /// assert_eq!(rows.next(), None);
    /// ```
    ///
    /// # Panics
    ///
    /// When a destructor does; the coroutine is closed all the same.
    fn close(&mut self);
}

/// Raising errors in a coroutine that is sent `Result`s.
///
/// It is there for every [`Coroutine<Result<R, E>>`](Coroutine).
pub trait Throw<R, E>: Coroutine<Result<R, E>> {
    /// Raises `error` at the `yield_!` at which the coroutine is suspended, and runs on to its next
    /// suspension: Python's `generator.throw(error)` (PEP 342).
    ///
    /// It is `resume(Err(error))`, so `yield_!(value)?` returns the error from the function, and
    /// `match yield_!(value)` catches it. A coroutine that delegates passes it on as it does any value
    /// that is sent: it is raised in the innermost frame, and comes out from frame to frame as what
    /// `yield_from!` evaluates to (PEP 380).
    ///
    /// ```
    /// use segue::{Coroutine, CoroutineState::*, Throw};
    ///
    /// #[derive(Debug, PartialEq)]
    /// enum Told {
    ///     Reset,
    ///     Stop,
    /// }
    ///
    /// #[segue::coroutine(yield = u32, resume = Result<u32, Told>)]
    /// fn sum() -> Result<(), Told> {
    ///     let mut sum = 0;
    ///     loop {
    ///         match yield_!(sum) {
    ///             Ok(n) => sum += n,
    ///             Err(Told::Reset) => sum = 0,
    ///             Err(told) => return Err(told),
    ///         }
    ///     }
    /// }
    ///
    /// let mut sum = sum();
    /// assert_eq!(sum.start(), Yielded(0));
    /// assert_eq!(sum.resume(Ok(5)), Yielded(5));
    /// assert_eq!(sum.throw(Told::Reset), Ok(Yielded(0)));
    /// assert_eq!(sum.throw(Told::Stop), Ok(Complete(Err(Told::Stop))));
    /// ```
    ///
    /// # Errors
    ///
    /// `error` itself, when nobody is there to catch it: the coroutine isn't started, or is complete,
    /// closed or has panicked. As in Python, where it comes straight back out of `throw`, one that isn't
    /// started never will be: nothing of its body runs, and it is closed.
    ///
    /// ```
    /// # use segue::{Coroutine, Throw};
    /// # #[segue::coroutine(yield = u32, resume = Result<u32, &'static str>)]
    /// # fn sum() {
    /// #     yield_!(0).unwrap();
    /// # }
    /// let mut sum = sum();
    /// assert_eq!(sum.throw("too early"), Err("too early"));
    /// assert_eq!(sum.throw("too late"), Err("too late"));
    /// ```
    #[track_caller]
    fn throw(&mut self, error: E) -> Result<CoroutineState<Self::Yield, Self::Return>, E> {
        if self.is_resumable() {
            return Ok(self.resume(Err(error)));
        }
        self.close();
        Err(error)
    }
}

impl<R, E, C: Coroutine<Result<R, E>> + ?Sized> Throw<R, E> for C {}

impl<R, C: Coroutine<R> + ?Sized> Coroutine<R> for &mut C {
    type Yield = C::Yield;
    type Return = C::Return;

    fn start(&mut self) -> CoroutineState<C::Yield, C::Return> {
        (**self).start()
    }

    fn resume(&mut self, sent: R) -> CoroutineState<C::Yield, C::Return> {
        (**self).resume(sent)
    }

    fn is_resumable(&self) -> bool {
        (**self).is_resumable()
    }

    fn close(&mut self) {
        (**self).close();
    }
}

#[cfg(feature = "alloc")]
impl<R, C: Coroutine<R> + ?Sized> Coroutine<R> for alloc::boxed::Box<C> {
    type Yield = C::Yield;
    type Return = C::Return;

    fn start(&mut self) -> CoroutineState<C::Yield, C::Return> {
        (**self).start()
    }

    fn resume(&mut self, sent: R) -> CoroutineState<C::Yield, C::Return> {
        (**self).resume(sent)
    }

    fn is_resumable(&self) -> bool {
        (**self).is_resumable()
    }

    fn close(&mut self) {
        (**self).close();
    }
}
