//! The report: a line for each page, then totals, as text or as JSON.

use super::crawl::Crawled;
use super::failure::status_in_words;
use super::pages::{Page, Redirect, Visit};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many failures the text lists again at its end; the rest are counted.
const FAILURES_LISTED: usize = 100;

/// What there is to say about a crawl.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    root: &'a str,
    seconds: f64,
    pages_per_second: f64,
    bytes: u64,
    by_status: BTreeMap<String, usize>,
    failed: usize,
    /// Pages known of that nobody asked for, because the crawl was ended before.
    not_visited: usize,
    interrupted: bool,
    /// Whether links were left out because of `--max-pages`.
    page_limit_reached: bool,
    pages: Vec<Line<'a>>,
}

/// What there is to say about a page.
#[derive(Serialize)]
struct Line<'a> {
    url: &'a str,
    status: Option<u16>,
    #[serde(rename = "type")]
    media_type: Option<&'a str>,
    bytes: u64,
    links: u64,
    milliseconds: f64,
    attempts: u32,
    redirect: Option<&'a str>,
    failure: Option<String>,
}

impl<'a> Report<'a> {
    /// The report on a crawl that began at `root`, pages in the order of their addresses.
    pub(crate) fn new(root: &'a str, crawled: &'a Crawled) -> Self {
        let mut pages: Vec<_> = crawled.pages.all().iter().filter_map(Line::new).collect();
        pages.sort_by_key(|page| page.url);
        let mut by_status = BTreeMap::new();
        for page in &pages {
            let status = page.status.map_or_else(|| "no answer".into(), status_in_words);
            *by_status.entry(status).or_default() += 1;
        }
        let seconds = crawled.time.as_secs_f64();
        Self {
            root,
            seconds,
            pages_per_second: pages.len() as f64 / seconds.max(f64::MIN_POSITIVE),
            bytes: pages.iter().map(|page| page.bytes).sum(),
            by_status,
            failed: pages.iter().filter(|page| page.failure.is_some()).count(),
            not_visited: crawled.pages.all().len() - pages.len(),
            interrupted: crawled.interrupted,
            page_limit_reached: crawled.pages.full(),
            pages,
        }
    }

    /// Writes it as JSON.
    pub(crate) fn write_json(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        writeln!(out)
    }

    /// Writes it for people.
    pub(crate) fn write_text(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{:>6} {:>9} {:>6} {:>9}  {:24} address", "status", "bytes", "links", "ms", "type")?;
        for page in &self.pages {
            page.write(&mut out)?;
        }
        self.write_totals(&mut out)?;
        self.write_failures(&mut out)
    }

    fn write_totals(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\nby status")?;
        for (status, count) in &self.by_status {
            writeln!(out, "{count:>9}  {status}")?;
        }
        let (pages, bytes) = (self.pages.len(), self.bytes);
        let (seconds, rate) = (self.seconds, self.pages_per_second);
        writeln!(out, "\n{pages} pages, {bytes} bytes in {seconds:.2} s: {rate:.0} pages a second")?;
        if self.page_limit_reached {
            writeln!(out, "There are more: --max-pages was reached.")?;
        }
        if self.interrupted {
            writeln!(out, "Ended by Ctrl-C: {} more pages were known of.", self.not_visited)?;
        } else if self.not_visited > 0 {
            writeln!(out, "{} more pages were begun and never finished.", self.not_visited)?;
        }
        Ok(())
    }

    fn write_failures(&self, out: &mut impl Write) -> io::Result<()> {
        if self.failed == 0 {
            return writeln!(out, "Nothing failed.");
        }
        writeln!(out, "\n{} failed", self.failed)?;
        let failures = self.pages.iter().filter_map(|page| Some((page, page.failure.as_ref()?)));
        for (page, failure) in failures.take(FAILURES_LISTED) {
            let asked =
                if page.attempts > 1 { format!(" (asked {} times)", page.attempts) } else { String::new() };
            writeln!(out, "  {}: {failure}{asked}", page.url)?;
        }
        match self.failed.saturating_sub(FAILURES_LISTED) {
            0 => Ok(()),
            more => writeln!(out, "  and {more} more, above"),
        }
    }
}

impl<'a> Line<'a> {
    /// `None` if nobody asked for the page.
    fn new(page: &'a Page) -> Option<Self> {
        let Visit { status, media_type, bytes, links, time, attempts, redirect, failure } =
            page.visit.as_ref()?;
        Some(Self {
            url: &page.url,
            status: *status,
            media_type: media_type.as_deref(),
            bytes: *bytes,
            links: *links,
            milliseconds: (time.as_secs_f64() * 1e6).round() / 1e3,
            attempts: *attempts,
            redirect: redirect
                .as_ref()
                .map(|(Redirect::Within(url) | Redirect::Elsewhere(url))| url.as_str()),
            failure: failure.as_ref().map(ToString::to_string),
        })
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let status = self.status.map_or_else(|| "-".into(), |status| status.to_string());
        let Self { bytes, links, milliseconds, url, .. } = self;
        let media_type = self.media_type.unwrap_or("-");
        write!(out, "{status:>6} {bytes:>9} {links:>6} {milliseconds:>9.1}  {media_type:24} {url}")?;
        if let Some(target) = self.redirect {
            write!(out, " -> {target}")?;
        }
        if let Some(failure) = &self.failure {
            write!(out, " ({failure})")?;
        }
        writeln!(out)
    }
}
