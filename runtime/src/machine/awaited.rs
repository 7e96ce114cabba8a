//! What is awaited, as a future.

use core::future::Future;

/// [`core::future::IntoFuture`] for the operand of an `.await`: what is no future is told there, once.
///
/// A trait with a single impl would be taken for implemented, and the type that isn't a future would
/// be complained of again wherever the machine uses it. [`Nobody`] makes it two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a future",
    label = "`{Self}` is not a future",
    note = "only a future can be awaited, or what implements `IntoFuture`"
)]
pub trait IntoFuture<Impl> {
    /// The future.
    type IntoFuture: Future;
    /// The operand as a future.
    fn into_future(self) -> Self::IntoFuture;
}

/// The impl for all that can be awaited.
#[derive(Debug)]
pub struct Everybody;

impl<F: core::future::IntoFuture> IntoFuture<Everybody> for F {
    type IntoFuture = F::IntoFuture;

    #[inline]
    fn into_future(self) -> F::IntoFuture {
        core::future::IntoFuture::into_future(self)
    }
}

/// Implemented by no type.
pub trait Nobody: Future + Sized {}

impl<F: Nobody> IntoFuture<()> for F {
    type IntoFuture = F;

    fn into_future(self) -> F {
        self
    }
}
