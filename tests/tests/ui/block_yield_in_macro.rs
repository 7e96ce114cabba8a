//! A bare word in another macro.

use segue::generator;

fn main() {
    let _it = generator! { (resume = u32) println!("{}", yield 1); };
}
