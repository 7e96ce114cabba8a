//! The attribute macro of segue.
#![forbid(unsafe_code)]
