//! Every page of the site that is known of, once, with what became of it.

use super::failure::Failure;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use url::Url;

/// A page's place in [`Pages`].
pub(crate) type PageId = usize;

/// All pages, in the order in which they were found.
pub(crate) struct Pages {
    all: Vec<Page>,
    ids: HashMap<Rc<str>, PageId>,
    max_pages: usize,
    max_redirects: u32,
    full: bool,
}

/// A page that is known of.
pub(crate) struct Page {
    /// Its address, without a fragment.
    pub(crate) url: Rc<str>,
    /// The fewest redirects in a row that lead here from a link: 0 if something links to it.
    pub(crate) hops: u32,
    /// What came of asking for it; `None` if nobody has.
    pub(crate) visit: Option<Visit>,
}

/// What came of asking for a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visit {
    /// The answer's status, if there was an answer.
    pub(crate) status: Option<u16>,
    /// The media type that the server gave, without parameters.
    pub(crate) media_type: Option<Rc<str>>,
    /// The body's bytes.
    pub(crate) bytes: u64,
    /// The links in it, each as often as it stands there.
    pub(crate) links: u64,
    /// From the last time it was asked for to the end of the answer.
    pub(crate) time: Duration,
    /// How often it was asked for.
    pub(crate) attempts: u32,
    /// Where it redirects to.
    pub(crate) redirect: Option<Redirect>,
    /// Why it could not be had.
    pub(crate) failure: Option<Failure>,
}

/// Where a page redirects to.
#[derive(Clone, Debug)]
pub(crate) enum Redirect {
    /// To a page of the same site.
    Within(Url),
    /// To another site, which isn't crawled.
    Elsewhere(Url),
}

impl Visit {
    /// Of a page on which the crawler itself failed.
    pub(crate) fn panicked() -> Self {
        Self { attempts: 1, failure: Some(Failure::Panicked), ..Self::default() }
    }
}

impl Pages {
    /// No pages yet, and room for `max_pages`; a row of redirects is followed up to `max_redirects` times.
    pub(crate) fn new(max_pages: usize, max_redirects: u32) -> Self {
        Self { all: Vec::new(), ids: HashMap::new(), max_pages, max_redirects, full: false }
    }

    /// A link to `url`. Gives the page that is now to be fetched, if that is news.
    pub(crate) fn linked(&mut self, url: &Url) -> Option<PageId> {
        self.reach(url.as_str(), 0)
    }

    /// Keeps what came of a page. Gives the page that it redirects to, if that is now to be fetched.
    pub(crate) fn visited(&mut self, id: PageId, visit: Visit) -> Option<PageId> {
        let hops = self.all[id].hops;
        self.all[id].visit = Some(visit);
        let target = self.target(id).filter(|_| hops < self.max_redirects)?.as_str().to_owned();
        self.reach(&target, hops + 1)
    }

    /// The page `id`.
    pub(crate) fn page(&self, id: PageId) -> &Page {
        &self.all[id]
    }

    /// All pages.
    pub(crate) fn all(&self) -> &[Page] {
        &self.all
    }

    /// Whether links were left out because there were as many pages as allowed.
    pub(crate) fn full(&self) -> bool {
        self.full
    }

    /// Marks the redirects that lead nowhere, which shows only when all pages are known.
    pub(crate) fn judge_redirects(&mut self) {
        let circles = self.circles();
        for (id, in_circle) in circles.into_iter().enumerate() {
            let failure = if in_circle {
                Failure::RedirectLoop
            } else if self.target(id).is_some() && self.all[id].hops >= self.max_redirects {
                Failure::TooManyRedirects(self.max_redirects)
            } else {
                continue;
            };
            if let Some(visit) = &mut self.all[id].visit {
                visit.failure = Some(failure);
            }
        }
    }

