struct Node {
    name: String,
    children: Vec<Node>,
}

/// Each name with how deep it stands, and how many there are in all.
#[segue::coroutine(yield = (usize, &str))]
fn walk(node: &Node, depth: usize) -> usize {
    let mut count = 1;
    yield_!((depth, &node.name));
    for child in &node.children {
        count += yield_from!(walk(child, depth + 1));
    }
    count
}

/// What is awaited besides is awaited as ever.
#[segue::coroutine]
async fn total(node: &Node) -> usize {
    let mut sum = std::future::ready(node.name.len()).await;
    for child in &node.children {
        sum += total(child).await;
    }
    sum
}
