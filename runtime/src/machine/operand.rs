//! What is awaited and what a `for` loop goes through: what is neither is told where it stands, once.
//!
//! A trait with a single impl for all types would be taken for implemented, and rustc would complain
//! again wherever the machine uses what it gives. A second impl, for no type, keeps it from that.

use core::future::Future;

/// [`core::future::IntoFuture`] for the operand of an `.await`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a future",
    label = "`{Self}` is not a future",
    note = "only a future can be awaited, or what implements `IntoFuture`"
)]
pub trait Awaitable<Impl> {
    /// The future.
    type IntoFuture: Future;
    /// The operand as a future. The method isn't called as `IntoFuture`'s is: both are in scope.
    fn awaited(self) -> Self::IntoFuture;
}

/// [`core::iter::IntoIterator`] for what stands after the `in` of a `for` loop.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an iterator",
    label = "`{Self}` is not an iterator",
    note = "a `for` loop goes through an iterator, or what implements `IntoIterator`, as a range does: `0..n`"
)]
pub trait Iterable<Impl> {
    /// The iterator.
    type IntoIter: Iterator;
    /// The operand as an iterator.
    fn into_iter(self) -> Self::IntoIter;
}

/// The impl for all that is a future, or an iterator.
#[derive(Debug)]
pub struct Real;

/// The impl for nothing.
#[derive(Debug)]
pub struct Unreal;

/// Implemented by no type.
pub trait Nothing {}

impl<F: core::future::IntoFuture> Awaitable<Real> for F {
    type IntoFuture = F::IntoFuture;

    #[inline]
    fn awaited(self) -> F::IntoFuture {
        core::future::IntoFuture::into_future(self)
    }
}

impl<F: Nothing + Future> Awaitable<Unreal> for F {
    type IntoFuture = F;

    fn awaited(self) -> F {
        self
    }
}

impl<I: core::iter::IntoIterator> Iterable<Real> for I {
    type IntoIter = I::IntoIter;

    #[inline]
    fn into_iter(self) -> I::IntoIter {
        core::iter::IntoIterator::into_iter(self)
    }
}

impl<I: Nothing + Iterator> Iterable<Unreal> for I {
    type IntoIter = I;

    fn into_iter(self) -> I {
        self
    }
}
