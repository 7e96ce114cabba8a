//! The core in a program without std and without an allocator: `no-std/` compiles, and does what it should.
//!
//! By hand, for a target that has neither:
//!
//! ```text
//! rustup target add thumbv7em-none-eabi
//! cargo build --manifest-path tests/no-std/Cargo.toml --target thumbv7em-none-eabi
//! ```

use std::path::Path;
use std::pin::pin;
use std::process::Command;
use std::task::Poll;
use std::{env, fs};

use segue::{Coroutine, CoroutineState::*};

#[expect(unreachable_pub, reason = "they are public in a crate of their own")]
#[path = "../no-std/src/machines.rs"]
mod machines;

/// Nothing if the program compiles with these features of segue, else rustc's errors.
///
/// It is checked for the machine that this runs on, so that no target needs to be installed, and with the versions of
/// the workspace's own lock file, so that none needs to be fetched.
fn check(features: &str) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(tests.join("../Cargo.lock"), tests.join("no-std/Cargo.lock")).expect("the lock file is copied");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--features", features, "--manifest-path"])
        .arg(tests.join("no-std/Cargo.toml"))
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-std"))
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.success(), errors.is_empty(), "{errors}");
    errors
}

#[test]
fn the_core_needs_neither_std_nor_an_allocator() {
    assert_eq!(check(""), "");
    // And the check would find either.
    let errors = check("segue/std");
    assert!(errors.contains("found duplicate lang item `panic_impl`"), "{errors}");
    let errors = check("segue/alloc");
    assert!(errors.contains("no global memory allocator found"), "{errors}");
}

#[test]
fn its_generators_run() {
    assert!(machines::bits(0b0110_0001).eq([1, 0, 0, 0, 0, 1, 1, 0]));
    assert!(machines::squares(&[2, 3]).eq([4, 9]));

    let mut sum = machines::sum(2);
    assert_eq!(sum.start(), Yielded(0));
    assert_eq!(sum.resume(Some(b'4')), Yielded(1));
    assert_eq!(sum.resume(Some(b'0')), Yielded(2));
    assert_eq!(sum.resume(None), Yielded(0));
    assert_eq!(sum.resume(Some(b'2')), Yielded(1));
    assert_eq!(sum.resume(None), Complete(Ok(42)));
}

#[test]
fn its_futures_and_streams_run() {
    let line = machines::Line::default();
    let mut twice = pin!(machines::twice(&line));
    for byte in [1, 2, 0, 3] {
        line.receive(byte);
        assert_eq!(machines::poll_once(twice.as_mut()), Poll::Pending);
    }
    line.receive(0);
    assert_eq!(machines::poll_once(twice), Poll::Ready(6));

    let mut told = String::new();
    assert_eq!(machines::run(&[4, 0, 5, 0, 0], &mut told), Some(5 + 2));
    assert_eq!(told, "Ok(4);Err(5);");
}
