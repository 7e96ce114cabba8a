//! A delegation in the arguments of a macro that the function defines, whatever its name.

#[segue::coroutine(yield = u32)]
fn numbers() {
    macro_rules! assert_eq {
        ($($value:expr),*) => {};
    }
    assert_eq!(yield_from!(0..3), ());
}

fn main() {}
