//! A method of the same name on another receiver may be another type's: it is called as `Self::names(child)`.

struct Node {
    name: String,
    children: Vec<Node>,
}

impl Node {
    #[segue::coroutine(yield = &str)]
    fn names(&self) {
        yield_!(&self.name);
        for child in &self.children {
            yield_from!(child.names());
        }
    }
}

fn main() {}
