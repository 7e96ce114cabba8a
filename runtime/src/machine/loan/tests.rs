//! Homes: what is in them, when it is dropped, and that it stays where it is.

use core::cell::{Cell, RefCell};
use core::marker::PhantomData;
use std::boxed::Box;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::string::String;
use std::vec::Vec;

use super::{Input, Lease, Lent, Loaned, Sealed, assign, lease, place, recall, take};

type Log = RefCell<Vec<u32>>;

/// Tells when it is dropped, and owns memory, so that Miri finds what is dropped twice or never.
struct Told<'a>(Box<u32>, &'a Log);

fn told(number: u32, log: &Log) -> Told<'_> {
    Told(Box::new(number), log)
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.1.borrow_mut().push(*self.0);
        assert!(*self.0 != 99, "a destructor that panics");
    }
}

#[inline(never)]
fn moved<T>(value: T) -> T {
    *Box::new(value)
}

#[test]
fn a_value_is_dropped_with_its_variable() {
    let log = Log::default();
    drop(moved(Loaned::new(told(1, &log))));
    assert_eq!(*log.borrow(), [1]);
}

#[test]
fn what_was_moved_out_or_was_never_there_is_not_dropped() {
    let log = Log::default();
    let loaned = Loaned::new(told(1, &log));
    // SAFETY: it is there.
    let value = unsafe { take(&loaned) };
    drop(loaned);
    drop(Loaned::<Told<'_>>::unset());
    assert_eq!(*log.borrow(), []);
    drop(value);
    assert_eq!(*log.borrow(), [1]);
}

#[test]
fn what_comes_back_stays_where_it_is() {
    let log = Log::default();
    let loaned = moved(Loaned::new(told(1, &log)));
    let before = place(&loaned);
    // SAFETY: nothing borrows it.
    let mut back = unsafe { recall(moved(loaned)) };
    assert_eq!(&raw mut *back, before);
    assert_eq!(*log.borrow(), []);
    let value = *back;
    assert_eq!(*log.borrow(), []);
    drop(value);
    assert_eq!(*log.borrow(), [1]);
}

#[test]
fn what_was_copied_comes_back() {
    let loaned = Loaned::new(7);
    // SAFETY: it is there, and nothing borrows it.
    let (copy, back) = unsafe { (take(&loaned), recall(loaned)) };
    assert_eq!((copy, *back), (7, 7));
}

#[test]
fn what_is_not_there_does_not_come_back() {
    let log = Log::default();
    // SAFETY: nothing borrows it.
    let back = panic::catch_unwind(AssertUnwindSafe(|| unsafe { recall(Loaned::<Told<'_>>::unset()) }));
    assert!(back.is_err());
    assert_eq!(*log.borrow(), []);
}

#[test]
fn what_is_assigned_replaces_what_is_there() {
    let log = Log::default();
    let loaned = Loaned::unset();
    // SAFETY: nothing borrows it.
    unsafe {
        assign(&loaned, told(1, &log));
        assert_eq!(*log.borrow(), []);
        assign(&loaned, told(2, &log));
        assert_eq!(*log.borrow(), [1]);
        drop(take(&loaned));
        assign(&loaned, told(3, &log));
    }
    drop(loaned);
    assert_eq!(*log.borrow(), [1, 2, 3]);
}

#[test]
fn a_destructor_that_panics_leaves_the_new_value() {
    let log = Log::default();
    let loaned = Loaned::new(told(99, &log));
    // SAFETY: nothing borrows it.
    let assigned = panic::catch_unwind(AssertUnwindSafe(|| unsafe { assign(&loaned, told(2, &log)) }));
    assert!(assigned.is_err());
    drop(loaned);
    assert_eq!(*log.borrow(), [99, 2]);
    let loaned = Loaned::new(told(99, &log));
    assert!(panic::catch_unwind(AssertUnwindSafe(|| drop(loaned))).is_err());
}

#[test]
fn a_borrow_lives_on_when_the_variable_moves() {
    let loaned = Loaned::new(String::from("one"));
    // SAFETY: the variable is dropped last.
    let text = unsafe { &mut *place(&loaned) };
    let loaned = moved(loaned);
    text.push('!');
    let both = moved((Sealed::new(text), loaned));
    both.0.open().push('?');
    // SAFETY: nothing else borrows it.
    assert_eq!(unsafe { &**place(&both.1) }, "one!?");
}

#[test]
fn a_copy_leaves_the_borrowed_one() {
    let loaned = Loaned::new(7);
    // SAFETY: the variable is dropped last, and numbers are copied.
    let (borrowed, copy) = unsafe { (&*place(&loaned), take(&loaned)) };
    let loaned = moved(loaned);
    assert_eq!((*borrowed, copy), (7, 7));
    drop(loaned);
}

#[test]
fn parts_are_borrowed_side_by_side() {
    let loaned = Loaned::new((String::from("one"), vec![1, 2]));
    // SAFETY: these are different parts.
    let (text, numbers) = unsafe { (&mut (*place(&loaned)).0, &mut (*place(&loaned)).1) };
    numbers.push(3);
    text.push('!');
    // SAFETY: only the numbers are borrowed still, by nobody else.
    unsafe { (*place(&loaned)).0.push('?') };
    numbers.push(4);
    // SAFETY: all borrows have ended.
    assert_eq!(unsafe { &*place(&loaned) }, &(String::from("one!?"), vec![1, 2, 3, 4]));
}

#[test]
fn any_size_and_alignment_has_a_home() {
    #[repr(align(128))]
    struct Aligned(u8);
    let (nothing, aligned) = (Loaned::new(()), Loaned::new(Aligned(3)));
    let aligned = moved(aligned);
    assert!(place(&nothing).is_aligned() && place(&aligned).is_aligned());
    // SAFETY: nothing borrows it.
    assert_eq!(unsafe { (*place(&aligned)).0 }, 3);
}

#[test]
fn what_an_argument_refers_to_is_lent() {
    let mut numbers = vec![1, 2];
    let lent = moved(Lent::new(&mut numbers[..]));
    // SAFETY: these are different elements.
    let (one, other) = unsafe { (&mut (*place(&lent))[0], &mut (*place(&lent))[1]) };
    core::mem::swap(one, other);
    // SAFETY: it isn't used after `numbers`, and nothing else borrows them while it is.
    let leased = unsafe { lease(&lent) };
    let add = |n| unsafe { (&mut (*place(leased))).iter_mut().for_each(|number| *number += n) };
    add(1);
    assert_eq!(numbers, [3, 2]);
}

#[test]
fn what_is_sealed_is_dropped_once() {
    let log = Log::default();
    drop(moved(Sealed::new(told(1, &log))));
    let value = Sealed::new(told(2, &log)).open();
    assert_eq!((*log.borrow()).clone(), [1]);
    drop(value);
    let input: Input<(), _, ()> = Input::Outcome(Sealed::new(told(3, &log)));
    assert!(matches!(input.open(), Input::Outcome(Told(..))));
    assert_eq!(*log.borrow(), [1, 2, 3]);
}

/// `Type::IT` is the bound's own constant where the type has the bound, and else that of the trait.
macro_rules! is {
    ($name:ident, $bound:ident) => {
        struct $name<T: ?Sized>(PhantomData<T>);
        impl<T: ?Sized + $bound> $name<T> {
            const IT: bool = true;
        }
        impl<T: ?Sized> Otherwise for $name<T> {}
    };
}

trait Otherwise {
    const IT: bool = false;
}

is!(IsSend, Send);
is!(IsSync, Sync);

#[test]
fn only_what_may_goes_to_other_threads() {
    const { assert!(<IsSend<Loaned<u8>>>::IT && <IsSync<Loaned<u8>>>::IT && <IsSync<Lent<'_, u8>>>::IT) };
    // A value that may go, but not be shared.
    const { assert!(<IsSend<Loaned<Cell<u8>>>>::IT && !<IsSync<Loaned<Cell<u8>>>>::IT) };
    const { assert!(!<IsSend<Loaned<Rc<u8>>>>::IT && !<IsSync<Loaned<Rc<u8>>>>::IT) };
    const { assert!(<IsSend<Lent<'_, Cell<u8>>>>::IT && !<IsSync<Lent<'_, Cell<u8>>>>::IT) };
    // What a closure has in place of a reference goes where any reference would.
    const { assert!(!<IsSend<&Lease<Cell<u8>>>>::IT && <IsSend<&Lease<u8>>>::IT) };
    const { assert!(!<IsSend<&Lease<Rc<u8>>>>::IT) };
    const {
        assert!(
            <IsSend<Sealed<Cell<u8>>>>::IT
                && !<IsSend<Sealed<Rc<u8>>>>::IT
                && !<IsSync<Sealed<Cell<u8>>>>::IT
        )
    };
}
