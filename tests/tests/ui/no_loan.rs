//! `no_loan` of what isn't on loan, of nothing, twice, without parentheses.

#[segue::coroutine(yield = u32, no_loan(number))]
fn of_another(numbers: Vec<u32>) {
    for number in &numbers {
        yield_!(*number);
    }
}

#[segue::coroutine(yield = u32, no_loan(numbers))]
fn nothing_lent(numbers: Vec<u32>) {
    yield_!(numbers.len() as u32);
}

#[segue::coroutine(yield = u32, no_loan())]
fn of_nothing(numbers: Vec<u32>) {
    for number in &numbers {
        yield_!(*number);
    }
}

struct Numbers(Vec<u32>);

impl Numbers {
    #[segue::coroutine(yield = u32, no_loan())]
    fn each(self) {
        for number in &self.0 {
            yield_!(*number);
        }
    }
}

#[segue::coroutine(yield = u32, no_loan)]
fn without_names(numbers: Vec<u32>) {
    yield_!(numbers.len() as u32);
}

#[segue::coroutine(no_loan(a), yield = u32, no_loan(b))]
fn twice(a: u32, b: u32) {
    yield_!(a + b);
}

fn main() {}
