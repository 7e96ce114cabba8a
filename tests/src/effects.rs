//! The vocabulary of bodies: guards that log their drop, calls that log an effect, things to take apart and to lend.
//!
//! Everything here is shared by both sides of a comparison and monomorphic, so that bodies compile fast.

use std::cell::{RefCell, RefMut};
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll};

use segue::Stream;

use crate::log::{self, Entry};

pub use crate::log::fuel;
/// For `write!` to a string.
pub use std::fmt::Write as _;

/// Logs `n`, and gives it back. An event: scripts can panic here.
pub fn ev(n: i64) -> i64 {
    log::event(Entry::Effect(n));
    n
}

/// A value that logs its drop.
#[derive(Debug, PartialEq, Eq)]
pub struct Guard(i64);

/// Makes a guard; an event.
pub fn guard(n: i64) -> Guard {
    log::event(Entry::Made(n));
    Guard(n)
}

impl Guard {
    /// Makes a guard without logging it.
    pub fn quiet(n: i64) -> Guard {
        Guard(n)
    }

    /// Its number.
    pub fn id(&self) -> i64 {
        self.0
    }

    /// A method with an operand.
    pub fn plus(&self, n: i64) -> i64 {
        add(self.0, n)
    }

    /// A method that changes the guard.
    pub fn renumber(&mut self, n: i64) -> i64 {
        std::mem::replace(&mut self.0, n & 0xff)
    }

    /// A method that consumes the guard, by a name that says so.
    pub fn into_id(self) -> i64 {
        ev(self.0)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        log::record(Entry::Dropped(self.0));
    }
}

impl Guard {
    /// A method whose value borrows the guard.
    pub fn reader(&self) -> Reader<'_> {
        Reader(self)
    }

    /// A method whose value borrows the guard mutably.
    pub fn marker(&mut self) -> Marker<'_> {
        Marker(self)
    }
}

/// Methods of a guard that only look, or change it, by names of methods of std's that take their receiver or give plain references.
macro_rules! looks {
    ($($name:ident)*; $($with:ident)*; $($lends:ident)*; $($lends_with:ident)*) => {
        impl Guard {
            $(
                /// Its number; an event.
                pub fn $name(&self) -> i64 {
                    ev(self.0)
                }
            )*
            $(
                /// Its number and another; an event.
                pub fn $with(&self, n: i64) -> i64 {
                    ev(add(self.0, n))
                }
            )*
            $(
                /// Something with a destructor that borrows the guard.
                pub fn $lends(&self) -> Reader<'_> {
                    self.reader()
                }
            )*
            $(
                /// The same, made with an operand; an event.
                pub fn $lends_with(&self, n: i64) -> Reader<'_> {
                    ev(n);
                    self.reader()
                }
            )*
        }
    };
}

looks!(count last sum ok rev flatten; map filter then skip chain max; first peek; get find);

impl Guard {
    /// Something with a destructor that changes the guard.
    #[allow(clippy::should_implement_trait, reason = "the name is what is tested")]
    pub fn next(&mut self) -> Marker<'_> {
        self.marker()
    }

    /// Changes the guard; an event.
    pub fn expect(&mut self, n: i64) -> i64 {
        ev(self.renumber(n))
    }

    /// The same.
    pub fn unwrap_or(&mut self, n: i64) -> i64 {
        ev(self.renumber(n))
    }
}

/// Looks at a guard when it is dropped.
#[derive(Debug)]
pub struct Reader<'a>(pub &'a Guard);

impl Reader<'_> {
    /// A method with an operand.
    pub fn seen(&self, n: i64) -> i64 {
        ev(add(self.0.0, n))
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        log::record(Entry::Text(format!("looked at {}", self.0.0)));
    }
}

/// Changes a guard when it is dropped.
#[derive(Debug)]
pub struct Marker<'a>(pub &'a mut Guard);

impl Marker<'_> {
    /// A method that changes the guard.
    pub fn mark(&mut self, n: i64) -> i64 {
        self.0.renumber(n)
    }
}

impl Drop for Marker<'_> {
    fn drop(&mut self) {
        let before = self.0.renumber(add(self.0.0, 64));
        log::record(Entry::Text(format!("marked {before}")));
    }
}

/// The one of the two with the greater number.
pub fn longest<'a>(one: &'a Guard, other: &'a Guard) -> &'a Guard {
    if one.0 > other.0 { one } else { other }
}

/// A guard that nobody drops.
pub fn leaked(n: i64) -> &'static mut Guard {
    Box::leak(Box::new(guard(n)))
}

/// Three guards.
pub fn list(n: i64) -> Vec<Guard> {
    (0..3).map(|more| guard(add(n & 0xff, more))).collect()
}

/// Takes the last guard, if there is another.
pub fn pop(list: &mut Vec<Guard>) -> Option<Guard> {
    if list.len() > 1 { list.pop() } else { None }
}

