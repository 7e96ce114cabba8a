//! The head of a block says something unknown.

use segue::generator;

fn main() {
    let _it = generator! { (yields = u32) yield 1; };
}
