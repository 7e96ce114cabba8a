//! Keeping a variable alive only so that it is dropped when Rust would drop it.

use core::cell::Cell;

/// A variable that is never named again, but may have a destructor.
///
/// `Held::new(x).hold()` gives `x` back to be stored when its type may have a destructor, and `()`
/// when it can't: a `Copy` type, or a `&mut`. Which of the two is decided by rustc's method lookup
/// (by value before by reference), so it costs nothing, and a borrow that is over isn't stored.
pub struct Held<T>(Cell<Option<T>>);

impl<T> Held<T> {
    /// Takes the variable.
    #[inline]
    pub fn new(value: T) -> Self {
        Held(Cell::new(Some(value)))
    }
}

impl<T: ?Sized> Held<&mut T> {
    /// A `&mut` has no destructor: nothing to store.
    #[inline]
    pub fn hold(self) {}
}

/// What is stored of a variable that is only held.
pub trait Hold {
    /// The variable's type, or `()`.
    type Kept;
    /// What to store.
    fn hold(self) -> Self::Kept;
}

/// Nothing to store: a `Copy` type has no destructor.
impl<T: Copy> Hold for Held<T> {
    type Kept = ();

    #[inline]
    fn hold(self) {}
}

/// The variable itself.
impl<T> Hold for &Held<T> {
    type Kept = T;

    #[inline]
    fn hold(self) -> T {
        self.0.take().expect("a held variable is taken once")
    }
}
