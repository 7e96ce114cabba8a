//! One of each kind of coroutine; `tests/tests/no_std.rs` runs them too.

use core::cell::Cell;
use core::fmt::Write;
use core::future::{Future, poll_fn, ready};
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};

use segue::{Coroutine, Stream};

/// An iterator; the array stays in place.
#[segue::coroutine(yield = u8)]
pub fn bits(byte: u8) {
    let mut seen = [0u8; 8];
    for at in 0..8usize {
        seen[at] = byte >> at & 1;
        yield_!(seen[at]);
    }
}

/// Is sent values, returns one, and fails.
#[segue::coroutine(yield = usize, resume = Option<u8>)]
pub fn number() -> Result<u32, &'static str> {
    let (mut digits, mut value) = (0, 0u32);
    while let Some(byte) = yield_!(digits) {
        let digit = char::from(byte).to_digit(10).ok_or("not a digit")?;
        value = value.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or("too large")?;
        digits += 1;
    }
    Ok(value)
}

/// Delegates.
#[segue::coroutine(yield = usize, resume = Option<u8>)]
pub fn sum(terms: u32) -> Result<u32, &'static str> {
    let mut sum = 0;
    for _ in 0..terms {
        sum += yield_from!(number())?;
    }
    Ok(sum)
}

/// A block.
pub fn squares(list: &[u32]) -> impl Iterator<Item = u32> {
    segue::generator! { for n in list { yield n * n } }
}

/// A driver's register.
#[derive(Default)]
pub struct Line {
    received: Cell<Option<u8>>,
}

impl Line {
    /// What an interrupt does.
    pub fn receive(&self, byte: u8) {
        self.received.set(Some(byte));
    }

    async fn read(&self, buffer: &mut [u8]) -> usize {
        buffer[0] = poll_fn(|_| self.received.take().map_or(Poll::Pending, Poll::Ready)).await;
        1
    }
}

/// A future which lends its buffer to the one that it awaits, and keeps a variable with a destructor.
#[segue::coroutine]
pub async fn line(from: &Line) -> u32 {
    let guard = Counted(0);
    let (mut buffer, mut sum) = ([0; 4], 0);
    loop {
        let n = from.read(&mut buffer).await;
        for byte in &buffer[..n] {
            sum += u32::from(*byte);
        }
        if buffer[0] == 0 {
            ready(()).await;
            return sum + guard.0;
        }
    }
}

struct Counted(u32);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0 += 1;
    }
}

/// A future without `async`.
#[segue::coroutine]
pub fn twice(from: &Line) -> u32 {
    let first = yield_from!(line(from));
    first + yield_from!(line(from))
}

/// A stream.
#[segue::coroutine(yield = Result<u32, u32>)]
pub async fn sums(from: &Line) {
    loop {
        match line(from).await {
            0 => return,
            sum if sum % 2 == 0 => yield_!(Ok(sum)),
            sum => yield_!(Err(sum)),
        }
    }
}

/// A future that goes through a stream, and writes.
#[segue::coroutine]
pub async fn report<W: Write>(
    sums: impl Stream<Item = Result<u32, u32>> + Unpin,
    mut out: W,
) -> core::fmt::Result {
    for_await!(sum in sums {
        write!(out, "{:?};", ready(sum).await)?;
    });
    Ok(())
}

/// What an executor of a firmware does with a future.
pub fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// All of them in one, so that all are compiled to the end.
pub fn run(bytes: &[u8], out: impl Write) -> Option<u32> {
    let from = Line::default();
    let sums = pin!(sums(&from));
    let mut report = pin!(report(sums, out));
    for byte in bytes {
        from.receive(*byte);
        if poll_once(report.as_mut()).is_ready() {
            break;
        }
    }
    let mut sum = sum(1);
    sum.start();
    for byte in bytes.iter().copied().take_while(u8::is_ascii_digit) {
        sum.resume(Some(byte));
    }
    let sum = sum.resume(None).complete()?.ok()?;
    Some(sum + squares(&[1, 2]).sum::<u32>() + bits(3).map(u32::from).sum::<u32>())
}
