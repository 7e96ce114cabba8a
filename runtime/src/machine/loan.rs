//! Variables that other variables borrow while the function is suspended.
//!
//! A state moves at each step, so nothing in it can be borrowed. A borrowed variable is on *loan*: its value
//! has a home on the heap, which never moves, and the state has the [`Loaned`] that owns it. What a
//! `&mut` argument refers to has a home already: it is [`Lent`] by its reference, without an allocation.
//!
//! The expansion names the value `(*place(&name))`, which is the place itself: no reference to it is made
//! but those that the user's code makes, and their lifetimes are what rustc infers. These are functions, called by their
//! paths: a method could be another's, of a trait that the user has at hand. That nothing outlives
//! its home, and that nothing is changed while it is borrowed, is proven beside the machine: there the
//! function's own body stands once more, for rustc to check and for nobody to run ([`Proof`](super::Proof)).
//!
//! What may borrow from a home is [`Sealed`] in the machine: moving a reference asserts that nothing else uses what
//! it refers to, and moving what is sealed doesn't.
#![allow(unsafe_code)]

use core::cell::{Cell, UnsafeCell};
use core::fmt;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ops::ControlFlow;
use core::pin::Pin;
use core::ptr::NonNull;
use core::task::{Context, Poll};

use alloc::boxed::Box;

use super::delegates::{Coroutines, Futures};
use super::stream::Sources;
use super::{At, Ended, FromResidual, Input, Try};
use crate::CoroutineState;

/// A variable whose value has a home on the heap.
///
/// It is dropped where the variable would be, and frees the home only then, even if the value was moved out
/// before: if it was copied, borrows of it may live as long as the variable.
pub struct Loaned<T> {
    home: NonNull<MaybeUninit<T>>,
    /// Whether the value is there: it may be moved out, or not assigned yet.
    there: Cell<bool>,
    owns: PhantomData<T>,
    /// It is assigned to through a shared reference.
    invariant: PhantomData<fn(T) -> T>,
}

// SAFETY: it owns the value, as a `Box` does; what borrows the value says itself whether it is `Send`.
unsafe impl<T: Send> Send for Loaned<T> {}
// SAFETY: a shared one gives out where the value is, which takes `unsafe` to use.
unsafe impl<T: Sync> Sync for Loaned<T> {}

impl<T> Loaned<T> {
    /// A variable of this value.
    #[inline]
    pub fn new(value: T) -> Self {
        Self::at(MaybeUninit::new(value), true)
    }

    /// A variable that is assigned to later.
    #[inline]
    #[must_use]
    pub fn unset() -> Self {
        Self::at(MaybeUninit::uninit(), false)
    }

    #[inline]
    fn at(value: MaybeUninit<T>, there: bool) -> Self {
        Loaned {
            home: NonNull::from(Box::leak(Box::new(value))),
            there: Cell::new(there),
            owns: PhantomData,
            invariant: PhantomData,
        }
    }
}

/// What has a variable on loan.
pub trait OnLoan: sealed::OnLoan {
    /// The type of the variable, or of what it refers to.
    type Value: ?Sized;
    #[doc(hidden)]
    fn located(&self) -> *mut Self::Value;
    #[doc(hidden)]
    fn is_taken(&self) {}
}

mod sealed {
    pub trait OnLoan {}
    impl<T> OnLoan for super::Loaned<T> {}
    impl<T: ?Sized> OnLoan for super::Lent<'_, T> {}
    impl<T: ?Sized> OnLoan for super::Lease<T> {}
}

/// Where the value is.
#[inline]
#[must_use]
pub fn place<L: OnLoan + ?Sized>(loan: &L) -> *mut L::Value {
    loan.located()
}

/// The same for a closure, which may live longer than this handle stays where it is.
///
/// # Safety
///
/// It isn't used after the variable is dropped.
#[inline]
#[must_use]
pub unsafe fn lease<'a, L: OnLoan + ?Sized>(loan: &L) -> &'a Lease<L::Value> {
    // SAFETY: a `Lease` is what the place is, but for its type.
    unsafe { &*(loan.located() as *const Lease<L::Value>) }
}

/// Moves the value out, or copies it.
///
/// # Safety
///
/// The value is there, and isn't used after this unless it is `Copy` or was assigned anew.
#[inline]
pub unsafe fn take<L: OnLoan<Value: Sized>>(loan: &L) -> L::Value {
    loan.is_taken();
    // SAFETY: the home is there as long as the handle, and the value by contract.
    unsafe { loan.located().read() }
}

