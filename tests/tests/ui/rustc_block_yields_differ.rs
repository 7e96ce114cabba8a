//! A block yields values of two types.

use segue::generator;

fn main() {
    let _it = generator! { yield 1; yield "two"; };
}
