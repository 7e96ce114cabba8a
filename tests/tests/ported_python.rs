//! Behaviours that CPython's tests of generators and of `yield from` try, in programs of our own.
//!
//! Each body names the test whose behaviour it shows, in `Lib/test/test_generators.py` or `Lib/test/test_pep380.py`. A
//! `finally` is a guard, an exception an `Err`; closing and throwing at each suspension is what the scripts do.

use segue::{Coroutine, CoroutineState::*};
use segue_tests::prelude::*;

differential! {
    /// test_pep380: test_delegation_of_initial_next_to_subgenerator, test_delegation_of_next_call_to_subgenerator
    the_parent_runs_up_to_its_child_and_on_after_it = generator(body());
    #[lowered(yield = i64)]
    fn child() {
        ev(2);
        yield_!(20);
        yield_!(21);
        ev(3);
    }
    #[lowered(yield = i64)]
    fn body() {
        ev(1);
        yield_from!(child());
        yield_!(10);
        yield_from!(child());
        ev(4);
    }
}

differential! {
    /// test_pep380: test_raising_exception_in_initial_next_call, test_raising_exception_in_delegated_next_call,
    /// test_exception_in_initial_next_call
    an_error_in_the_child_ends_it_and_then_its_parent = generator(body(0)), generator(body(1)), generator(body(2));
    #[lowered(yield = i64)]
    fn child(when: i64) -> Result<(), Small> {
        let _finally = guard(2);
        if when == 0 { return Err(Small(5)) }
        yield_!(20);
        if when == 1 { return Err(Small(6)) }
        yield_!(21);
        Ok(())
    }
    #[lowered(yield = i64)]
    fn body(when: i64) -> Result<i64, Oops> {
        let _finally = guard(1);
        yield_from!(child(when))?;
        yield_!(10);
        Ok(11)
    }
}

differential! {
    /// test_pep380: test_delegation_of_send, test_send_and_return_with_value
    what_is_sent_goes_to_whoever_is_suspended = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child() -> i64 {
        let a = yield_!(20);
        ev(a);
        let b = yield_!(21);
        ev(b);
        add(a, b)
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        ev(yield_!(10));
        let sum = yield_from!(child());
        ev(yield_!(sum));
        12
    }
}

differential! {
    /// test_pep380: test_handling_exception_while_delegating_send
    an_error_after_something_was_sent_to_the_child = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn child() -> Result<i64, Small> {
        let x = yield_!(20);
        Err(Small(ev(x)))?;
        Ok(yield_!(21))
    }
    #[lowered(yield = i64, resume = i64)]
    fn body() -> Result<i64, Oops> {
        let _finally = guard(1);
        ev(yield_!(10));
        let n = yield_from!(child())?;
        Ok(yield_!(n))
    }
}

differential! {
    /// test_pep380: test_delegating_close, test_delegating_throw
    closed_and_thrown_into_at_each_suspension = generator(body());
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn child() -> Result<i64, Oops> {
        let _finally = guard(2);
        let a = yield_!(20)?;
        let _inner = guard(3);
        let b = yield_!(21)?;
        Ok(add(a, b))
    }
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn body() -> Result<i64, Oops> {
        let _finally = guard(1);
        yield_!(10)?;
        let sum = yield_from!(child())?;
        yield_!(sum)
    }
}

differential! {
    /// test_pep380: test_generator_return_value, test_next_and_return_with_value
    what_the_child_returns_is_what_the_delegation_is = generator(body());
    #[lowered(yield = i64)]
    fn child(v: Option<Guard>) -> Option<Guard> {
        yield_!(20);
        yield_!(21);
        v
    }
    #[lowered(yield = i64)]
    fn body() {
        let none = yield_from!(child(None));
        ev(none.is_none() as i64);
        let some = yield_from!(child(Some(guard(42))));
        yield_!({some}.map_or(0, |g| g.id()));
    }
}

differential! {
    /// test_pep380: test_delegation_of_next_to_non_generator, test_delegation_of_close_to_non_generator,
    /// test_yield_from_empty
    iterators_are_delegated_to = generator(body(3)), generator(body(0)), values(body(2));
    #[lowered(yield = i64)]
    fn body(n: i64) {
        let _finally = guard(1);
        yield_from!(items(n));
        yield_from!([] as [i64; 0]);
        ev(2);
    }
}

differential! {
    /// test_pep380: test_returning_value_from_delegated_throw
    a_child_that_catches_goes_on_to_yield = generator(body());
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn child() -> i64 {
        let caught = match yield_!(20) {
            Ok(_) => yield_!(21),
            Err(error) => Err(error),
        };
        match caught {
            Ok(n) => n,
            Err(Oops(n)) => {
                ev(n);
                let _ = yield_!(22);
                let _ = yield_!(23);
                n
            }
        }
    }
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn body() -> Result<i64, Oops> {
        let _finally = guard(1);
        yield_!(10)?;
        let n = yield_from!(child());
        yield_!(n)?;
        Ok(11)
    }
}

differential! {
    /// test_pep380: test_catching_exception_from_subgen_and_returning; test_generators: test_raise_and_yield_from
    a_child_that_catches_returns = generator(body());
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn child() -> i64 {
        if let Err(Oops(n)) = yield_!(1) { ev(n); }
        2
    }
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn body() -> i64 {
        let v = yield_from!(child());
        let _ = yield_!(v);
        v
    }
}

