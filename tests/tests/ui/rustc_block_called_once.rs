//! A block calls what it captures, and that can be called only once.

use segue::generator;

fn main() {
    let text = String::new();
    let once = move || text;
    let _it = generator! { yield once() };
}
