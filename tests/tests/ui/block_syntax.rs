//! A block that isn't Rust.

use segue::generator;

fn main() {
    let _it = generator! { let x 1; yield x };
}
