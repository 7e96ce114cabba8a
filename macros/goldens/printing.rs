#[segue::coroutine(yield = u32, resume = String)]
fn greeter(name: &str) -> Vec<String> {
    println!("{name} {} {}", name.len(), yield_!(1));
    assert!(yield_!(2) != name, "not {name} again");
    vec![name.to_uppercase(), format!("{:?} {name}", yield_!(3))]
}
