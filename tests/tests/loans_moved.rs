//! Machines with variables on loan that move about while they are suspended, for Miri and Valgrind to watch.

use std::cell::RefCell;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use segue::{Coroutine, CoroutineState};

/// Says when it is dropped.
struct Loud(Rc<RefCell<Vec<u32>>>, u32);

impl Drop for Loud {
    fn drop(&mut self) {
        self.0.borrow_mut().push(self.1);
    }
}

#[segue::coroutine(yield = u32)]
fn lends(said: Rc<RefCell<Vec<u32>>>, mut numbers: Vec<u32>) -> usize {
    let mut loud = [Loud(said.clone(), 1), Loud(said, 2)];
    let (one, other) = loud.split_at_mut(1);
    for number in &mut numbers {
        mem::swap(&mut one[0], &mut other[0]);
        *number += one[0].1;
        yield_!(*number);
        *number += 1;
    }
    let sum = || numbers.iter().sum::<u32>();
    yield_!(sum());
    numbers.push(sum());
    for number in numbers.drain(1..) {
        yield_!(number);
    }
    numbers.len()
}

struct Table {
    rows: Vec<Vec<u32>>,
    seen: u32,
}

impl Table {
    #[segue::coroutine(yield = u32)]
    fn each(&mut self) {
        for row in &mut self.rows {
            for cell in row.iter_mut() {
                self.seen += 1;
                yield_!(*cell);
                *cell += self.seen;
            }
            row.push(self.seen);
        }
        yield_!(self.total());
    }

    fn total(&self) -> u32 {
        self.rows.iter().flatten().sum()
    }
}

#[segue::coroutine(yield = u32)]
fn delegates(numbers: Vec<u32>) {
    let mut table = Table { rows: vec![numbers], seen: 0 };
    yield_from!(table.each());
    yield_!(table.seen);
}

#[segue::coroutine]
async fn awaits(numbers: Vec<u32>) -> u32 {
    let mut sum = 0;
    let total = &mut sum;
    for number in &numbers {
        let mut polled = false;
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        *total += number;
    }
    sum + numbers.len() as u32
}

#[derive(Debug)]
struct Over;

#[segue::coroutine(yield = u32, resume = Result<u32, Over>)]
fn sent(first: u32) -> Result<u32, Over> {
    let mut all = vec![first];
    let kept = &mut all;
    while kept.len() < 4 {
        kept.push(yield_!(kept.len() as u32)?);
    }
    let last = &kept[3];
    yield_!(*last)?;
    Ok(all.iter().sum())
}

/// Through a function, into a box, into another's place and back.
#[inline(never)]
fn moved<T>(machine: T) -> T {
    let mut boxed = Box::new(Some(machine));
    let mut place = None;
    mem::swap(&mut *boxed, &mut place);
    let all = [place];
    let [place] = all;
    *Box::new(place.expect("it was put there"))
}

fn drive<C: Coroutine<()>>(mut machine: C, steps: usize, mut see: impl FnMut(C::Yield)) -> Option<C::Return> {
    for _ in 0..steps {
        machine = moved(machine);
        match machine.resume(()) {
            CoroutineState::Yielded(value) => see(value),
            CoroutineState::Complete(value) => return Some(value),
        }
    }
    None
}

#[test]
fn what_is_borrowed_stays_where_it_is() {
    let said = Rc::new(RefCell::new(Vec::new()));
    let mut seen = Vec::new();
    let left = drive(lends(said.clone(), vec![10, 20, 30]), 99, |number| seen.push(number));
    assert_eq!((left, seen), (Some(1), vec![12, 21, 32, 68, 22, 33, 68]));
    assert_eq!(*said.borrow(), [2, 1]);
}

#[test]
fn a_machine_is_dropped_at_each_suspension() {
    for steps in 0..8 {
        let said = Rc::new(RefCell::new(Vec::new()));
        drive(lends(said.clone(), vec![10, 20, 30]), steps, drop);
        assert_eq!(said.borrow().len(), if steps == 0 { 0 } else { 2 }, "after {steps} steps");
    }
}

#[test]
fn a_machine_is_forgotten_and_what_it_borrowed_is_used() {
    let mut table = Table { rows: vec![vec![1, 2], vec![3]], seen: 0 };
    let mut machine = table.each();
    assert_eq!(machine.next(), Some(1));
    mem::forget(moved(machine));
    let mut seen = Vec::new();
    drive(table.each(), 99, |number| seen.push(number));
    assert_eq!(seen, [1, 2, 3, 22]);
    assert_eq!((table.seen, table.total()), (4, 22));
}

#[test]
fn a_child_borrows_from_its_parent() {
    let mut seen = Vec::new();
    drive(delegates(vec![5, 6]), 99, |number| seen.push(number));
    assert_eq!(seen, [5, 6, 16, 2]);
}

#[test]
fn a_task_moves_until_it_is_polled() {
    let mut task: Pin<Box<_>> = Box::pin(moved(awaits(vec![1, 2, 3])));
    let mut cx = Context::from_waker(Waker::noop());
    let output = loop {
        if let Poll::Ready(output) = task.as_mut().poll(&mut cx) {
            break output;
        }
    };
    assert_eq!(output, 9);
    let mut task = Box::pin(awaits(vec![1, 2, 3]));
    assert!(task.as_mut().poll(&mut cx).is_pending());
}

#[test]
fn what_is_sent_is_kept() {
    let mut machine = moved(sent(1));
    assert!(matches!(machine.start(), CoroutineState::Yielded(1)));
    for number in 2..4 {
        machine = moved(machine);
        assert!(matches!(machine.resume(Ok(number)), CoroutineState::Yielded(n) if n == number));
    }
    machine = moved(machine);
    assert!(matches!(machine.resume(Ok(7)), CoroutineState::Yielded(7)));
    assert!(matches!(moved(machine).resume(Ok(0)), CoroutineState::Complete(Ok(13))));

    let mut machine = sent(1);
    machine.start();
    machine = moved(machine);
    assert!(matches!(machine.resume(Err(Over)), CoroutineState::Complete(Err(Over))));
}

#[segue::coroutine(yield = u32)]
fn panics(said: Rc<RefCell<Vec<u32>>>) {
    let mut loud = Loud(said.clone(), 1);
    let other = Loud(said.clone(), 2);
    let (held, kept) = (&loud, &other);
    yield_!(held.1 + kept.1);
    loud = Panics(said.clone()).give();
    let held = &loud;
    yield_!(held.1);
    yield_!(held.1);
}

struct Panics(Rc<RefCell<Vec<u32>>>);

impl Panics {
    fn give(self) -> Loud {
        assert!(self.0.borrow().is_empty(), "it was said before");
        self.0.borrow_mut().push(0);
        panic!("instead of a value")
    }
}

#[test]
fn a_panic_drops_each_variable_once() {
    let said = Rc::new(RefCell::new(Vec::new()));
    let mut machine = panics(said.clone());
    machine.start();
    machine = moved(machine);
    assert!(catch_unwind(AssertUnwindSafe(|| machine.resume(()))).is_err());
    assert_eq!(*said.borrow(), [0, 2, 1]);
    drop(machine);
    assert_eq!(*said.borrow(), [0, 2, 1]);
}

#[test]
fn machines_with_loans_go_to_other_threads() {
    let mut machine = sent(1);
    machine.start();
    let output = std::thread::spawn(move || {
        machine.resume(Ok(2));
        machine.resume(Ok(3));
        machine.resume(Ok(4));
        machine.resume(Ok(0)).complete().map(Result::unwrap)
    });
    assert_eq!(output.join().expect("it doesn't panic"), Some(10));
}