/// Assigns a value; the one before, if there is one, is dropped.
///
/// # Safety
///
/// Nothing borrows the one before.
#[inline]
pub unsafe fn assign<T>(loan: &Loaned<T>, value: T) {
    // SAFETY: the home is there as long as the handle; what is read from it is overwritten.
    let before = unsafe {
        let before = loan.there.replace(true).then(|| loan.located().read());
        loan.located().write(value);
        before
    };
    drop(before);
}

/// The variable comes back from its loan, where it is: out of a `Box`, but not out of a place, a value can be moved.
///
/// # Safety
///
/// Nothing borrows it.
///
/// # Panics
///
/// If the value isn't there. One without a destructor may have been copied out, and is there all the same.
#[inline]
#[must_use]
pub unsafe fn recall<T>(loan: Loaned<T>) -> Box<T> {
    assert!(loan.there.get() || !core::mem::needs_drop::<T>(), "a variable that is used has its value");
    let loan = ManuallyDrop::new(loan);
    // SAFETY: the home came from a box, has its value, and isn't freed by the handle any more.
    unsafe { Box::from_raw(loan.home.as_ptr().cast()) }
}

impl<T> OnLoan for Loaned<T> {
    type Value = T;

    #[inline]
    fn located(&self) -> *mut T {
        self.home.as_ptr().cast()
    }

    #[inline]
    fn is_taken(&self) {
        self.there.set(false);
    }
}

impl<T> Drop for Loaned<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it came from a box, and nobody else frees it.
        let mut home = unsafe { Box::from_raw(self.home.as_ptr()) };
        if self.there.get() {
            // SAFETY: the value is there. Should its destructor panic, the box is freed all the same.
            unsafe { home.assume_init_drop() };
        }
    }
}

/// What a `&mut` argument refers to, where variables borrow that: the reference, taken apart.
pub struct Lent<'a, T: ?Sized>(&'a Lease<T>);

// SAFETY: it is all that is left of a `&mut T`.
unsafe impl<T: ?Sized + Send> Send for Lent<'_, T> {}
// SAFETY: a shared one gives out where the value is, which takes `unsafe` to use.
unsafe impl<T: ?Sized + Sync> Sync for Lent<'_, T> {}

impl<'a, T: ?Sized> Lent<'a, T> {
    /// What this refers to.
    #[inline]
    pub fn new(reference: &'a mut T) -> Self {
        // SAFETY: a `Lease` is what the place is, but for its type; the reference isn't used any more.
        Lent(unsafe { &*(core::ptr::from_mut(reference) as *const Lease<T>) })
    }
}

impl<T: ?Sized> OnLoan for Lent<'_, T> {
    type Value = T;

    #[inline]
    fn located(&self) -> *mut T {
        self.0.located()
    }
}

impl<T: ?Sized> Clone for Lent<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Lent<'_, T> {}

/// Where a variable on loan is, for what a closure borrows.
#[repr(transparent)]
pub struct Lease<T: ?Sized>(UnsafeCell<T>);

// SAFETY: a closure has it in place of a `&T`, which needs `Sync`, or of a `&mut T`, which needs `Send`.
unsafe impl<T: ?Sized + Send + Sync> Sync for Lease<T> {}

impl<T: ?Sized> OnLoan for Lease<T> {
    type Value = T;

    #[inline]
    fn located(&self) -> *mut T {
        self.0.get()
    }
}

/// What may borrow from variables on loan, while it is only kept or moved.
pub struct Sealed<T>(MaybeUninit<T>);

impl<T> Sealed<T> {
    /// Seals it.
    #[inline]
    pub fn new(value: T) -> Self {
        Sealed(MaybeUninit::new(value))
    }

    /// Gives it out.
    #[inline]
    #[must_use]
    pub fn open(self) -> T {
        let sealed = ManuallyDrop::new(self);
        // SAFETY: it is always there, and isn't dropped here.
        unsafe { sealed.0.assume_init_read() }
    }

    #[inline]
    fn pinned(self: Pin<&mut Self>) -> Pin<&mut T> {
        // SAFETY: it is always there, and is pinned with what it is in.
        unsafe { self.map_unchecked_mut(|sealed| sealed.0.assume_init_mut()) }
    }

    /// What is sealed.
    #[inline]
    #[must_use]
    pub fn get(&self) -> &T {
        // SAFETY: it is always there.
        unsafe { self.0.assume_init_ref() }
    }

    #[inline]
    fn get_mut(&mut self) -> &mut T {
        // SAFETY: it is always there.
        unsafe { self.0.assume_init_mut() }
    }
}

