async fn compute(x: i64, y: i64) -> i64 {
    x + y
}

#[segue::coroutine]
fn print_sum(x: i64, y: i64) {
    let result = yield_from!(compute(x, y));
    println!("{x} + {y} = {result}");
}
