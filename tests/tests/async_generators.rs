//! Async generators: `async fn` with `yield = ..` as a `Stream`, and `for_await!`.

use std::future::ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use segue::Stream;
use segue_tests::prelude::*;

differential! {
    awaits_and_yields = stream(body(guard(1))), stream(body(guard(0)));
    #[lowered(yield = i64)]
    async fn body(g: Guard) {
        let a = guard(2);
        let n = pause(3).await;
        yield_!(add(n, a.id()));
        if g.id() > 0 {
            let b = guard(4);
            yield_!(b.id());
            pause_holding(b, 5).await;
        }
        yield_!(pause(6).await);
        ev(7);
    }
}

differential! {
    nothing_is_awaited = stream(body(3)), stream(body(0));
    #[lowered(yield = Guard)]
    async fn body(mut n: i64) {
        let _local = guard(9);
        while n > 0 {
            yield_!(guard(n));
            n -= 1;
        }
    }
}

differential! {
    nothing_is_yielded = stream(body()), stream(nothing_at_all(guard(2)));
    #[lowered(yield = i64)]
    async fn body() {
        let _local = guard(1);
        pause(2).await;
    }
    #[lowered(yield = i64)]
    async fn nothing_at_all(g: Guard) {
        ev(3);
    }
}

differential! {
    delegates_to_one_of_its_kind = stream(body());
    #[lowered(yield = i64)]
    async fn child(n: i64, g: Guard) {
        let _local = guard(1);
        yield_!(n);
        pause(n).await;
        yield_!(g.id());
    }
    #[lowered(yield = i64)]
    async fn body() {
        let a = guard(5);
        yield_from!(child(2, guard(6)));
        let b = guard(7);
        yield_from!(child(pause(3).await, b));
        yield_!(a.id());
    }
}

differential! {
    delegates_to_a_stream = stream(body());
    #[lowered(yield = Guard)]
    async fn body() {
        let _local = guard(1);
        yield_from!(paused(2));
        yield_!(guard(2));
        yield_from!(paused(0));
        ready(()).await;
    }
}

differential! {
    goes_through_a_stream = stream(body(3)), stream(body(1)), stream(body(0));
    #[lowered(yield = i64)]
    async fn body(n: i64) {
        let _local = guard(1);
        for_await!(g in paused(n) {
            let h = guard(2);
            yield_!(add(g.id(), h.id()));
            pause(3).await;
            ev(g.id());
        });
        yield_!(4);
    }
}

differential! {
    jumps_in_for_await = stream(body());
    #[lowered(yield = i64)]
    async fn body() {
        for_await!('outer: g in paused(4) {
            let a = guard(1);
            match g.id() {
                23 => continue,
                22 => {
                    for_await!(Guard { .. } in paused(3) {
                        yield_!(7);
                        if a.id() == 1 { continue 'outer; }
                    });
                }
                21 => break 'outer,
                _ => {}
            }
            yield_!(g.id());
        });
        for_await!(_ in paused(2) { break; });
        pause(8).await;
        for_await!(g in paused(2) { yield_!(g.id()); return; });
    }
}

differential! {
    for_await_in_a_task = task(body(2)), task(first());
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut sum = 0;
        for_await!(g in paused(n) {
            sum = add(sum, g.id());
            pause(sum).await;
        });
        let mut count = 0;
        for_await!(g in paused(n) {
            count += 1;
            consume(g);
        });
        add(sum, count)
    }
    #[lowered]
    async fn first() -> Option<Guard> {
        let _local = guard(3);
        for_await!(g in paused(2) { return Some(g); });
        None
    }
}

differential! {
    errors_as_items = stream(body(1)), stream(body(2)), stream(body(3));
    #[lowered(yield = Result<i64, Small>)]
    async fn body(n: i64) {
        let g = guard(1);
        for_await!(item in paused(2) {
            match attempt(n) {
                Ok(n) => yield_!(Ok(n)),
                Err(error) => { yield_!(Err(error)); return }
            }
        });
        yield_!(attempt(pause(n).await));
    }
}

differential! {
    suspensions_as_operands = stream(body());
    #[lowered(yield = i64)]
    async fn body() {
        let g = guard(1);
        let n = (pause(1).await, yield_!(2), ev(3), pause(4).await);
        yield_!(add(g.id(), add(pause(5).await, n.3)));
        let mut buffer = buffer(3);
        let got = source(2).read(&mut buffer).await;
        yield_!(buffer.sum());
    }
}

fn items<S: Stream>(stream: S) -> Vec<S::Item> {
    let mut stream = pin!(stream);
    let mut items = Vec::new();
    loop {
        match stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(item)) => items.push(item),
            Poll::Ready(None) => return items,
            Poll::Pending => {}
        }
    }
}

struct Lines(Vec<String>);

impl Lines {
    #[segue::coroutine(yield = usize)]
    async fn lengths(&self) {
        for line in &self.0 {
            ready(()).await;
            yield_!(line.len());
        }
    }
}

#[segue::coroutine(yield = T)]
async fn both<T, S: Stream<Item = T> + Unpin>(first: S, second: impl Stream<Item = T>) {
    for_await!(item in first { yield_!(item) });
    yield_from!(second);
}

#[test]
fn methods_and_generics() {
    let lines = Lines(vec!["a".into(), "bcd".into()]);
    assert_eq!(items(both(lines.lengths(), lines.lengths())), [1, 3, 1, 3]);
}

#[test]
fn after_its_end_there_is_none_for_ever() {
    let lines = Lines(Vec::new());
    let mut stream = pin!(lines.lengths());
    let cx = &mut Context::from_waker(Waker::noop());
    for _ in 0..3 {
        assert_eq!(stream.as_mut().poll_next(cx), Poll::Ready(None));
    }
}

#[test]
fn more_than_eight_waits() {
    #[segue::coroutine(yield = usize)]
    async fn many(lines: &Lines) {
        ready(1).await;
        yield_!(ready(2).await + ready(3).await);
        yield_from!(lines.lengths());
        ready(4).await;
        ready(5).await;
        yield_!(ready(6).await + ready(7).await);
        yield_from!(lines.lengths());
        yield_!(ready(8).await + ready(9).await);
        for_await!(n in lines.lengths() { yield_!(n) });
        yield_from!(lines.lengths());
    }
    let lines = Lines(vec!["a".into(), "bcd".into()]);
    assert_eq!(items(many(&lines)), [5, 1, 3, 13, 1, 3, 17, 1, 3, 1, 3]);
}

#[test]
fn it_is_unpin_and_send_when_its_variables_are() {
    fn checked<S: Stream + Unpin + Send>(stream: S) -> S {
        stream
    }
    let lines = Lines(vec!["a".into()]);
    let through = checked(both(checked(lines.lengths()), lines.lengths()));
    assert_eq!(items(through), [1, 1]);
}

differential! {
    arrays_held_in_place = stream(body([1; 32]));
    #[lowered(yield = i64)]
    async fn body(mut a: [i64; 32]) {
        let mut b = [2i64; 64];
        a[3] = pause(7).await;
        yield_!(a[3]);
        b[(pause(9).await & 63) as usize] ^= a[3];
        yield_!(b.iter().sum());
        a = [4; 32];
        yield_!(add(a[31], b[9]));
    }
}
