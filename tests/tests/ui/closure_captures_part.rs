//! A closure takes the fields that it names; what is left of the variable is dropped at the end of its scope.

struct Ticket(u32);

impl Drop for Ticket {
    fn drop(&mut self) {}
}

#[segue::coroutine(yield = u32)]
fn copied(ticket: Ticket) {
    let number = move || ticket.0;
    yield_!(number());
}

#[segue::coroutine(yield = usize)]
fn moved(pair: (String, String)) {
    {
        let length = move || pair.0.len();
        println!("{}", length());
    }
    yield_!(1);
}

#[segue::coroutine]
async fn awaited(pair: (String, String)) -> usize {
    let length = async move {
        let (first, _) = pair;
        first.len()
    };
    std::future::ready(length.await).await
}

struct Pair {
    first: String,
    second: String,
}

// A pattern that can't fail looks at what it binds alone.
#[segue::coroutine(yield = usize)]
fn matched(pair: Pair) {
    {
        let length = move || match pair {
            Pair { first, second: _ } => first.len(),
        };
        println!("{}", length());
    }
    yield_!(1);
}

// What is on loan is no other.
#[segue::coroutine(yield = usize)]
fn on_loan(mut pair: (String, String)) {
    let second = &mut pair.1;
    yield_!(second.len());
    second.clear();
    let length = move || pair.0.len();
    yield_!(length());
}

// All of it goes into the closure.
#[segue::coroutine(yield = usize)]
fn whole(pair: (String, String)) {
    {
        let length = move || {
            let pair = pair;
            pair.0.len()
        };
        println!("{}", length());
    }
    yield_!(1);
}

fn main() {}
