//! A delegation in the arguments of another macro.

#[segue::coroutine(yield = u32)]
fn numbers() {
    assert_eq!(yield_from!(0..3), ());
}

fn main() {}
