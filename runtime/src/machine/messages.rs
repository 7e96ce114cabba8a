//! The panics of a misused coroutine: which function, and what to do.

/// The path of the function whose step is `F`, as the user wrote it.
fn function_of<F>() -> &'static str {
    let closure = core::any::type_name::<F>();
    closure.strip_suffix("::{{closure}}").unwrap_or(closure)
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn resumed_after_completion<F>() -> ! {
    panic!(
        "the coroutine `{}` was resumed after it had completed or panicked; \
         stop at `CoroutineState::Complete`, or call the function again for a new coroutine",
        function_of::<F>()
    )
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn polled_after_completion<F>() -> ! {
    panic!(
        "the future of `{}` was polled after it had completed or panicked; \
         await it once, or call the function again for a new future",
        function_of::<F>()
    )
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn resumed_before_start(function: &str) -> ! {
    panic!(
        "the coroutine `{function}` was resumed before it was started, and the value sent would be \
         lost; call `start()` first"
    )
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn started_twice(function: &str) -> ! {
    panic!(
        "the coroutine `{function}` was started a second time; it is suspended at a `yield_!` that \
         waits for a value: call `resume(value)`"
    )
}

#[cold]
#[inline(never)]
pub(super) fn wrong_outcome() -> ! {
    unreachable!("a step reads the outcome of the delegate that it was waiting for")
}
