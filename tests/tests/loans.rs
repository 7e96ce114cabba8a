//! Borrows of a local that another local holds while the function is suspended.

use std::cell::RefCell;

use async_lock::Mutex;
use segue_tests::prelude::*;

/// What a method gives that borrows it.
struct Shelf {
    guards: Vec<Guard>,
    total: i64,
}

fn shelf(n: i64) -> Shelf {
    Shelf { guards: (n..n + 3).map(guard).collect(), total: 0 }
}

/// Says when its borrow ends.
struct Reader<'a>(&'a Shelf);

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        ev(self.0.guards.iter().map(Guard::id).sum());
    }
}

impl Shelf {
    fn first_mut(&mut self) -> &mut Guard {
        &mut self.guards[0]
    }

    fn reader(&self) -> Reader<'_> {
        Reader(self)
    }
}

fn longest<'a>(one: &'a Guard, other: &'a Guard) -> &'a Guard {
    if one.id() > other.id() { one } else { other }
}

async fn first_of(guards: &mut [Guard]) -> &mut Guard {
    pause(3).await;
    &mut guards[0]
}

differential! {
    items_of_a_local = task(body());
    #[lowered]
    async fn body() -> i64 {
        let guards = vec![guard(1), guard(2), guard(3)];
        let _after = guard(4);
        let mut sum = 0;
        for one in guards.iter() {
            sum += pause(one.id()).await;
            sum += one.id();
        }
        drop(guards);
        sum + pause(5).await
    }
}

differential! {
    items_in_a_generator = generator(body(shelf(1)));
    #[lowered(yield = i64)]
    fn body(mut shelf: Shelf) -> i64 {
        for one in shelf.guards.iter_mut() {
            one.renumber(20);
            yield_!(one.id());
        }
        shelf.total += 1;
        yield_!(shelf.total);
        shelf.guards.len() as i64
    }
}

differential! {
    through_a_reference = generator(body(shelf(1)));
    #[lowered(yield = i64)]
    fn body(mut shelf: Shelf) -> i64 {
        let to = &mut shelf;
        let first = to.first_mut();
        yield_!(first.id());
        first.renumber(7);
        yield_!(to.guards.len() as i64);
        to.total += 2;
        shelf.total
    }
}

differential! {
    a_reference_of_a_reference = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut total = 1;
        let one = &mut total;
        let two = &mut *one;
        *two += 1;
        yield_!(*two);
        *two += 1;
        let three = &mut *two;
        yield_!(3);
        *three += 1;
        *one += 10;
        total += 100;
        yield_!(total);
        total
    }
}

differential! {
    two_parts_of_an_array = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut guards = [guard(1), guard(2), guard(3), guard(4)];
        let (left, right) = guards.split_at_mut(2);
        yield_!(left[0].id());
        std::mem::swap(&mut left[0], &mut right[1]);
        yield_!(left[0].id() + right[1].id());
        left[1] = guard(9);
        yield_!(8);
        guards[1].id()
    }
}

differential! {
    a_lock_of_a_local = task(body());
    #[lowered]
    async fn body() -> i64 {
        let lock = Mutex::new(guard(1));
        let _between = guard(2);
        let mut held = lock.lock().await;
        pause(3).await;
        held.renumber(5);
        pause(held.id()).await;
        drop(held);
        let other = lock.lock().await;
        pause(other.id()).await
    }
}

differential! {
    a_lock_that_ends_with_its_scope = task(body());
    #[lowered]
    async fn body() -> i64 {
        let lock = Mutex::new(guard(1));
        let _held = lock.lock().await;
        pause(3).await
    }
}

differential! {
    a_cell_borrowed = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let cell = RefCell::new(guard(1));
        {
            let mut inside = cell.borrow_mut();
            yield_!(inside.id());
            inside.renumber(2);
            yield_!(cell.try_borrow().is_err() as i64);
        }
        let again = cell.borrow();
        yield_!(again.id());
        0
    }
}

differential! {
    a_chain_of_adaptors = generator(body("one\ntwo\nthree".to_owned(), "t".to_owned()));
    #[lowered(yield = i64)]
    fn body(text: String, needle: String) -> i64 {
        let mut sum = 0;
        for (at, line) in text.lines().filter(|line| line.contains(&needle)).enumerate() {
            yield_!(at as i64);
            sum += line.len();
        }
        assert!(!text.is_empty() && !needle.is_empty(), "{text} {}", needle.len());
        yield_!(text.len() as i64);
        sum as i64
    }
}

differential! {
    a_match_that_borrows = task(body(Some(guard(3))));
    #[lowered]
    async fn body(mut may: Option<Guard>) -> i64 {
        let mut n = 0;
        if let Some(inside) = &mut may {
            n += pause(inside.id()).await;
            inside.renumber(8);
        }
        match may {
            Some(ref inside) if inside.id() > 2 => {
                n += pause(inside.id()).await;
                n += inside.id();
            }
            _ => n += 1,
        }
        match &may {
            Some(inside) => pause(inside.id()).await,
            None => n,
        }
    }
}

