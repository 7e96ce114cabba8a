//! A bare word in a closure.

use segue::generator;

fn main() {
    let _it = generator! { [1, 2].map(|n| yield n); yield 3; };
}
