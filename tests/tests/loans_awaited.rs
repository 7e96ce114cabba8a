//! What an await gives may borrow what the awaited call was given.
use segue_tests::prelude::*;

differential! {
    a_stream_that_came_of_an_await_borrows = task(body());
    #[lowered]
    async fn body() -> i64 {
        let mut session = Session { held: guard(1), from: 2 };
        let n = {
            let mut found = session.find(3).await.unwrap();
            let first = found.next().await.map_or(0, |guard| guard.id());
            add(first, found.next().await.map_or(0, |guard| guard.id()))
        };
        add(session.held.renumber(9), add(session.from, n))
    }
    struct Session {
        held: Guard,
        from: i64,
    }
    struct Found<'s>(&'s mut Session);
    impl Session {
        async fn find(&mut self, n: i64) -> Result<Found<'_>, Small> {
            self.from = pause(n).await;
            Ok(Found(self))
        }
    }
    impl Found<'_> {
        async fn next(&mut self) -> Option<Guard> {
            let n = pause(self.0.from).await;
            self.0.from = add(n, 1);
            keep_if(guard(n), n)
        }
    }
}

differential! {
    what_came_of_an_await_writes_to_what_gave_it = task(body(2));
    #[lowered]
    async fn body(n: i64) -> i64 {
        let mut archive = Archive { held: guard(1), sum: 0 };
        for m in 0..n {
            let mut entry = archive.entry(m).await.unwrap();
            entry.write(3).await.unwrap();
            if entry.write(m).await.is_err() {
                continue;
            }
            entry.close().await.unwrap_or(4);
        }
        archive.close().await
    }
    struct Archive {
        held: Guard,
        sum: i64,
    }
    struct Entry<'a> {
        archive: &'a mut Archive,
        own: Guard,
    }
    impl Archive {
        async fn entry(&mut self, n: i64) -> Result<Entry<'_>, Small> {
            let n = pause(n).await;
            Ok(Entry { archive: self, own: guard(n) })
        }
        async fn close(self) -> i64 {
            pause_holding(self.held, self.sum).await
        }
    }
    impl Entry<'_> {
        async fn write(&mut self, n: i64) -> Result<(), Small> {
            self.archive.sum += pause(n).await;
            if self.archive.sum & 3 == 3 { Err(Small(n)) } else { Ok(()) }
        }
        async fn close(self) -> Result<i64, Small> {
            Ok(pause_holding(self.own, self.archive.sum).await)
        }
    }
}
