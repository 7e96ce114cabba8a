//! An awaited future that keeps what is left of the variables that it used.

use core::convert::Infallible;
use core::fmt;
use core::future::{self, Future};
use core::pin::Pin;
use core::task::{Context, Poll};

use std::sync::{Arc, Mutex, PoisonError};

/// What `client.close().await` leaves of `client`: all of it, or nothing if the method takes `self`.
///
/// A macro can't tell, but rustc's own lowering of an `async` block can. So the block gives its output
/// away and stays suspended: what is left of its variables is dropped with it, in its turn.
pub struct Leaving<F, O> {
    future: Option<Pin<Box<F>>>,
    given: Arc<Mutex<Option<O>>>,
}

/// Where the block puts what it has to give.
pub struct Given<O>(Arc<Mutex<Option<O>>>);

/// What is left of the variables of a block. It is there to be dropped.
pub struct Left<F>(#[expect(dead_code, reason = "it is only dropped")] Pin<Box<F>>);

/// The future of the block that `uses` makes, which ends by awaiting [`Given::give`].
pub fn leaving<F, O>(uses: impl FnOnce(Given<O>) -> F) -> Leaving<F, O>
where
    F: Future<Output = Infallible>,
{
    let given = Arc::new(Mutex::new(None));
    let future = Some(Box::pin(uses(Given(Arc::clone(&given)))));
    Leaving { future, given }
}

impl<O> Given<O> {
    /// Gives `value`, and waits until the block is dropped.
    pub async fn give(self, value: O) -> Infallible {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        future::pending().await
    }
}

impl<F: Future<Output = Infallible>, O> Future for Leaving<F, O> {
    type Output = (Left<F>, O);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(Left<F>, O)> {
        let mut future = self.future.take().expect("it is polled until it is ready");
        if let Poll::Ready(never) = future.as_mut().poll(cx) {
            match never {}
        }
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner).take();
        match given {
            Some(value) => Poll::Ready((Left(future), value)),
            None => {
                self.future = Some(future);
                Poll::Pending
            }
        }
    }
}

impl<F, O> fmt::Debug for Leaving<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaving").finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for Left<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Left").finish_non_exhaustive()
    }
}

impl<O> fmt::Debug for Given<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given").finish_non_exhaustive()
    }
}
