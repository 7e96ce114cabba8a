//! segue: coroutines you can see.
#![forbid(unsafe_code)]
