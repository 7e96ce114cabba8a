//! What is lent to a call of the function itself can't come back from it.

struct Parser<'a>(&'a [u8]);

impl Parser<'_> {
    #[segue::coroutine]
    async fn depth(&mut self) -> usize {
        let deepest = self.depth().await;
        deepest + self.0.len()
    }
}

#[segue::coroutine(yield = u32)]
fn collect(from: u32, into: &mut Vec<u32>) {
    yield_!(from);
    if from > 0 {
        yield_from!(collect(from - 1, into));
        into.push(from);
    }
}

#[segue::coroutine]
async fn fill(depth: usize, buffer: &mut [u8]) {
    let mut own = [0u8; 16];
    if depth > 0 {
        fill(depth - 1, &mut own).await;
    }
}

#[segue::coroutine]
async fn push(depth: usize, into: &mut Vec<usize>) {
    if depth > 0 {
        push(depth - 1, &mut *into).await;
        into.push(depth);
    }
}

fn main() {}
