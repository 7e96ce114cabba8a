async fn find(_name: &str) -> Option<String> {
    None
}

#[segue::coroutine]
async fn length(name: &str) -> usize {
    let Some(ref found) = find(&name.to_owned()).await.or(None) else {
        return 0;
    };
    found.len()
}

fn main() {
    let _ = length("x");
}
