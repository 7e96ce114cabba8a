//! What `?` does in a step: std's own traits for it are unstable.

use core::convert::Infallible;
use core::ops::ControlFlow::{self, Break, Continue};
use core::task::Poll;

/// [`std::ops::Try`] (unstable) for the types of std that have it.
///
/// `Kind` is always `()`: a parameter that rustc has to infer keeps it from telling a mistake twice.
///
/// [`std::ops::Try`]: https://doc.rust-lang.org/std/ops/trait.Try.html
#[diagnostic::on_unimplemented(
    message = "the `?` operator can only be applied to values that implement `Try`",
    label = "the `?` operator can't be applied to type `{Self}`"
)]
pub trait Try<Kind> {
    /// What `?` evaluates to.
    type Output;
    /// What `?` returns.
    type Residual;
    /// Goes on with the output, or leaves with the residual.
    fn branch(self) -> ControlFlow<Self::Residual, Self::Output>;
}

/// [`std::ops::FromResidual`] (unstable): what a function returns when a `?` in it fails.
///
/// [`std::ops::FromResidual`]: https://doc.rust-lang.org/std/ops/trait.FromResidual.html
#[diagnostic::on_unimplemented(
    message = "the `?` operator can't leave a coroutine that returns `{Self}` with `{R}`",
    label = "can't use the `?` operator in a coroutine that returns `{Self}`",
    note = "`?` on a `Result` needs `-> Result<_, _>`, on an `Option` `-> Option<_>`: let the function return that, \
            convert the value first, or take it apart with `match` or `let ... else`"
)]
pub trait FromResidual<R> {
    /// The value to return.
    fn from_residual(residual: R) -> Self;
}

impl<T, E> Try<()> for Result<T, E> {
    type Output = T;
    type Residual = Result<Infallible, E>;
    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, T> {
        match self {
            Ok(value) => Continue(value),
            Err(error) => Break(Err(error)),
        }
    }
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Result<T, F> {
    #[inline]
    #[track_caller]
    fn from_residual(residual: Result<Infallible, E>) -> Self {
        match residual {
            Err(error) => Err(From::from(error)),
        }
    }
}

impl<T> Try<()> for Option<T> {
    type Output = T;
    type Residual = Option<Infallible>;
    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, T> {
        match self {
            Some(value) => Continue(value),
            None => Break(None),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T> FromResidual<Option<Infallible>> for Option<T> {
    #[inline]
    fn from_residual(_: Option<Infallible>) -> Self {
        None
    }
}

impl<B, C> Try<()> for ControlFlow<B, C> {
    type Output = C;
    type Residual = ControlFlow<B, Infallible>;
    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, C> {
        match self {
            Continue(value) => Continue(value),
            Break(value) => Break(Break(value)),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<B, C> FromResidual<ControlFlow<B, Infallible>> for ControlFlow<B, C> {
    #[inline]
    fn from_residual(residual: ControlFlow<B, Infallible>) -> Self {
        match residual {
            Break(value) => Break(value),
        }
    }
}

impl<T, E> Try<()> for Poll<Result<T, E>> {
    type Output = Poll<T>;
    type Residual = Result<Infallible, E>;
    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, Poll<T>> {
        match self {
            Poll::Ready(Ok(value)) => Continue(Poll::Ready(value)),
            Poll::Ready(Err(error)) => Break(Err(error)),
            Poll::Pending => Continue(Poll::Pending),
        }
    }
}

impl<T, E> Try<()> for Poll<Option<Result<T, E>>> {
    type Output = Poll<Option<T>>;
    type Residual = Result<Infallible, E>;
    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, Poll<Option<T>>> {
        match self {
            Poll::Ready(Some(Ok(value))) => Continue(Poll::Ready(Some(value))),
            Poll::Ready(Some(Err(error))) => Break(Err(error)),
            Poll::Ready(None) => Continue(Poll::Ready(None)),
            Poll::Pending => Continue(Poll::Pending),
        }
    }
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Poll<Result<T, F>> {
    #[inline]
    fn from_residual(residual: Result<Infallible, E>) -> Self {
        Poll::Ready(FromResidual::from_residual(residual))
    }
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Poll<Option<Result<T, F>>> {
    #[inline]
    fn from_residual(residual: Result<Infallible, E>) -> Self {
        Poll::Ready(Some(FromResidual::from_residual(residual)))
    }
}
