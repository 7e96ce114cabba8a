//! The tests of segue that need the whole of it.
