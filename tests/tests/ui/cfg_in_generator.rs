//! `cfg` on a suspension in the block of a `generator!`.

fn numbers() -> impl Iterator<Item = u32> {
    segue::generator! {
        (yield = u32)
        yield 1;
        #[cfg(unix)]
        yield 2;
        #[cfg(unix)]
        (yield 3);
        #[cfg(unix)]
        let _sent = yield 4;
    }
}

fn main() {
    numbers().for_each(drop);
}
