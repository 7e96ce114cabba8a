//! Where a function keeps what it needs while it is suspended, and what it waits for.
//!
//! With [`loan`](super::loan) the only module with `unsafe`, for what safe Rust can't say: variables are moved out from beside a
//! delegate that is pinned, and a frame that was emptied needn't be asked what is to be dropped when
//! it is filled again. To its users it is safe: [`Frame::open`] gives out the contents and a
//! [`Vacant`] frame, or a [`Waiting`] one; either is the only way to the frame while it lives.
//!
//! The same in safe code, by `pin-project-lite` and `Option`s to take things out of, takes in
//! `benches/`, instructions a step: 8 awaits pending once 224 instead of 93, the same with something
//! to drop 426 instead of 128, a poll of 8 levels 77 instead of 42, a small generator 41 instead of 31.
#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::mem;
use core::ops::ControlFlow::{self, Break, Continue};
use core::pin::Pin;
use core::ptr;

/// What there is between two steps: arguments `A`, variables `S`, or a delegate with variables: `W`,
/// which is a [`Delegation`], or `Infallible` where there is none.
///
/// Only the delegate is pinned with the frame. There is no `Drop` impl: what there is is dropped.
#[derive(Debug)]
pub(super) struct Frame<A, S, W>(Held<A, S, W>);

#[derive(Debug)]
enum Held<A, S, W> {
    Start(A),
    Suspended(S),
    Waiting(W),
    Complete,
    Closed,
    /// While a step runs too: if it panics it stays so.
    Panicked,
}

/// A delegate, and the variables of the function that waits for it: dropped in this order.
#[derive(Debug)]
pub(super) struct Delegation<D, S> {
    delegate: D,
    state: S,
}

impl<A, S, W: Pinned> Unpin for Frame<A, S, W> where W::Delegate: Unpin {}

/// What of `W` is pinned.
pub(super) trait Pinned {
    /// The delegate.
    type Delegate;
}

impl<D, S> Pinned for Delegation<D, S> {
    type Delegate = D;
}

impl Pinned for core::convert::Infallible {
    type Delegate = Self;
}

/// A frame, opened. It tells where the contents are and doesn't hold them: LLVM would go through
/// memory to know which they are.
pub(super) enum Open<'a, A, S, W> {
    Start(Contents<'a, A, A, S, W>),
    Suspended(Contents<'a, S, A, S, W>),
    Waiting(Waiting<'a, A, S, W>),
    Over(Over<'a, A, S, W>),
}

/// A frame that is `Held::Start` or `Held::Suspended`, and where in it `T` is, which is `A` or `S`.
pub(super) struct Contents<'a, T, A, S, W> {
    held: *mut Held<A, S, W>,
    inner: *mut T,
    frame: PhantomData<&'a mut Held<A, S, W>>,
}

/// A frame that holds nothing; it is `Panicked` until it is filled. It came pinned.
pub(super) struct Vacant<'a, A, S, W>(&'a mut Held<A, S, W>);

/// A frame that is `Held::Waiting`, and where in it that is. It came pinned.
pub(super) struct Waiting<'a, A, S, W> {
    held: *mut Held<A, S, W>,
    inner: *mut W,
    frame: PhantomData<&'a mut Held<A, S, W>>,
}

/// The frame of a function that has ended.
pub(super) struct Over<'a, A, S, W>(&'a Held<A, S, W>);

/// How a function has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    Completed,
    Closed,
    Panicked,
}

/// The variables that waited, what the delegate ended with, and the frame that both were in.
type Done<'a, A, S, D, O> = (S, O, Vacant<'a, A, S, Delegation<D, S>>);

impl<A, S, W> Frame<A, S, W> {
    /// A function that will begin with `arguments`.
    #[inline]
    pub(super) const fn new(arguments: A) -> Self {
        Frame(Held::Start(arguments))
    }

    /// A function that will go on with `state`.
    #[inline]
    pub(super) const fn suspended(state: S) -> Self {
        Frame(Held::Suspended(state))
    }

    /// The variables, if the function is suspended and waits for no delegate.
    #[inline]
    pub(super) const fn state(&self) -> Option<&S> {
        if let Held::Suspended(state) = &self.0 { Some(state) } else { None }
    }

    /// Whether the function still has its arguments.
    #[inline]
    pub(super) const fn is_start(&self) -> bool {
        matches!(self.0, Held::Start(_))
    }

    /// Whether the function is suspended, itself or in what it delegates to.
    #[inline]
    pub(super) const fn is_suspended(&self) -> bool {
        matches!(self.0, Held::Suspended(_) | Held::Waiting(_))
    }

    /// Whether the function has returned, or was closed.
    #[inline]
    pub(super) const fn is_done(&self) -> bool {
        matches!(self.0, Held::Complete | Held::Closed)
    }

    /// Whether the function has ended, in any way.
    #[inline]
    pub(super) const fn is_over(&self) -> bool {
        matches!(self.0, Held::Complete | Held::Closed | Held::Panicked)
    }

    /// Ends the function, and drops what it holds where it is.
    #[inline]
    pub(super) fn close(mut self: Pin<&mut Self>) {
        if !self.is_over() {
            self.set(Frame(Held::Closed));
        }
    }

