//! The functions, each written in several ways.
#![expect(clippy::await_holding_refcell_ref, reason = "nobody else borrows it")]

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Pending once.
#[derive(Default)]
pub(crate) struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

pub(crate) fn run(future: impl Future<Output = u64>) -> u64 {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

pub(crate) fn numbers() -> Vec<u64> {
    (0..16).collect()
}

/// Variables borrow each other.
macro_rules! borrowing {
    ($(#[$attribute:meta])?) => {
        use super::{Once, RefCell};

        $(#[$attribute])?
        pub(crate) async fn items(mut numbers: Vec<u64>) -> u64 {
            for number in numbers.iter_mut() {
                Once::default().await;
                *number += 1;
            }
            numbers.iter().sum()
        }

        $(#[$attribute])?
        pub(crate) async fn guard(number: u64) -> u64 {
            let cell = RefCell::new(number);
            {
                let mut held = cell.borrow_mut();
                for _ in 0..16 {
                    Once::default().await;
                    *held += 1;
                }
            }
            cell.into_inner()
        }

        $(#[$attribute])?
        pub(crate) async fn argument(numbers: &mut [u64]) -> u64 {
            for number in numbers.iter_mut() {
                Once::default().await;
                *number += 1;
            }
            numbers.iter().sum()
        }
    };
}

pub(crate) mod native {
    borrowing!();
}

pub(crate) mod borrowing {
    borrowing!(#[segue::coroutine]);

    #[segue::coroutine(yield = u64)]
    pub(crate) fn generated(mut numbers: Vec<u64>) {
        for number in numbers.iter_mut() {
            *number += 1;
            yield_!(*number);
        }
        drop(numbers);
    }
}

pub(crate) mod owning {
    use super::{Once, RefCell};

    #[segue::coroutine]
    pub(crate) async fn items(mut numbers: Vec<u64>) -> u64 {
        let mut at = 0;
        while at < numbers.len() {
            Once::default().await;
            numbers[at] += 1;
            at += 1;
        }
        numbers.iter().sum()
    }

    #[segue::coroutine]
    pub(crate) async fn guard(number: u64) -> u64 {
        let cell = RefCell::new(number);
        let mut at = 0;
        while at < 16 {
            Once::default().await;
            *cell.borrow_mut() += 1;
            at += 1;
        }
        cell.into_inner()
    }

    #[segue::coroutine(yield = u64)]
    pub(crate) fn generated(mut numbers: Vec<u64>) {
        let mut at = 0;
        while at < numbers.len() {
            numbers[at] += 1;
            yield_!(numbers[at]);
            at += 1;
        }
        drop(numbers);
    }
}
