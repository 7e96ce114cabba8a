//! A check that taking a value apart leaves nothing behind to drop.

/// Implemented once for a type without a `Drop` impl of its own, twice for one with: then `Which`
/// can't be inferred and the call is an error.
#[diagnostic::on_unimplemented(message = "this value can't be matched by value across a suspension")]
pub trait NoDropImpl<Which> {}

/// Stands for "no `Drop` impl".
#[derive(Debug)]
pub struct Never;
/// Stands for "a `Drop` impl".
#[derive(Debug)]
pub struct Own;

impl<T: ?Sized> NoDropImpl<Never> for T {}
#[expect(drop_bounds, reason = "a `Drop` impl of the type's own is just what is asked for")]
impl<T: ?Sized + Drop> NoDropImpl<Own> for T {}

/// Lets a value be matched by patterns that take all of it, if its type has no `Drop` impl of its
/// own: such a value would have to be dropped as a whole at the end of its scope.
#[inline]
pub fn matched_whole<T: ?Sized + NoDropImpl<Which>, Which>(_: &T) {}

/// The end of a variable's block: it is dropped, if it needs to be.
#[inline]
pub fn end<T>(_: T) {}
