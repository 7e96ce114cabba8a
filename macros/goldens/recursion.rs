struct Node {
    name: String,
    children: Vec<Node>,
}

/// Each name, and how many there are in all.
#[segue::coroutine(yield = &str)]
fn walk(node: &Node) -> usize {
    let mut count = 1;
    yield_!(&node.name);
    for child in &node.children {
        count += yield_from!(walk(child));
    }
    count
}

/// The letters on the way to the first leaf; what is awaited besides is awaited as ever.
#[segue::coroutine]
async fn total(node: &Node) -> usize {
    let own = std::future::ready(node.name.len()).await;
    let Some(child) = node.children.first() else { return own };
    own + total(child).await
}
