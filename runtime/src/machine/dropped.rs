//! What is left to be dropped of a variable.

use core::marker::PhantomData;
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

/// A variable that is taken to be used up.
///
/// `Used::of(&x).by_parts()`: a closure that moves names fields of `x` only. Since the edition of 2021 it takes those fields, and what is
/// left of `x` is dropped where `x` ends: it would have to be kept over a suspension without them. Where `x` is a [`Pointer`], the
/// fields are behind it, and it goes into the closure itself.
///
/// `Used::of(&x).by_unwrapping()`: a method is called by the name of one that unwraps an `Option`. One of another type may only look.
///
/// What is `Copy` leaves nothing to be dropped. Which of the two methods of a name is called is decided by rustc's method lookup, so it
/// costs nothing.
#[derive(Debug)]
pub struct Used<'a, T>(UsedUp<'a, T>);

impl<'a, T> Used<'a, T> {
    /// What is used.
    #[inline]
    pub fn of(_: &'a T) -> Self {
        Used(UsedUp(PhantomData))
    }
}

impl<T: Copy> Used<'_, T> {
    /// Nothing is dropped.
    #[inline]
    pub fn by_parts(self) {}

    /// Nothing is dropped.
    #[inline]
    pub fn by_unwrapping(self) {}
}

impl<'a, T> Deref for Used<'a, T> {
    type Target = UsedUp<'a, T>;

    fn deref(&self) -> &UsedUp<'a, T> {
        &self.0
    }
}

/// The type isn't `Copy`.
#[derive(Debug)]
pub struct UsedUp<'a, T>(PhantomData<&'a T>);

impl<T> UsedUp<'_, T> {
    /// An error, if the type isn't a pointer.
    #[inline]
    pub fn by_parts(&self)
    where
        T: Pointer,
    {
    }

    /// An error, if std's method isn't of this type.
    #[inline]
    pub fn by_unwrapping(&self)
    where
        T: Unwraps,
    {
    }
}

/// A value on loan that is unwrapped: the same question.
#[inline]
pub fn unwrapped<T: Unwraps>(value: T) -> T {
    value
}

/// A type whose methods `unwrap` and `expect` take it. Nothing needs to implement it.
#[diagnostic::on_unimplemented(
    message = "a method that is called as those are which unwrap an `Option` may only look at a `{Self}`, to be dropped after a suspension",
    label = "taken to be used up by this call",
    note = "write `{{value}}.method(...)` if the method takes the value, or `(&mut value).method(...)` if it borrows it"
)]
pub trait Unwraps {}

impl<T> Unwraps for Option<T> {}
impl<T, E> Unwraps for Result<T, E> {}

/// A pointer of std's: all its fields are behind it. Nothing needs to implement it.
#[diagnostic::on_unimplemented(
    message = "this closure takes only a part of a variable of type `{Self}`, and what is left would be dropped after a suspension",
    label = "captured here by its fields, as all closures do since the edition of 2021",
    note = "bind the field to a variable of its own before, `let part = value.part;`, or let the closure take all of it with `let value = value;`"
)]
pub trait Pointer {}

impl<T: ?Sized> Pointer for &T {}
impl<T: ?Sized> Pointer for &mut T {}
impl<P> Pointer for core::pin::Pin<P> {}
impl<T: ?Sized> Pointer for core::cell::Ref<'_, T> {}
impl<T: ?Sized> Pointer for core::cell::RefMut<'_, T> {}
#[cfg(feature = "alloc")]
impl<T: ?Sized> Pointer for alloc::boxed::Box<T> {}
#[cfg(feature = "alloc")]
impl<T: ?Sized> Pointer for alloc::rc::Rc<T> {}
#[cfg(feature = "alloc")]
impl<T: ?Sized> Pointer for alloc::sync::Arc<T> {}
#[cfg(feature = "std")]
impl<T: ?Sized> Pointer for std::sync::MutexGuard<'_, T> {}
#[cfg(feature = "std")]
impl<T: ?Sized> Pointer for std::sync::RwLockReadGuard<'_, T> {}
#[cfg(feature = "std")]
impl<T: ?Sized> Pointer for std::sync::RwLockWriteGuard<'_, T> {}

/// The end of a variable's block: it is dropped, if it needs to be.
#[inline]
pub fn end<T>(_: T) {}
