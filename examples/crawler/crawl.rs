//! The crawler: a queue of pages, and workers that fetch them, each page once.

use super::address;
use super::charset;
use super::failure::Failure;
use super::flags::Limits;
use super::interrupt;
use super::links::LinkFinder;
use super::pages::{PageId, Pages, Redirect, Visit};
use super::progress::Progress;
use super::queue::{Job, Queue};
use super::session::{Response, Session};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use segue::time::{sleep, timeout};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};
use url::Url;

/// The pause before a page is asked for again; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// A crawl of one site.
pub(crate) struct Crawler {
    root: Url,
    limits: Limits,
    session: Session,
    queue: Queue<PageId>,
    pages: RefCell<Pages>,
    progress: Progress,
    interrupted: Cell<bool>,
}

/// What a crawl gives.
pub(crate) struct Crawled {
    /// All pages known of.
    pub(crate) pages: Pages,
    /// From the first request to the last answer.
    pub(crate) time: Duration,
    /// Whether Ctrl-C ended it.
    pub(crate) interrupted: bool,
}

/// Crawls everything that can be reached from `root` on its server.
#[segue::coroutine]
pub(crate) async fn crawl(root: Url, session: Session, limits: Limits, progress: Progress) -> Crawled {
    let begun = Instant::now();
    let crawler = Rc::new(Crawler::new(root, session, limits, progress));
    let stopper = segue::spawn(stop_at_ctrl_c(crawler.clone()));
    let workers: Vec<_> =
        (0..crawler.limits.concurrency).map(|_| segue::spawn(work(crawler.clone()))).collect();
    crawler.queue.join().await;
    for worker in workers {
        worker.abort();
        let _ = worker.await;
    }
    stopper.abort();
    let _ = stopper.await;
    crawler.progress.end();
    let time = begun.elapsed();
    let interrupted = crawler.interrupted.get();
    let mut pages = crawler.pages.replace(Pages::new(0, 0));
    pages.judge_redirects();
    Crawled { pages, time, interrupted }
}

/// A worker: takes pages from the queue and fetches them, until there are none.
#[segue::coroutine]
async fn work(crawler: Rc<Crawler>) {
    while let Some(page) = crawler.queue.get().await {
        let url = crawler.url(*page);
        // A task of its own: should it panic, that is kept at its handle, and the worker goes on.
        let visit = segue::spawn(fetch(crawler.clone(), url)).await.unwrap_or_else(|_| Visit::panicked());
        crawler.visited(page, visit);
    }
}

/// Ends the crawl at Ctrl-C: what isn't fetched by then won't be.
#[segue::coroutine]
async fn stop_at_ctrl_c(crawler: Rc<Crawler>) {
    if interrupt::ctrl_c().await.is_ok() {
        crawler.interrupted.set(true);
        crawler.queue.close();
    }
}

/// Fetches a page, and once more and once more if that may help.
#[segue::coroutine]
async fn fetch(crawler: Rc<Crawler>, url: Url) -> Visit {
    let limit = crawler.limits.timeout;
    let mut pause = FIRST_PAUSE;
    let mut attempts = 1;
    loop {
        let begun = Instant::now();
        let mut visit = Visit { attempts, ..Visit::default() };
        let result = timeout(limit, read_page(&crawler, &url, &mut visit)).await;
        visit.failure = result.unwrap_or(Err(Failure::TimedOut(limit))).err();
        visit.time = begun.elapsed();
        let again = visit.failure.as_ref().is_some_and(Failure::is_passing);
        if !again || attempts > crawler.limits.retries {
            return visit;
        }
        sleep(pause).await;
        pause *= 2;
        attempts += 1;
    }
}

/// Asks for a page, reads it, and puts the pages that it leads to in the queue.
#[segue::coroutine]
async fn read_page(crawler: &Crawler, url: &Url, visit: &mut Visit) -> Result<(), Failure> {
    let mut response = crawler.session.get(url).await?;
    let mut finder = crawler.begin(url, &response, visit);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => crawler.read(&chunk, &mut finder, visit)?,
            Ok(None) => break,
            Err(failure) => {
                // The links before the cut are links.
                crawler.finish(finder, visit);
                return Err(failure);
            }
        }
    }
    crawler.finish(finder, visit);
    crawler.conclude(url, &response, visit)
}

