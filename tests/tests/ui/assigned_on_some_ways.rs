//! A variable that is moved on one way only, and assigned to after a suspension, in the middle of an expression.

#[segue::coroutine(yield = usize)]
fn reconnect(early: bool, mut connection: String) {
    if early {
        drop(connection);
    }
    yield_!(0);
    let _ = connection = String::from("fresh");
    yield_!(1);
}

fn main() {}