differential! {
    a_struct_that_borrows = task(body(shelf(5)));
    #[lowered]
    async fn body(shelf: Shelf) -> i64 {
        let reader = Reader(&shelf);
        let _after = guard(1);
        pause(2).await;
        let n = reader.0.guards.len() as i64;
        pause(n).await
    }
}

differential! {
    a_method_that_borrows = task(body(shelf(5)));
    #[lowered]
    async fn body(shelf: Shelf) -> i64 {
        let reader = shelf.reader();
        pause(2).await;
        let n = reader.0.total + shelf.total;
        drop(reader);
        drop(shelf);
        pause(n).await
    }
}

differential! {
    a_longer_of_two = generator(body(guard(1), guard(2)));
    #[lowered(yield = i64)]
    fn body(one: Guard, other: Guard) -> i64 {
        let chosen = longest(&one, &other);
        yield_!(chosen.id());
        yield_!(chosen.id() + 1);
        one.id() + other.into_id()
    }
}

differential! {
    what_an_await_gives_borrows = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut guards = vec![guard(1), guard(2)];
        let waiting = first_of(&mut guards);
        let first = waiting.await;
        pause(first.id()).await;
        first.renumber(4);
        pause(5).await;
        guards.remove(0).into_id()
    }
}

differential! {
    a_future_kept = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut source = source(3);
        let mut into = buffer(1);
        let reading = source.read(&mut into);
        pause(1).await;
        let read = reading.await;
        pause(read.unwrap_or(7)).await;
        into.sum() + source.count()
    }
}

differential! {
    a_child_that_borrows = generator(body());
    #[lowered(yield = i64)]
    fn child(guard: &mut Guard) -> i64 {
        yield_!(guard.id());
        guard.renumber(6);
        yield_!(guard.id());
        guard.id()
    }
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut one = guard(1);
        let n = yield_from!(child(&mut one));
        yield_!(n);
        one.id()
    }
}

differential! {
    a_labelled_loop_of_borrows = task(body());
    #[lowered]
    async fn body() -> i64 {
        let rows = vec![vec![guard(1), guard(2)], vec![guard(3)], vec![guard(4)]];
        let found = 'rows: loop {
            for row in &rows {
                for one in row {
                    if pause(one.id()).await == 3 {
                        break 'rows one;
                    }
                }
            }
            break &rows[0][0];
        };
        pause(found.id()).await
    }
}

differential! {
    assigned_while_nothing_borrows = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut one = guard(1);
        for n in 2..4 {
            let held = &one;
            yield_!(held.id());
            yield_!(held.id());
            one = guard(n);
        }
        let held = &mut one;
        yield_!(held.id());
        held.renumber(9);
        one.id()
    }
}

differential! {
    moved_and_assigned_again = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut one = guard(1);
        let held = &one;
        yield_!(held.id());
        yield_!(held.id());
        consume(one);
        yield_!(3);
        one = guard(2);
        let held = &one;
        yield_!(held.id());
        yield_!(held.id());
        4
    }
}

differential! {
    assigned_late = generator(body(true)), generator(body(false));
    #[lowered(yield = i64)]
    fn body(first: bool) -> i64 {
        let one;
        if first {
            one = guard(1);
        } else {
            one = guard(2);
        }
        let held = &one;
        yield_!(held.id());
        yield_!(held.id());
        5
    }
}

differential! {
    a_copy_outlives_its_move = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let number = typed(5);
        let held = &number;
        let taken = number;
        yield_!(taken);
        yield_!(*held);
        *held
    }
}

differential! {
    bound_by_a_pattern = generator(body((guard(1), guard(2), guard(3))));
    #[lowered(yield = i64)]
    fn body(all: (Guard, Guard, Guard)) -> i64 {
        let (one, mut two, _three) = all;
        let held = &mut two;
        yield_!(held.id() + one.id());
        held.renumber(4);
        yield_!(held.id());
        6
    }
}

differential! {
    arguments_by_a_pattern = generator(body((guard(1), guard(2)), guard(3)));
    #[lowered(yield = i64)]
    fn body((one, mut two): (Guard, Guard), mut three: Guard) -> i64 {
        let (held, other) = (&mut two, &mut three);
        yield_!(held.id() + one.id());
        held.renumber(4);
        yield_!(other.id());
        other.renumber(5);
        6
    }
}

differential! {
    a_stream_that_borrows = stream(body());
    #[lowered(yield = i64)]
    async fn body() {
        let guards = vec![guard(1), guard(2)];
        for one in &guards {
            yield_!(pause(one.id()).await);
            ev(one.id());
        }
        let _last = &guards[1];
        yield_!(guards.len() as i64);
    }
}