    /// `url` can be reached by `hops` redirects in a row. When that is a shorter way to a known redirect, its own target
    /// comes nearer too, so that which pages are fetched doesn't depend on what was found first.
    fn reach(&mut self, url: &str, mut hops: u32) -> Option<PageId> {
        let Some(&(mut id)) = self.ids.get(url) else { return self.insert(url, hops) };
        loop {
            if hops >= self.all[id].hops {
                return None;
            }
            self.all[id].hops = hops;
            let target = self.target(id).filter(|_| hops < self.max_redirects)?.as_str().to_owned();
            hops += 1;
            match self.ids.get(target.as_str()) {
                Some(&next) => id = next,
                None => return self.insert(&target, hops),
            }
        }
    }

    fn insert(&mut self, url: &str, hops: u32) -> Option<PageId> {
        if self.all.len() >= self.max_pages {
            self.full = true;
            return None;
        }
        let (id, url) = (self.all.len(), Rc::from(url));
        self.ids.insert(Rc::clone(&url), id);
        self.all.push(Page { url, hops, visit: None });
        Some(id)
    }

    /// The page of this site that page `id` redirects to.
    fn target(&self, id: PageId) -> Option<&Url> {
        match self.all[id].visit.as_ref()?.redirect.as_ref()? {
            Redirect::Within(url) => Some(url),
            Redirect::Elsewhere(_) => None,
        }
    }

    /// For each page, whether following redirects from it leads to it again.
    fn circles(&self) -> Vec<bool> {
        let next = |id| self.target(id).and_then(|url| self.ids.get(url.as_str())).copied();
        let mut in_circle = vec![false; self.all.len()];
        // The walk that first came by each page; a walk that meets itself has found a circle.
        let mut walk = vec![None; self.all.len()];
        for start in 0..self.all.len() {
            let mut at = Some(start);
            while let Some(id) = at.filter(|&id| walk[id].is_none()) {
                walk[id] = Some(start);
                at = next(id);
            }
            while let Some(id) = at.filter(|&id| walk[id] == Some(start) && !in_circle[id]) {
                in_circle[id] = true;
                at = next(id);
            }
        }
        in_circle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("http://here.test/").unwrap().join(path).unwrap()
    }

    fn redirect(path: &str) -> Visit {
        Visit { redirect: Some(Redirect::Within(url(path))), ..Visit::default() }
    }

    fn failures(pages: &mut Pages) -> Vec<Option<Failure>> {
        pages.judge_redirects();
        pages.all().iter().map(|page| page.visit.as_ref().and_then(|visit| visit.failure.clone())).collect()
    }

    #[test]
    fn each_page_once() {
        let mut pages = Pages::new(2, 10);
        assert_eq!(pages.linked(&url("a")), Some(0));
        assert_eq!(pages.linked(&url("a")), None);
        assert_eq!(pages.linked(&url("b")), Some(1));
        assert!(!pages.full());
        assert_eq!(pages.linked(&url("c")), None);
        assert!(pages.full());
    }

    #[test]
    fn a_circle_ends_by_itself() {
        let mut pages = Pages::new(9, 10);
        pages.linked(&url("a"));
        assert_eq!(pages.visited(0, redirect("b")), Some(1));
        assert_eq!(pages.visited(1, redirect("c")), Some(2));
        assert_eq!(pages.visited(2, redirect("b")), None);
        assert_eq!(failures(&mut pages), [None, Some(Failure::RedirectLoop), Some(Failure::RedirectLoop)]);
    }

    #[test]
    fn a_long_row_is_given_up_unless_a_link_shortens_it() {
        let mut pages = Pages::new(9, 1);
        pages.linked(&url("a"));
        assert_eq!(pages.visited(0, redirect("b")), Some(1));
        assert_eq!(pages.visited(1, redirect("c")), None);
        assert_eq!(pages.linked(&url("b")), Some(2), "c is now one redirect away");
        assert_eq!(pages.visited(2, Visit::default()), None);
        assert_eq!(failures(&mut pages), [None, None, None]);
    }

    #[test]
    fn a_long_row_is_a_failure_where_it_is_given_up() {
        let mut pages = Pages::new(9, 1);
        pages.linked(&url("a"));
        pages.visited(0, redirect("b"));
        pages.visited(1, redirect("c"));
        assert_eq!(failures(&mut pages), [None, Some(Failure::TooManyRedirects(1))]);
    }
}
