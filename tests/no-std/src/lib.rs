//! Coroutines in a program without std and without an allocator.
//!
//! A static library, not a `rlib`, so that rustc looks at the whole: should a crate below link std, its panic handler
//! and this one are two (E0152); should one link `alloc`, there is no global allocator.
#![no_std]
#![forbid(unsafe_code)]

pub mod machines;

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// Where a firmware begins.
pub fn main() -> Option<u32> {
    machines::run(b"12", Nowhere)
}

struct Nowhere;

impl core::fmt::Write for Nowhere {
    fn write_str(&mut self, _: &str) -> core::fmt::Result {
        Ok(())
    }
}
