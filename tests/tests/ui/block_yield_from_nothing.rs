//! `yield from` without what to delegate to.

use segue::generator;

fn main() {
    let _it = generator! { yield from; };
}
