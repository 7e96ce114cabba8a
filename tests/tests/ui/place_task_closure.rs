//! `yield_!` in a closure of a task is one mistake, not two.

#[segue::coroutine]
fn numbers(list: Vec<u32>) {
    list.iter().for_each(|number| yield_!(*number));
}

fn main() {}
