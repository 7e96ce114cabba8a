//! Async generators: documents that come in pages, as one stream, with the next page on its way while this one is read.
//!
//! `cargo run --example pages`
//!
//! What to see: `.await` and `yield_!` in one function make it a `Stream`; whoever goes through it with `for_await!` sees
//! documents and no pages; a page is asked for before the one at hand is used up; `yield_from!` hands over to another stream.
#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

use segue::Stream;
use segue::time::sleep;

const PAGES: u32 = 3;

/// What a slow server answers; `None` after the last page.
#[segue::coroutine]
async fn fetch(page: u32) -> Option<Vec<String>> {
    println!("  page {page} is asked for");
    sleep(Duration::from_millis(30)).await;
    (page < PAGES).then(|| (1..=3).map(|n| format!("document {page}.{n}")).collect())
}

/// All documents: while those of a page are handed out, the next page comes.
#[segue::coroutine(yield = String)]
async fn documents() {
    let mut page = 0;
    let mut coming = segue::spawn(fetch(page));
    while let Ok(Some(documents)) = coming.await {
        page += 1;
        coming = segue::spawn(fetch(page));
        for document in documents {
            yield_!(document);
        }
    }
}

/// Only the first of each page, and then an end of our own.
#[segue::coroutine(yield = String)]
async fn digest(documents: impl Stream<Item = String> + Unpin) {
    for_await!(document in documents {
        if !document.ends_with(".1") {
            continue;
        }
        yield_!(document);
    });
    yield_from!(epilogue());
}

#[segue::coroutine(yield = String)]
async fn epilogue() {
    sleep(Duration::from_millis(5)).await;
    yield_!("the end".to_owned());
}

#[segue::coroutine]
async fn read_all() -> u32 {
    let mut read = 0;
    for_await!(document in documents() {
        sleep(Duration::from_millis(10)).await;
        println!("{document} is read");
        read += 1;
    });
    for_await!(document in digest(documents()) {
        println!("digest: {document}");
    });
    read
}

fn main() {
    let start = Instant::now();
    let read = segue::run(read_all());
    println!("{read} documents and a digest in {} ms", start.elapsed().as_millis());
}