/// The sum of the numbers of some guards.
pub fn sum(guards: &[Guard]) -> i64 {
    guards.iter().fold(0, |sum, guard| add(sum, guard.0))
}

/// Renumbers the first guard, if there is one.
pub fn renumber_first(guards: &mut [Guard], n: i64) -> i64 {
    guards.first_mut().map_or(0, |guard| guard.renumber(n))
}

/// A guard in a cell.
pub fn cell(held: Guard) -> RefCell<Guard> {
    RefCell::new(held)
}

/// A guard that one at a time may change.
#[derive(Debug)]
pub struct Lock(RefCell<Guard>);

/// A lock of a guard.
pub fn lock(held: Guard) -> Lock {
    Lock(RefCell::new(held))
}

impl Lock {
    /// Pending once, and then until nobody else has it.
    pub async fn lock(&self) -> Held<'_> {
        pause(80).await;
        loop {
            match self.0.try_borrow_mut() {
                Ok(held) => return Held(held),
                Err(_) => pause(81).await,
            };
        }
    }

    /// The same at once, for where nobody else has it.
    pub fn enter(&self) -> Held<'_> {
        Held(self.0.borrow_mut())
    }

    /// Whether somebody has it.
    pub fn is_taken(&self) -> bool {
        self.0.try_borrow().is_err()
    }
}

/// See [`Lock::lock`].
#[derive(Debug)]
pub struct Held<'a>(RefMut<'a, Guard>);

impl Deref for Held<'_> {
    type Target = Guard;

    fn deref(&self) -> &Guard {
        &self.0
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Guard {
        &mut self.0
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        log::record(Entry::Text(format!("unlocked {}", self.0.0)));
    }
}

/// Two guards, to be taken apart.
#[derive(Debug)]
pub struct Pair {
    /// Dropped first.
    pub left: Guard,
    /// Dropped second.
    pub right: Guard,
}

/// Something with a number and a guard as its fields.
#[derive(Debug)]
pub struct Record {
    /// A field that is copied.
    pub n: i64,
    /// A field that is dropped.
    pub held: Guard,
}

impl Record {
    /// A method that gives a borrow.
    pub fn held(&self) -> &Guard {
        &self.held
    }

    /// A method that gives a borrow to change something by.
    pub fn held_mut(&mut self) -> &mut Guard {
        &mut self.held
    }
}

/// A record of `n`.
pub fn record(n: i64) -> Record {
    Record { n, held: guard(n & 0xff) }
}

/// Adds, without overflow.
pub fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}

/// Gives a type to a value that is never there.
pub fn typed<T>(value: T) -> T {
    value
}

/// The second of two, for putting something before a value.
pub fn after(_unit: (), value: i64) -> i64 {
    value
}

/// Drops a guard inside a call.
pub fn consume(guard: Guard) -> i64 {
    ev(guard.0)
}

/// Consumes two guards in one call.
pub fn consume_both(a: Guard, b: Guard) -> i64 {
    ev(add(a.0, b.0))
}

/// Consumes a guard beside a value.
pub fn consume_with(a: Guard, n: i64) -> i64 {
    ev(add(a.0, n))
}

/// Gives the guard back.
pub fn pass(guard: Guard) -> Guard {
    ev(guard.0);
    guard
}

/// Looks at a guard.
pub fn peek(guard: &Guard) -> i64 {
    guard.0
}

/// Looks at a guard once the second operand is there.
pub fn peek_with(guard: &Guard, n: i64) -> i64 {
    add(guard.0, n)
}

/// Drops one of two guards and gives the other.
pub fn either(a: Guard, b: Guard, n: i64) -> Guard {
    if n & 1 == 0 { a } else { b }
}

/// Puts another guard in the place, and gives the old one.
pub fn swap(place: &mut Guard, guard: Guard) -> Guard {
    std::mem::replace(place, guard)
}

/// The guard, or none when `n` is odd.
pub fn keep_if(guard: Guard, n: i64) -> Option<Guard> {
    (n & 1 == 0).then_some(guard)
}

/// Whether `n` is odd; an event.
pub fn odd(n: i64) -> bool {
    ev(n) & 1 == 1
}

/// Some small number of turns.
pub fn few(n: i64) -> i64 {
    n & 3
}

/// The error of fallible bodies.
#[derive(Debug, PartialEq, Eq)]
pub struct Oops(pub i64);

/// An error that turns into [`Oops`] by `?`.
#[derive(Debug)]
pub struct Small(pub i64);

impl From<Small> for Oops {
    fn from(small: Small) -> Oops {
        Oops(ev(small.0))
    }
}

/// Fails now and then.
pub fn attempt(n: i64) -> Result<i64, Small> {
    if ev(n) & 3 == 3 { Err(Small(n)) } else { Ok(n) }
}

/// Fails now and then, with a guard in hand.
pub fn attempt_guard(guard: Guard, n: i64) -> Result<Guard, Small> {
    if n & 3 == 3 { Err(Small(n)) } else { Ok(guard) }
}

