//! What is left to be dropped of a variable.

use core::ops::Deref;

/// A variable that a pattern takes apart: `Apart(&x).whole()` refuses a type that has a `Drop` impl of its own.
///
/// The pattern tells that nothing of `x` is left, so nothing of it is kept over a suspension. If its type has a destructor,
/// the pattern copied, and all of `x` would have to be dropped at the end of its scope. Which of the two methods is called
/// is decided by rustc's method lookup, so it costs nothing.
#[derive(Debug)]
pub struct Apart<'a, T>(pub &'a T);

#[expect(drop_bounds, reason = "a `Drop` impl of the type's own is just what is asked for")]
impl<T: Drop> Apart<'_, T> {
    /// The type has a destructor: an error.
    #[inline]
    pub fn whole(self)
    where
        T: TakenApart,
    {
    }
}

/// A type of which a pattern can take all. Nothing needs to implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has a `Drop` impl, so it can't be taken apart by a pattern and dropped after a suspension",
    label = "only copied by this pattern, and to be dropped at the end of its scope",
    note = "match a reference to it, `&value`, or its fields by `value.field`"
)]
pub trait TakenApart {}

impl<T> Deref for Apart<'_, T> {
    type Target = WithoutDrop;

    fn deref(&self) -> &WithoutDrop {
        &WithoutDrop
    }
}

/// The type has no `Drop` impl of its own.
#[derive(Debug)]
pub struct WithoutDrop;

impl WithoutDrop {
    /// A pattern may take all of it.
    #[inline]
    pub fn whole(&self) {}
}

/// The end of a variable's block: it is dropped, if it needs to be.
#[inline]
pub fn end<T>(_: T) {}
