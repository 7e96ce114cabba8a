//! Coroutines from blocks: `generator! { … }`, with `yield` and `yield from` as words.
//!
//! `cargo run --example blocks`
//!
//! What to see: a block captures what it names, like a closure, and is an iterator where it is sent nothing and returns
//! nothing; with a head it is sent values; `yield from` hands over to another.
#![forbid(unsafe_code)]

use segue::{Coroutine, generator};

struct Tree {
    value: u32,
    children: Vec<Tree>,
}

impl Tree {
    /// The values from the root down; a block can be boxed, and so delegate to itself.
    fn values(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        Box::new(generator! {
            yield self.value;
            for child in &self.children {
                yield from child.values();
            }
        })
    }
}

fn leaf(value: u32) -> Tree {
    Tree { value, children: Vec::new() }
}

fn main() {
    let (first, last) = (1, 5);
    let squares = generator! {
        for n in first..=last {
            yield n * n;
        }
    };
    println!("squares: {:?}", squares.collect::<Vec<u32>>());

    let tree = Tree { value: 1, children: vec![Tree { value: 2, children: vec![leaf(3)] }, leaf(4)] };
    println!("a tree:  {:?}", tree.values().collect::<Vec<_>>());

    let name = String::from("total");
    let mut sum = generator! { (yield = String, resume = u32, return = &'static str)
        let mut sum = 0;
        while sum < 10 {
            sum += yield format!("{name}: {sum}");
        }
        "enough"
    };
    println!("start()   -> {:?}", sum.start());
    println!("resume(7) -> {:?}", sum.resume(7));
    println!("resume(8) -> {:?}", sum.resume(8));
}