    /// Finds what is there. A delegate is looked for first.
    #[inline(always)]
    pub(super) fn open(self: Pin<&mut Self>) -> Open<'_, A, S, W> {
        // SAFETY: only `A` and `S`, which aren't pinned, are moved out; `Vacant` and `Waiting` know
        // that the frame is pinned.
        let held = unsafe { &mut self.get_unchecked_mut().0 };
        if let Held::Waiting(_) = held {
            return Open::Waiting(Waiting::of(held));
        }
        let held = ptr::from_mut(held);
        // SAFETY: it is a reference's, and the one made here ends here.
        match unsafe { &mut *held } {
            Held::Suspended(inner) => Open::Suspended(Contents { held, inner, frame: PhantomData }),
            Held::Start(inner) => Open::Start(Contents { held, inner, frame: PhantomData }),
            over => Open::Over(Over(over)),
        }
    }
}

impl<'a, T, A, S, W> Contents<'a, T, A, S, W> {
    /// Takes it out.
    #[inline(always)]
    pub(super) fn take(self) -> (T, Vacant<'a, A, S, W>) {
        // SAFETY: it points into the frame, which is ours for `'a`, and which `emptied` makes forget it.
        let inner = unsafe { ptr::read(self.inner) };
        // SAFETY: it is the frame, which is ours for `'a`.
        (inner, emptied(unsafe { &mut *self.held }))
    }
}

/// Forgets what is in a frame.
#[inline(always)]
fn emptied<A, S, W>(held: &mut Held<A, S, W>) -> Vacant<'_, A, S, W> {
    // SAFETY: a reference is valid.
    unsafe { ptr::write(held, Held::Panicked) };
    Vacant(held)
}

impl<A, S, W> Over<'_, A, S, W> {
    /// How the function has ended.
    #[cold]
    #[inline(never)]
    pub(super) fn ending(&self) -> Ending {
        match self.0 {
            Held::Complete => Ending::Completed,
            Held::Closed => Ending::Closed,
            _ => Ending::Panicked,
        }
    }
}

impl<A, S, W> Vacant<'_, A, S, W> {
    #[inline(always)]
    fn fill(&mut self, next: Held<A, S, W>) {
        // SAFETY: a reference is valid, and nothing is there to be dropped.
        unsafe { ptr::write(self.0, next) };
    }

    /// The function waits to be resumed.
    #[inline(always)]
    pub(super) fn suspend(mut self, state: S) {
        self.fill(Held::Suspended(state));
    }

    /// The function has returned.
    #[inline(always)]
    pub(super) fn complete(mut self) {
        self.fill(Held::Complete);
    }
}

impl<'a, A, S, D> Vacant<'a, A, S, Delegation<D, S>> {
    /// The function waits for a delegate.
    #[inline(always)]
    pub(super) fn wait(mut self, delegate: D, state: S) -> Waiting<'a, A, S, Delegation<D, S>> {
        self.fill(Held::Waiting(Delegation { delegate, state }));
        Waiting::of(self.0)
    }
}

impl<'a, A, S, W> Waiting<'a, A, S, W> {
    #[inline(always)]
    fn of(held: &'a mut Held<A, S, W>) -> Self {
        let held = ptr::from_mut(held);
        // SAFETY: it is a reference's, and the one made here ends here.
        match unsafe { &mut *held } {
            Held::Waiting(inner) => Waiting { held, inner, frame: PhantomData },
            _ => unreachable!("a frame that waits has a delegate"),
        }
    }
}

impl<'a, A, S, D> Waiting<'a, A, S, Delegation<D, S>> {
    /// Runs the delegate where it is. When it breaks it is done: it is dropped, and the variables
    /// that waited come out. When it panics it is dropped, and then they, while the panic passes.
    #[inline(always)]
    pub(super) fn run<O, P>(
        self,
        run: impl FnOnce(Pin<&mut D>) -> ControlFlow<O, P>,
    ) -> ControlFlow<Done<'a, A, S, D, O>, P> {
        let ended = Ended(self.held);
        // SAFETY: it points into the frame, which is ours for `'a`. The frame came pinned, and its
        // delegate stays where it is until it is dropped there.
        let answer = run(unsafe { Pin::new_unchecked(&mut (*self.inner).delegate) });
        mem::forget(ended);
        match answer {
            Continue(pending) => Continue(pending),
            Break(outcome) => {
                let (state, vacant) = self.finish();
                Break((state, outcome, vacant))
            }
        }
    }

    /// Drops the delegate in place, and then gives out the variables.
    #[inline(always)]
    fn finish(self) -> (S, Vacant<'a, A, S, Delegation<D, S>>) {
        // SAFETY: it points into the frame, which is ours for `'a` and forgets what has been read:
        // `Emptied` does that even if the delegate's destructor panics.
        let state = unsafe { ptr::read(&raw const (*self.inner).state) };
        let emptied = Emptied(self.held);
        // SAFETY: it points into the frame, nobody uses it after this, and the frame forgets it too.
        unsafe { ptr::drop_in_place(&raw mut (*self.inner).delegate) };
        drop(emptied);
        // SAFETY: it is the frame, which is ours for `'a`.
        (state, Vacant(unsafe { &mut *self.held }))
    }
}

/// Ends the function if its delegate panics.
struct Ended<A, S, W>(*mut Held<A, S, W>);

impl<A, S, W> Drop for Ended<A, S, W> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: `Waiting::run`, which makes it, has the frame for its own for longer.
        panicked(unsafe { &mut *self.0 });
    }
}

/// Drops what is in a frame, out of the way of those that don't panic.
#[cold]
#[inline(never)]
fn panicked<A, S, W>(held: &mut Held<A, S, W>) {
    *held = Held::Panicked;
}

/// Empties a frame in the end.
struct Emptied<A, S, W>(*mut Held<A, S, W>);

impl<A, S, W> Drop for Emptied<A, S, W> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: `Waiting::finish`, which makes it, has the frame for its own for longer.
        emptied(unsafe { &mut *self.0 });
    }
}

#[cfg(all(test, feature = "std"))]
mod tests;
