//! What `place += value` is when the place is computed and the value suspends.
//!
//! Rust evaluates the value first if both are primitives, and the place first otherwise. Only the
//! one order can be written without types, so types with the other are told where they stand.

/// A type whose `+=` and the like are the language's own.
#[diagnostic::on_unimplemented(
    message = "a computed place can't be updated by a value that suspends: `{Self}` isn't a primitive number",
    label = "bind the value with a `let` first",
    note = "Rust finds the place before it evaluates the value, unless both are primitive numbers"
)]
pub trait Primitive {}

macro_rules! primitive {
    ($($ty:ty)*) => {
        $(impl Primitive for $ty {})*
    };
}

primitive! { bool u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 }

/// The left side of such an update.
#[inline]
pub fn updated<T: Primitive>(place: &mut T) -> &mut T {
    place
}

/// The right side.
#[inline]
pub fn update<T: Primitive>(value: T) -> T {
    value
}
