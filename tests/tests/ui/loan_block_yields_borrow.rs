//! A block yields a borrow of its own variable.

fn main() {
    let mut words = segue::generator! {
        let own = String::from("one two");
        for word in own.split(' ') {
            yield word;
        }
    };
    segue::Coroutine::start(&mut words);
}
