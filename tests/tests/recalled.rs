//! Variables that come back from their loans, and are used up then, or aren't.

use segue_tests::prelude::*;

/// Something that others borrow and that is finished in the end.
struct Archive {
    first: Guard,
    second: Guard,
    sum: i64,
}

fn archive(n: i64) -> Archive {
    Archive { first: guard(n), second: guard(add(n, 1)), sum: 0 }
}

struct Entry<'a>(&'a mut Archive, Guard);

impl Archive {
    fn entry(&mut self, n: i64) -> Entry<'_> {
        Entry(self, guard(n))
    }

    fn finish(self) -> i64 {
        let n = self.sum;
        add(consume(self.second), n)
    }

    fn rest(&mut self, n: i64) -> i64 {
        self.sum += n;
        ev(self.sum)
    }

    fn into_sum(self) -> i64 {
        self.finish()
    }

    async fn close(self, last: Guard) -> i64 {
        pause_holding(last, self.sum).await
    }

    async fn flush(&mut self) -> i64 {
        self.sum += pause(1).await;
        self.sum
    }
}

impl Entry<'_> {
    fn write(&mut self, n: i64) -> i64 {
        self.0.sum += n;
        self.1.renumber(n)
    }
}

differential! {
    finished_at_the_end = generator(body(2)), generator(body(0));
    #[lowered(yield = i64)]
    fn body(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        for m in 0..n {
            let mut entry = archive.entry(m);
            yield_!(entry.write(3));
            entry.write(m);
        }
        let last = guard(8);
        archive.finish()
    }
}

differential! {
    only_used_at_the_end = generator(body(2)), task(waiting(2));
    #[lowered(yield = i64)]
    fn body(n: i64) -> i64 {
        let before = guard(7);
        let mut archive = archive(1);
        let later = guard(9);
        for m in 0..n {
            let mut entry = archive.entry(m);
            yield_!(entry.write(3));
            entry.write(4);
        }
        let last = guard(8);
        archive.rest(n)
    }
    #[lowered]
    async fn waiting(n: i64) -> i64 {
        let before = guard(7);
        let mut archive = archive(1);
        let later = guard(9);
        for m in 0..n {
            let mut entry = archive.entry(m);
            pause(m).await;
            entry.write(3);
        }
        let last = guard(8);
        let rest = archive.rest(n);
        pause(rest).await
    }
}

differential! {
    finished_before_a_suspension = task(body(2)), task(body(0));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        for m in 0..n {
            let mut entry = archive.entry(m);
            pause(entry.write(3)).await;
            entry.write(m);
        }
        let sum = archive.finish();
        pause(sum).await
    }
}

differential! {
    closed_in_the_middle = task(body(2)), task(body(0));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        for m in 0..n {
            let mut entry = archive.entry(m);
            pause(entry.write(3)).await;
            entry.write(m);
        }
        let sum = archive.close(guard(5)).await;
        let last = guard(8);
        pause(sum).await
    }
}

differential! {
    flushed_in_the_end = task(body(2)), task(body(0));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        for m in 0..n {
            let mut entry = archive.entry(m);
            pause(entry.write(3)).await;
            entry.write(m);
        }
        let sum = archive.flush().await;
        let last = guard(8);
        pause(sum).await
    }
}

differential! {
    finished_on_one_way = task(body(0)), task(body(1)), task(body(2)), generator(yielding(1)), generator(yielding(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        let mut round = 0;
        let sum = loop {
            let mut entry = archive.entry(round);
            pause(entry.write(3)).await;
            entry.write(round);
            drop(entry);
            if round == n {
                let last = guard(6);
                break archive.close(guard(5)).await;
            }
            if round == 1 {
                return pause(archive.finish()).await;
            }
            round += 1;
        };
        let last = guard(8);
        pause(sum).await
    }
    #[lowered(yield = i64)]
    fn yielding(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        let mut entry = archive.entry(n);
        yield_!(entry.write(3));
        entry.write(n);
        drop(entry);
        match n {
            1 => {
                let last = guard(6);
                return archive.finish();
            }
            _ => yield_!(archive.rest(4)),
        }
        yield_!(7);
        let last = guard(8);
        2
    }
}

differential! {
    parts_are_moved_out_at_the_end = generator(body(2)), task(matched(2));
    #[lowered(yield = i64)]
    fn body(n: i64) -> Guard {
        let mut archive = archive(1);
        let later = guard(9);
        let mut entry = archive.entry(n);
        yield_!(entry.write(3));
        entry.write(n);
        drop(entry);
        let last = guard(8);
        archive.second
    }
    #[lowered]
    async fn matched(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        let mut entry = archive.entry(n);
        pause(entry.write(3)).await;
        entry.write(n);
        drop(entry);
        let last = guard(8);
        match archive {
            Archive { first, sum, .. } => consume_with(first, sum),
        }
    }
}

differential! {
    an_argument_is_finished = task(body(archive(1), 2));
    #[lowered]
    async fn body(mut archive: Archive, n: i64) -> i64 {
        let later = guard(9);
        for m in 0..n {
            let mut entry = archive.entry(m);
            pause(entry.write(3)).await;
            entry.write(m);
        }
        archive.close(guard(5)).await
    }
}

differential! {
    who_borrowed_is_there_until_the_end = task(body(2)), generator(yielding(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        let entry = &mut archive.entry(n);
        pause(entry.write(3)).await;
        entry.write(n);
        archive.finish()
    }
    #[lowered(yield = i64)]
    fn yielding(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        let first = &mut archive.first;
        yield_!(first.renumber(n));
        first.renumber(4);
        archive.finish()
    }
}

differential! {
    who_borrowed_is_there_after_it_was_used_up = task(body(2)), generator(yielding(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        let mut entry = archive.entry(n);
        pause(entry.write(3)).await;
        entry.write(n);
        let sum = archive.into_sum();
        pause(sum).await
    }
    #[lowered(yield = i64)]
    fn yielding(n: i64) -> i64 {
        let mut archive = archive(1);
        let later = guard(9);
        let mut entry = archive.entry(n);
        yield_!(entry.write(3));
        entry.write(n);
        let sum = archive.into_sum();
        yield_!(sum);
        3
    }
}

differential! {
    what_was_copied_is_looked_at_in_the_end = generator(body(2, guard(4))), generator(whole(Small(3)));
    #[lowered(yield = i64)]
    fn body(n: i64, b: Guard) -> i64 {
        let d = &n;
        ev(after(yield_!(n), n));
        ev(*d);
        match n {
            0 | 2 => b.plus(3),
            _ => 4,
        }
    }
    #[lowered(yield = i64)]
    fn whole(small: Small) -> i64 {
        let copy = Kept(small.0);
        let d = &copy;
        yield_!(twice(copy));
        ev(d.0);
        copy.finish()
    }
    #[derive(Clone, Copy)]
    struct Kept(i64);
    impl Kept {
        fn finish(self) -> i64 {
            ev(self.0)
        }
    }
    fn twice(kept: Kept) -> i64 {
        kept.0 * 2
    }
}
