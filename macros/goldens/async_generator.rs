// An async generator: a stream that awaits, yields, goes through a stream and delegates to one.

#[segue::coroutine(yield = String)]
async fn numbered(lines: impl Stream<Item = String> + Unpin, rest: impl Stream<Item = String>) {
    let mut n = 0;
    for_await!(line in lines {
        n += line.len();
        yield_!(format!("{n} {line}"));
    });
    std::future::ready(()).await;
    yield_from!(rest);
}
