//! An awaited future that keeps what is left of the variables that it used.
//!
//! What `client.close().await` leaves of `client` is all of it, or nothing if the method takes `self`. A
//! macro can't tell, but rustc's own lowering of an `async` block can. So the block gives its output away and
//! stays suspended: what is left of its variables is dropped with it, in its turn.

use core::convert::Infallible;
use core::fmt;
use core::future::{self, Future, Pending};
use core::marker::PhantomData;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};

use std::sync::{Arc, Mutex, PoisonError};

use pin_project_lite::pin_project;

/// Where a block puts its output.
pub struct Given<O>(Arc<Mutex<Option<O>>>);

impl<O> Given<O> {
    /// Gives `value`, and waits until the block is dropped.
    pub fn give(self, value: O) -> Pending<Infallible> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        future::pending()
    }

    /// The place for a block's output, for both sides.
    fn pair() -> (Self, Self) {
        let given = Arc::new(Mutex::new(None));
        (Given(Arc::clone(&given)), Given(given))
    }

    /// Polls the block, and takes what it has given.
    fn poll(&self, block: Pin<&mut impl Future<Output = Infallible>>, cx: &mut Context<'_>) -> Option<O> {
        if let Poll::Ready(never) = block.poll(cx) {
            match never {}
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The future of a block that may leave something, which has a home that doesn't move.
pub struct Leaving<F, O> {
    block: Option<Pin<Box<F>>>,
    given: Given<O>,
}

/// What is left of the variables of a block. It is there to be dropped.
pub struct Left<F>(#[expect(dead_code, reason = "it is only dropped")] Pin<Box<F>>);

/// The future of the block that `uses` makes, which ends by awaiting [`Given::give`].
pub fn leaving<F, O>(uses: impl FnOnce(Given<O>) -> F) -> Leaving<F, O>
where
    F: Future<Output = Infallible>,
{
    let (theirs, given) = Given::pair();
    Leaving { block: Some(Box::pin(uses(theirs))), given }
}

impl<F: Future<Output = Infallible>, O> Future for Leaving<F, O> {
    type Output = (Left<F>, O);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(Left<F>, O)> {
        let mut block = self.block.take().expect("it is polled until it is ready");
        match self.given.poll(block.as_mut(), cx) {
            Some(value) => Poll::Ready((Left(block), value)),
            None => {
                self.block = Some(block);
                Poll::Pending
            }
        }
    }
}

/// What a block gives that waits for nothing before, and what it leaves.
///
/// # Panics
/// If the block is suspended before it gives.
pub fn at_once<F: Future>(block: F) -> F::Output {
    match pin!(block).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(given) => given,
        Poll::Pending => unreachable!("a block that takes a part waits for nothing"),
    }
}

pin_project! {
    /// The future of a block that leaves nothing which has to be dropped.
    pub struct Passing<F, O> {
        #[pin]
        block: F,
        given: Given<O>,
    }
}

impl<F, O> Passing<F, O> {
    fn new(uses: impl FnOnce(Given<O>) -> F) -> Self {
        let (theirs, given) = Given::pair();
        Passing { block: uses(theirs), given }
    }
}

impl<F: Future<Output = Infallible>, O> Future for Passing<F, O> {
    type Output = ((), O);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<((), O)> {
        let this = self.project();
        match this.given.poll(this.block, cx) {
            Some(value) => Poll::Ready(((), value)),
            None => Poll::Pending,
        }
    }
}

/// Tells by the types of a block's variables whether it may leave something: a reference or a `Copy` type
/// needs no drop. As for [`Held`](super::Held), rustc's method lookup decides.
pub struct Rest<T>(PhantomData<fn() -> T>);

impl<T> Rest<T> {
    /// The rest of this variable.
    pub fn of(_: &T) -> Self {
        Rest(PhantomData)
    }

    /// And of this one.
    pub fn and<U>(self, _: &U) -> Rest<(T, U)> {
        Rest(PhantomData)
    }
}

impl<T: ?Sized> Rest<&mut T> {
    /// A `&mut` has no destructor.
    pub fn leaving<F, O>(self, uses: impl FnOnce(Given<O>) -> F) -> Passing<F, O> {
        Passing::new(uses)
    }
}

/// Makes the future of a block that uses variables.
pub trait Leave {
    /// The future.
    type Leaving<F: Future<Output = Infallible>, O>;
    /// The future of the block that `uses` makes.
    fn leaving<F: Future<Output = Infallible>, O>(
        self,
        uses: impl FnOnce(Given<O>) -> F,
    ) -> Self::Leaving<F, O>;
}

/// A `Copy` type has no destructor.
impl<T: Copy> Leave for Rest<T> {
    type Leaving<F: Future<Output = Infallible>, O> = Passing<F, O>;

    fn leaving<F: Future<Output = Infallible>, O>(self, uses: impl FnOnce(Given<O>) -> F) -> Passing<F, O> {
        Passing::new(uses)
    }
}

/// Any other may have.
impl<T> Leave for &Rest<T> {
    type Leaving<F: Future<Output = Infallible>, O> = Leaving<F, O>;

    fn leaving<F: Future<Output = Infallible>, O>(self, uses: impl FnOnce(Given<O>) -> F) -> Leaving<F, O> {
        leaving(uses)
    }
}

macro_rules! opaque {
    ($($name:ident<$($param:ident),+>)+) => {
        $(
            impl<$($param),+> fmt::Debug for $name<$($param),+> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($name)).finish_non_exhaustive()
                }
            }
        )+
    };
}

opaque! { Leaving<F, O> Passing<F, O> Left<F> Given<O> Rest<T> }
