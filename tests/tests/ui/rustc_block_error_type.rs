//! A block in which `?` doesn't know its error type.

use segue::generator;

fn main() {
    let _it = generator! { yield 1; let n: u32 = "1".parse()?; Ok(n) };
}
