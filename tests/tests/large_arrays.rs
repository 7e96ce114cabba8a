//! Large arrays that an awaited future borrows, which live in a box (`macros/src/large.rs`).

use segue_tests::prelude::*;

/// As far as the macro knows this may be large.
const LENGTH: usize = 50;

async fn fill(all: &mut [i64], n: i64) -> i64 {
    all[..3].fill(n);
    add(pause(n).await, all.len() as i64)
}

differential! {
    lent_whole_and_in_part = task(body(guard(1)));
    #[lowered]
    async fn body(g: Guard) -> i64 {
        let mut large = [0i64; 5000];
        let mut n = fill(&mut large, g.id()).await;
        while n < 6000 {
            let third = large[2];
            n = add(n, fill(&mut large[10..600], third).await);
        }
        large[4] = n;
        let inner = guard(large[4]);
        n = fill(&mut large[..], inner.id()).await;
        add(n, add(large[4], large.first().copied().unwrap_or(0)))
    }
}

differential! {
    two_of_one_name = task(body(guard(1)));
    #[lowered]
    async fn body(g: Guard) -> i64 {
        let mut large = [1; LENGTH];
        let n = fill(&mut large, 3).await;
        let m = large[0] + large[9];
        let mut large = [2; LENGTH];
        let k = fill(&mut large, add(n, m)).await;
        consume_with(g, add(k, large[9]))
    }
}

differential! {
    in_a_loop_with_a_way_out = task(body(1)), task(body(4));
    #[lowered]
    async fn body(rounds: i64) -> Result<i64, Small> {
        let mut all = 0;
        for round in 0..rounds {
            let held = guard(round);
            let mut large = [round; LENGTH];
            all = add(all, fill(&mut large, attempt(round + 2)?).await);
            if all > 150 {
                return Ok(peek_with(&held, large[5]));
            }
        }
        Ok(all)
    }
}

// What is copied, captured or named in a macro stays an array.
differential! {
    copied_and_captured = task(body(guard(1)));
    #[lowered]
    async fn body(g: Guard) -> i64 {
        let mut large = [1i64; LENGTH];
        let n = fill(&mut large, g.id()).await;
        let copy = large;
        large[0] = 9;
        let first = move || large[0];
        assert_eq!(large[0], first());
        let m = fill(&mut large, first()).await;
        add(n, add(m, add(copy[0], large[1])))
    }
}

differential! {
    named_in_a_text = task(body(guard(1)));
    #[lowered]
    async fn body(g: Guard) -> i64 {
        let mut large = [1i64; LENGTH];
        let n = fill(&mut large, g.id()).await;
        let text = format!("{large:?}, {n}");
        let m = fill(&mut large[..9], text.len() as i64).await;
        add(n, add(m, large[1]))
    }
}

differential! {
    borrowed_by_another_variable = task(body(guard(1)));
    #[lowered]
    async fn body(g: Guard) -> i64 {
        let mut large = [1i64; 5000];
        let n = fill(&mut large, g.id()).await;
        let part = &mut large[..10];
        let m = fill(part, n).await;
        part[5] = m;
        add(fill(&mut large[..7], 2).await, large[5])
    }
}

#[test]
fn the_machine_has_only_the_box() {
    async fn zeroed(all: &mut [u8]) -> usize {
        segue::task::yield_now().await;
        all.fill(0);
        all.len()
    }
    #[segue::coroutine]
    async fn twice() -> usize {
        let mut large = [1; 100_000];
        zeroed(&mut large).await + zeroed(&mut large[..10]).await + usize::from(large[11])
    }
    assert!(size_of_val(&twice()) < 200);
    assert_eq!(segue::run(twice()), 100_010);
}