differential! {
    a_drain_that_is_left = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut guards = vec![guard(1), guard(2), guard(3), guard(4)];
        {
            let mut out = guards.drain(1..3);
            let first = out.next();
            yield_!(first.as_ref().map_or(0, |one| one.id()));
            yield_!(out.len() as i64);
        }
        yield_!(guards.len() as i64);
        7
    }
}

differential! {
    a_question_while_borrowed = task(body(true)), task(body(false));
    #[lowered]
    async fn body(fails: bool) -> Result<i64, Oops> {
        let guards = vec![guard(1), guard(2)];
        let _lock = RefCell::new(guard(3));
        for one in &guards {
            let held = _lock.borrow();
            let n = pause(one.id()).await;
            if fails && n > 1 {
                Err(Oops(n))?;
            }
            if held.id() + n > 100 {
                return Ok(n);
            }
        }
        Ok(pause(9).await)
    }
}

differential! {
    an_argument_that_a_function_looks_at = generator(body());
    #[lowered(yield = i64)]
    fn child(shelf: &mut Shelf) -> i64 {
        for one in shelf.guards.iter() {
            yield_!(one.id() + shelf.guards.len() as i64);
        }
        let (guards, total) = (&mut shelf.guards, &mut shelf.total);
        for one in guards {
            *total += one.id();
            yield_!(*total);
            one.renumber(9);
        }
        shelf.reader().0.total
    }
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut own = shelf(1);
        yield_from!(child(&mut own));
        own.total
    }
}

differential! {
    two_phases = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let mut numbers = vec![1usize, 2];
        let held = &numbers;
        yield_!(held.len() as i64);
        yield_!(held.len() as i64);
        numbers.push(numbers.len());
        let at = numbers[0];
        numbers[at] += numbers[2];
        let held = &mut numbers;
        yield_!(held.len() as i64);
        held.push(held.len());
        yield_!(held[3] as i64);
        numbers.iter().sum::<usize>() as i64
    }
}

differential! {
    a_pattern_is_assigned_to = generator(body());
    #[lowered(yield = i64)]
    fn body() -> i64 {
        let (mut one, mut two) = (guard(1), guard(2));
        let (held, other) = (&one, &two);
        yield_!(held.id());
        yield_!(other.id() + held.id());
        (one, two) = (guard(3), guard(4));
        let (held, other) = (&one, &two);
        yield_!(held.id());
        yield_!(other.id() + held.id());
        one.id() * two.id()
    }
}

differential! {
    an_iterator_that_is_only_kept = generator(body(vec![guard(1), guard(2)]));
    #[lowered(yield = i64)]
    fn body(guards: Vec<Guard>) -> i64 {
        let mut one = guards.iter().filter(|guard| guard.id() >= guards[0].id());
        let first = one.next().map_or(0, |guard| guard.id());
        yield_!(first);
        3
    }
}

differential! {
    a_borrow_that_one_of_two_ways_gives = task(body(shelf(3), shelf(4)));
    #[lowered]
    async fn body(one: Shelf, other: Shelf) -> i64 {
        let chosen = if pause(2).await == 3 { &one.guards[0] } else { &other.guards[1] };
        ev(chosen.id());
        7
    }
}

differential! {
    an_element_of_a_tuple_that_is_matched = generator(body(guard(1), guard(2)));
    #[lowered(yield = i64)]
    fn body(one: Guard, mut other: Guard) -> i64 {
        let (before, _) = (std::mem::replace(&mut other, one), other);
        yield_!(before.id());
        8
    }
}

differential! {
    borrows_in_a_block = body(vec![guard(1), guard(2)]);
    fn body(mut guards: Vec<Guard>) -> Box<dyn segue_tests::Subject> {
        generator(generator! { (yield = i64, return = i64)
            for one in guards.iter_mut() {
                yield_!(one.renumber(5));
                ev(one.id());
            }
            let held = longest(&guards[0], &guards[1]);
            yield_!(held.id());
            held.id()
        })
    }
}

differential! {
    beside_an_item_with_a_self_of_its_own = generator(Box::leak(Box::new(Shelf { guards: list(2) })).read(list(3)));
    struct Shelf {
        guards: Vec<Guard>,
    }
    impl Shelf {
        #[lowered(yield = i64)]
        fn read(&mut self, mut others: Vec<Guard>) -> i64 {
            let first = self.guards.first_mut();
            yield_!(others.len() as i64);
            {
                struct Seen(Guard);
                impl Seen {
                    fn id(&self) -> i64 {
                        self.0.id()
                    }
                }
                ev(Seen(guard(9)).id());
            }
            let last = others.last_mut();
            yield_!(first.is_some() as i64);
            last.map_or(2, |last| last.id())
        }
    }
}
