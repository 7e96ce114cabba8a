//! The head of a block leaves out a type.

use segue::generator;

fn main() {
    let _it = generator! { (yield = u32, return) yield 1; };
}