impl<T> Drop for Sealed<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it is always there.
        unsafe { self.0.assume_init_drop() };
    }
}

impl<A, S, J> At<A, Sealed<S>, J> {
    /// Opens the state.
    #[inline]
    pub fn open(self) -> At<A, S, J> {
        match self {
            At::Start(arguments) => At::Start(arguments),
            At::Suspended(state) => At::Suspended(state.open()),
            At::Jump(jump) => At::Jump(jump),
        }
    }
}

impl<R, O, T> Input<R, Sealed<O>, T> {
    /// Opens what a delegate returned: as an argument of the step, a reference in it would be the only way to what it
    /// refers to until the step ends.
    #[inline]
    pub fn open(self) -> Input<R, O, T> {
        match self {
            Input::Nothing => Input::Nothing,
            Input::Sent(value) => Input::Sent(value),
            Input::Outcome(outcome) => Input::Outcome(outcome.open()),
            Input::Returned(value) => Input::Returned(value),
        }
    }
}

/// What a step ends with whose states borrow from variables on loan: [`machine::Step`](super::Step), sealed.
#[derive(Debug)]
pub enum Step {}

impl Step {
    /// The function yields a value, and waits in `state`.
    #[inline]
    pub fn yields<S, D, Y, T>(value: Y, state: S) -> Ended<Sealed<S>, D, Y, T> {
        super::Step::yields(value, Sealed::new(state))
    }

    /// The function awaits a future, and waits in `state`.
    #[inline]
    pub fn awaits<S, D, Y, T>(future: D, state: S) -> Ended<Sealed<S>, Sealed<D>, Y, T> {
        super::Step::awaits(Sealed::new(future), Sealed::new(state))
    }

    /// The function delegates to a coroutine, and waits in `state`.
    #[inline]
    pub fn delegates<S, D, Y, T>(coroutine: D, state: S) -> Ended<Sealed<S>, Sealed<D>, Y, T> {
        super::Step::delegates(Sealed::new(coroutine), Sealed::new(state))
    }

    /// The function returns.
    #[inline]
    pub fn returns<S, D, Y, T>(value: T) -> Ended<S, D, Y, T> {
        super::Step::returns(value)
    }

    /// `value?` in the function is `Step::tried(value)?` in a step.
    #[inline]
    #[track_caller]
    pub fn tried<S, D, Y, T, V, Kind>(value: V) -> ControlFlow<super::Step<S, D, Y, T>, V::Output>
    where
        V: Try<Kind>,
        T: FromResidual<V::Residual>,
    {
        super::Step::tried(value)
    }
}

impl<D: Futures> Futures for Sealed<D> {
    type Outcomes = Sealed<D::Outcomes>;

    #[inline]
    fn poll_active(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Outcomes> {
        self.pinned().poll_active(cx).map(Sealed::new)
    }
}

impl<Y, D: Sources<Y>> Sources<Y> for Sealed<D> {
    type Outcomes = Sealed<D::Outcomes>;

    #[inline]
    fn poll_active_source(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<CoroutineState<Y, Self::Outcomes>> {
        self.pinned().poll_active_source(cx).map(|state| state.map_complete(Sealed::new))
    }
}

impl<R, D: Coroutines<R>> Coroutines<R> for Sealed<D> {
    type Yield = D::Yield;
    type Outcomes = Sealed<D::Outcomes>;

    #[inline]
    fn start_active(&mut self) -> CoroutineState<D::Yield, Self::Outcomes> {
        self.get_mut().start_active().map_complete(Sealed::new)
    }

    #[inline]
    fn resume_active(&mut self, sent: R) -> CoroutineState<D::Yield, Self::Outcomes> {
        self.get_mut().resume_active(sent).map_complete(Sealed::new)
    }

    #[inline]
    fn active_is_resumable(&self) -> bool {
        self.get().active_is_resumable()
    }

    #[inline]
    fn close_active(&mut self) {
        self.get_mut().close_active();
    }
}

macro_rules! opaque {
    ($($type:ident [$($generics:tt)*] [$($arguments:tt)*]),*) => {$(
        impl<$($generics)*> fmt::Debug for $type<$($arguments)*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type)).finish_non_exhaustive()
            }
        }
    )*};
}

opaque!(Loaned [T] [T], Lent [T: ?Sized] ['_, T], Lease [T: ?Sized] [T], Sealed [T] [T]);

#[cfg(all(test, feature = "std"))]
mod tests;