/// None now and then.
pub fn perhaps(n: i64) -> Option<i64> {
    (ev(n) & 3 != 3).then_some(n)
}

/// An iterator that logs each item and its own end.
#[derive(Debug)]
pub struct Items {
    next: i64,
    end: i64,
    held: Guard,
}

/// `n` numbers (three at most), from an iterator that holds a guard.
pub fn items(n: i64) -> Items {
    Items { next: 0, end: n & 3, held: guard(n & 0xff) }
}

impl Items {
    /// The same, as guards, by a name that says that the iterator is consumed.
    pub fn into_guards(self) -> Guards {
        Guards(self)
    }

    /// The same, by a name that doesn't.
    pub fn guards(self) -> Guards {
        Guards(self)
    }
}

impl Iterator for Items {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        if self.next == self.end {
            return None;
        }
        self.next += 1;
        Some(ev(add(self.held.0, self.next)))
    }
}

/// See [`Items::guards`].
#[derive(Debug)]
pub struct Guards(Items);

impl Iterator for Guards {
    type Item = Guard;

    fn next(&mut self) -> Option<Guard> {
        self.0.next().map(guard)
    }
}

/// A future that is pending once and then gives `n`.
pub fn pause(n: i64) -> Pause {
    Pause { n, times: 1, held: None }
}

/// A future that holds a guard while it is pending, `n & 1` more times than once.
pub fn pause_holding(held: Guard, n: i64) -> Pause {
    Pause { n, times: 1 + (n & 1), held: Some(held) }
}

/// See [`pause`].
#[derive(Debug)]
pub struct Pause {
    n: i64,
    times: i64,
    held: Option<Guard>,
}

impl Future for Pause {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<i64> {
        let held = self.held.as_ref().map_or(0, Guard::id);
        ev(add(self.n, held));
        if self.times == 0 {
            return Poll::Ready(self.n);
        }
        self.times -= 1;
        Poll::Pending
    }
}

/// A buffer to lend.
#[derive(Debug)]
pub struct Buffer {
    /// What was read.
    pub bytes: [i64; 4],
    _guard: Guard,
}

/// An empty buffer, dropped with the number `n`.
pub fn buffer(n: i64) -> Buffer {
    Buffer { bytes: [0; 4], _guard: guard(n) }
}

impl Buffer {
    /// The sum of what was read.
    pub fn sum(&self) -> i64 {
        self.bytes.iter().fold(0, |sum, byte| add(sum, *byte))
    }
}

/// Something to read from.
#[derive(Debug)]
pub struct Source {
    read: i64,
    _guard: Guard,
}

/// A source, dropped with the number `n`.
pub fn source(n: i64) -> Source {
    Source { read: 0, _guard: guard(n) }
}

impl Source {
    /// Reads into `buffer` after one suspension; fails now and then.
    pub async fn read(&mut self, buffer: &mut Buffer) -> Result<i64, Small> {
        let _reading = guard(add(70, self.read));
        let n = pause(self.read).await;
        buffer.bytes[(n & 3) as usize] = n;
        self.read += 1;
        if n & 7 == 7 { Err(Small(n)) } else { Ok(n) }
    }

    /// How much was read.
    pub fn count(&self) -> i64 {
        self.read
    }
}

/// Renumbers a guard after a suspension.
pub async fn renumber_later(guard: &mut Guard, n: i64) -> i64 {
    let n = pause(n).await;
    guard.renumber(n)
}

/// A stream that both sides share: each item but the first is pending once, and holds a guard.
#[derive(Debug)]
pub struct Paused {
    left: i64,
    pending: bool,
    _held: Guard,
}

/// A stream of `n` guards.
pub fn paused(n: i64) -> Paused {
    Paused { left: n, pending: false, _held: guard(40 + n) }
}

impl Stream for Paused {
    type Item = Guard;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Guard>> {
        self.pending = !self.pending;
        if !self.pending {
            ev(60);
            return Poll::Pending;
        }
        self.left -= 1;
        ev(self.left);
        Poll::Ready((self.left >= 0).then(|| guard(20 + self.left)))
    }
}

/// Looks at a guard while it waits, with one of its own.
pub async fn look(g: &Guard, n: i64) -> i64 {
    let _own = guard(90);
    add(g.id(), pause(n).await)
}

/// Gives the guard back after so many turns.
pub async fn wait(held: Guard, times: i64) -> Guard {
    for n in 0..times {
        pause(n).await;
    }
    held
}

/// A future that panics when it is polled again.
#[derive(Debug)]
pub struct Bomb {
    polled: bool,
    _held: Guard,
}

/// A bomb with this guard in it.
pub fn bomb(held: Guard) -> Bomb {
    Bomb { polled: false, _held: held }
}

impl Future for Bomb {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<i64> {
        assert!(!std::mem::replace(&mut self.polled, true), "bomb");
        Poll::Pending
    }
}
