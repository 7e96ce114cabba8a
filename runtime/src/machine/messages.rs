//! The panics of a misused coroutine: which function, and what to do.
//!
//! `F` is the function's step. They are raised before anything of the machine is touched, so that it
//! can still be used as it should be by whoever catches one.

use super::frame::Ending;

/// The path of the function whose step is `F`, as the user wrote it, or of the one that a block is in.
fn function_of<F>() -> &'static str {
    function_in(core::any::type_name::<F>())
}

/// The function's path in the name of its step's type: no generic code, which each machine would compile again.
fn function_in(closure: &'static str) -> &'static str {
    let wrapped = ["owning::generator<", "owning::delegator<", "recursive::frames<"];
    if let Some((_, steps)) = wrapped.iter().find_map(|name| closure.split_once(name)) {
        return steps.split("::{{closure}}").next().unwrap_or(steps);
    }
    closure.strip_suffix("::{{closure}}").unwrap_or(closure)
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn resumed_before_start<F>() -> ! {
    panic!(
        "the coroutine `{}` was resumed before it was started, and the value sent would be lost; \
         call `start()` first",
        function_of::<F>()
    )
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn started_twice<F>() -> ! {
    panic!(
        "the coroutine `{}` was started a second time; it is suspended at a `yield_!` that waits for \
         a value: call `resume(value)`",
        function_of::<F>()
    )
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn resumed_when_over<F>(ending: Ending) -> ! {
    let function = function_of::<F>();
    match ending {
        Ending::Completed => panic!(
            "the coroutine `{function}` was resumed after it had completed; stop at \
             `CoroutineState::Complete`, or call the function again for a new coroutine"
        ),
        Ending::Closed => panic!(
            "the coroutine `{function}` was resumed after it had been closed; call the function again \
             for a new coroutine"
        ),
        Ending::Panicked => panic!(
            "the coroutine `{function}` was resumed after it had panicked; what it held is gone: call the \
             function again for a new coroutine"
        ),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn polled_when_over<F>(ending: Ending) -> ! {
    let function = function_of::<F>();
    if ending == Ending::Completed {
        panic!(
            "the future of `{function}` was polled after it had completed; await it once, or call the \
             function again for a new future"
        )
    }
    panic!(
        "the future of `{function}` was polled after it had panicked; what it held is gone: call the \
         function again for a new future"
    )
}

#[cold]
#[inline(never)]
pub(super) fn wrong_input() -> ! {
    unreachable!("a step reads what it was waiting for")
}
