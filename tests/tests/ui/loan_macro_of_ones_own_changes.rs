//! A macro that isn't std's has variables on loan by reference.

macro_rules! grow {
    ($list:ident) => {
        $list.push(1)
    };
}

#[segue::coroutine(yield = usize)]
fn grows(mut list: Vec<usize>) {
    for item in &list {
        yield_!(*item);
    }
    grow!(list);
    yield_!(list.len());
}

fn main() {}
