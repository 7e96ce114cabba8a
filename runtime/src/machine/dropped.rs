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

/// A variable of which a closure that moves names fields only: `Captured::by_parts(&x).whole()` refuses a type that has fields.
///
/// Since the edition of 2021 `move || x.name` takes `x.name`, and what is left of `x` is dropped where `x` ends: it would have to be
/// kept over a suspension without that part. Where `x` is a pointer, `x.name` is behind it, and the pointer goes into the closure.
/// What is `Copy` leaves nothing to be dropped.
#[derive(Debug)]
pub struct Captured<'a, T>(Fields<'a, T>);

/// The type isn't `Copy`.
#[derive(Debug)]
pub struct Fields<'a, T>(PhantomData<&'a T>);

impl<'a, T> Captured<'a, T> {
    /// What such a closure captures of.
    #[inline]
    pub fn by_parts(_: &'a T) -> Self {
        Captured(Fields(PhantomData))
    }
}

impl<T: Copy> Captured<'_, T> {
    /// Nothing is dropped.
    #[inline]
    pub fn whole(self) {}
}

impl<'a, T> Deref for Captured<'a, T> {
    type Target = Fields<'a, T>;

    fn deref(&self) -> &Fields<'a, T> {
        &self.0
    }
}

impl<T> Fields<'_, T> {
    /// An error, if the type isn't a pointer.
    #[inline]
    pub fn whole(&self)
    where
        T: Pointer,
    {
    }
}

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