impl Crawler {
    fn new(root: Url, session: Session, limits: Limits, progress: Progress) -> Self {
        let pages = Pages::new(limits.max_pages, limits.max_redirects);
        let crawler = Self {
            root: root.clone(),
            limits,
            session,
            queue: Queue::new(),
            pages: RefCell::new(pages),
            progress,
            interrupted: Cell::new(false),
        };
        crawler.follow(vec![Some(root)], &mut Visit::default());
        crawler
    }

    fn url(&self, page: PageId) -> Url {
        Url::parse(&self.pages.borrow().page(page).url).expect("it was made from a Url")
    }

    /// Notes what the head of the answer says. Gives a finder of links if the answer is a page that may have some.
    fn begin(&self, url: &Url, response: &Response, visit: &mut Visit) -> Option<LinkFinder> {
        let status = response.head.status;
        let content_type = text(&response.head.headers, &CONTENT_TYPE).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_html = matches!(media_type.as_str(), "text/html" | "application/xhtml+xml");
        visit.status = Some(status.as_u16());
        visit.media_type = Some(media_type.into()).filter(|media_type: &Rc<str>| !media_type.is_empty());
        let readable =
            status.is_success() && is_html && !response.head.headers.contains_key(CONTENT_ENCODING);
        readable.then(|| LinkFinder::new(url.clone(), charset::parameter(&content_type)))
    }

    /// Takes the next bytes of a page.
    fn read(&self, chunk: &[u8], finder: &mut Option<LinkFinder>, visit: &mut Visit) -> Result<(), Failure> {
        visit.bytes += chunk.len() as u64;
        if visit.bytes > self.limits.max_size {
            return Err(Failure::TooLarge(self.limits.max_size));
        }
        if let Some(finder) = finder {
            self.follow(finder.feed(chunk), visit);
        }
        Ok(())
    }

    /// There is no more of a page.
    fn finish(&self, finder: Option<LinkFinder>, visit: &mut Visit) {
        if let Some(finder) = finder {
            self.follow(finder.finish(), visit);
        }
    }

    /// Counts the links of a page and puts those that lead to new pages in the queue.
    fn follow(&self, links: Vec<Option<Url>>, visit: &mut Visit) {
        visit.links += links.len() as u64;
        let mut pages = self.pages.borrow_mut();
        for link in links.into_iter().flatten() {
            if let Some(news) = address::page(&self.root, link).and_then(|page| pages.linked(&page)) {
                self.queue.put(news);
                self.progress.found();
            }
        }
    }

    /// Says what an answer that came whole amounts to.
    fn conclude(&self, url: &Url, response: &Response, visit: &mut Visit) -> Result<(), Failure> {
        let status = response.head.status;
        match status.as_u16() {
            301 | 302 | 303 | 307 | 308 => {
                visit.redirect = Some(self.redirect(url, &response.head.headers)?);
                Ok(())
            }
            code if status.is_client_error() || status.is_server_error() => Err(Failure::Status(code)),
            _ => match text(&response.head.headers, &CONTENT_ENCODING) {
                Some(how) if how != "identity" => Err(Failure::Compressed(how)),
                _ => Ok(()),
            },
        }
    }

    fn redirect(&self, url: &Url, headers: &HeaderMap) -> Result<Redirect, Failure> {
        let location = text(headers, &LOCATION).ok_or_else(|| Failure::BadRedirect("no Location".into()))?;
        let target =
            url.join(&location).map_err(|error| Failure::BadRedirect(format!("{location:?}: {error}")))?;
        Ok(match address::page(&self.root, target.clone()) {
            Some(page) => Redirect::Within(page),
            None => Redirect::Elsewhere(target),
        })
    }

    /// Keeps what came of a page; where it redirects to is the next page.
    fn visited(&self, page: Job<PageId>, visit: Visit) {
        self.progress.done(visit.failure.is_some());
        if let Some(news) = self.pages.borrow_mut().visited(*page, visit) {
            self.queue.put(news);
            self.progress.found();
        }
    }
}

/// A header as text; a byte that isn't UTF-8 is taken for Latin-1, as servers mean it.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let bytes = headers.get(name)?.as_bytes();
    Some(match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    })
}
