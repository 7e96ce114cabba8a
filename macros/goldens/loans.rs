/// An iterator over a local, which is used again.
#[segue::coroutine(yield = i32)]
fn odd_ones(mut numbers: Vec<i32>) {
    for number in numbers.iter_mut().filter(|number| **number % 2 == 1) {
        *number += 1;
        yield_!(*number);
    }
    yield_!(numbers.len() as i32);
}

/// An iterator of parts.
#[segue::coroutine]
async fn count(words: String) -> usize {
    let mut found = 0;
    for word in words.split(' ') {
        std::future::ready(word.len()).await;
        found += word.len();
    }
    found + words.len()
}

struct Tally {
    counts: Vec<u32>,
    total: u32,
}

impl Tally {
    /// What `self` refers to is borrowed.
    #[segue::coroutine(yield = u32)]
    fn each(&mut self) {
        for count in &mut self.counts {
            yield_!(*count);
            *count = 0;
        }
        self.total = 0;
    }
}
