//! A `generator!` awaits.

use segue::generator;

fn main() {
    let _it = generator! { yield 1; std::future::ready(2).await; };
}
