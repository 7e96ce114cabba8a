//! A pattern that only copies leaves a value that is dropped at the end of its scope.

struct Ticket(u32);

impl Drop for Ticket {
    fn drop(&mut self) {}
}

#[segue::coroutine(yield = u32)]
fn number(ticket: Ticket) {
    let Ticket(number) = ticket;
    yield_!(number);
}

#[segue::coroutine(yield = u32)]
fn matched(ticket: Ticket) {
    let doubled = match ticket {
        Ticket(number) => number * 2,
    };
    yield_!(doubled);
}

#[segue::coroutine(yield = u32)]
fn chosen(ticket: Ticket, wanted: bool) {
    if wanted {
        if let Ticket(number @ 7..) = ticket {
            yield_!(number);
        }
    }
}

#[segue::coroutine(yield = u32)]
fn within(ticket: Ticket) {
    yield_!({
        let Ticket(number) = ticket;
        number
    });
}

#[segue::coroutine(yield = u32)]
fn called(ticket: Ticket) {
    let read = || {
        let Ticket(number) = ticket;
        number
    };
    yield_!(read());
}

#[segue::coroutine(yield = u32)]
fn assigned(ticket: Ticket) {
    let number;
    Ticket(number) = ticket;
    yield_!(number);
}

#[segue::coroutine(yield = u32)]
fn printed(ticket: Ticket) {
    let numbers = vec![match ticket {
        Ticket(number) => number,
    }];
    yield_!(numbers[0]);
}

// Nothing suspends while it is still there.
#[segue::coroutine(yield = u32)]
fn early(wanted: bool) {
    if wanted {
        let ticket = Ticket(1);
        let Ticket(_number) = ticket;
    }
    yield_!(1);
}

fn main() {}