differential! {
    /// test_generators: GeneratorThrowTest.test_throw_after_none_exc_type
    another_error_than_the_one_thrown = generator(body());
    #[lowered(yield = i64, resume = Result<i64, Oops>)]
    fn body() -> Result<i64, Oops> {
        let first: Result<i64, Small> = Err(Small(1));
        if first.is_err() { ev(2); }
        match yield_!(3) {
            Ok(n) => Ok(n),
            Err(_) => Err(Small(4))?,
        }
    }
}

differential! {
    /// test_generators: test_return_tuple, test_return_stopiteration, test_lambda_generator
    what_is_sent_is_returned = generator(body());
    #[lowered(yield = i64, resume = Guard)]
    fn child() -> Guard {
        return yield_!(1);
    }
    #[lowered(yield = i64, resume = Guard)]
    fn body() -> (Guard, Guard) {
        return (yield_!(2), yield_from!(child()));
    }
}

differential! {
    /// test_generators, tutorial_tests: "return" stops the generator; generators can call other generators
    loops_over_generators_in_generators = generator(body(5)), generator(body(0));
    #[lowered(yield = i64)]
    fn numbers(n: i64) {
        for i in 0..n {
            yield_!(i);
            if i == 3 { return }
        }
    }
    #[lowered(yield = i64)]
    fn body(n: i64) {
        yield_from!(numbers(n));
        yield_from!(numbers(2));
    }
}

differential! {
    /// test_generators, coroutine_tests: "A yield expression with augmented assignment"
    a_sum_of_what_is_sent = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut count = 0;
        while count < 20 {
            count += yield_!(count) + 1;
            ev(count);
        }
        count
    }
}

differential! {
    /// test_generators, coroutine_tests: an index that is yielded for, on the left side of an assignment
    indices_that_are_sent = generator(body());
    #[lowered(yield = i64, resume = i64)]
    fn body() -> i64 {
        let mut data = [1, 2, 3];
        data[(yield_!(1) & 1) as usize] = yield_!(2);
        data[(yield_!(3) & 1) as usize] += 27;
        add(data[0], data[1])
    }
}

differential! {
    /// test_generators, pep_tests: "Try/Except/Finally"
    errors_are_caught_where_they_arise_and_pass_on = generator(body(0)), generator(body(1)), generator(body(3));
    #[lowered(yield = i64)]
    fn inner(n: i64) -> Result<i64, Small> {
        let _finally = guard(8);
        yield_!(2);
        let n = attempt(n)?;
        yield_!(3);
        attempt(3)
    }
    #[lowered(yield = i64)]
    fn body(n: i64) -> Result<i64, Oops> {
        let _finally = guard(9);
        yield_!(1);
        if let Err(Small(n)) = yield_from!(inner(n)) {
            yield_!(n);
        }
        yield_!(7);
        let n = yield_from!(inner(n))?;
        Ok(n)
    }
}

#[segue::coroutine(yield = u32)]
fn count_to(n: u32) {
    for i in 0..n {
        yield_!(i);
    }
}

/// test_generators, tutorial_tests: "Generators always return to the most recent caller"
#[test]
fn a_generator_goes_on_with_whoever_has_it() {
    fn creator() -> impl Iterator<Item = u32> {
        let mut it = count_to(5);
        assert_eq!(it.next(), Some(0));
        it
    }
    assert!(creator().eq([1, 2, 3, 4]));
}

/// test_pep380: test_conversion_of_sendNone_to_next
#[test]
fn to_send_nothing_is_to_go_on() {
    #[segue::coroutine(yield = u32)]
    fn through() {
        yield_from!(count_to(3));
    }
    let mut it = through();
    assert_eq!([it.resume(()), it.resume(()), it.resume(())], [Yielded(0), Yielded(1), Yielded(2)]);
    assert_eq!(it.resume(()), Complete(()));
}

/// test_generators, pep_tests: "a recursive generator that generates Tree leaves in in-order"
#[test]
fn a_tree_is_walked_in_order() {
    struct Tree(Option<Box<(Tree, u32, Tree)>>);

    fn tree(low: u32, high: u32) -> Tree {
        if low == high {
            return Tree(None);
        }
        let middle = (low + high) / 2;
        Tree(Some(Box::new((tree(low, middle), middle, tree(middle + 1, high)))))
    }

    #[segue::coroutine(yield = u32)]
    fn in_order(tree: &Tree) {
        if let Some(node) = &tree.0 {
            let left: Box<dyn Iterator<Item = u32> + '_> = Box::new(in_order(&node.0));
            yield_from!(left);
            yield_!(node.1);
            let right: Box<dyn Iterator<Item = u32> + '_> = Box::new(in_order(&node.2));
            yield_from!(right);
        }
    }
    assert!(in_order(&tree(0, 26)).eq(0..26));
}

/// test_generators, fun_tests: the sieve, each prime a generator that filters the one before
#[test]
fn a_sieve_of_generators() {
    type Numbers = Box<dyn Iterator<Item = u32>>;

    #[segue::coroutine(yield = u32)]
    fn without(mut numbers: Numbers, factor: u32) {
        while let Some(n) = numbers.next() {
            if n % factor != 0 {
                yield_!(n);
            }
        }
    }

    #[segue::coroutine(yield = u32)]
    fn primes() {
        let mut numbers: Numbers = Box::new(2..);
        while let Some(prime) = numbers.next() {
            yield_!(prime);
            numbers = Box::new(without(numbers, prime));
        }
    }
    assert!(primes().take(10).eq([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]));
}
