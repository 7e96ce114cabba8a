//! A progress bar on a terminal, and nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal;

/// How far the crawl is.
pub(crate) struct Progress {
    bar: ProgressBar,
    failed: Cell<u64>,
}

impl Progress {
    /// A bar on standard error, if that is a terminal.
    pub(crate) fn new() -> Self {
        let target = match std::io::stderr().is_terminal() {
            true => ProgressDrawTarget::stderr_with_hz(10),
            false => ProgressDrawTarget::hidden(),
        };
        let style =
            ProgressStyle::with_template("{bar:30} {pos} of {len} pages, {msg} failed, {per_sec}, {elapsed}")
                .expect("the template is fixed");
        let bar = ProgressBar::with_draw_target(Some(0), target).with_style(style).with_message("0");
        Self { bar, failed: Cell::new(0) }
    }

    /// One more page is to be fetched.
    pub(crate) fn found(&self) {
        self.bar.inc_length(1);
    }

    /// One more page is fetched, or has failed.
    pub(crate) fn done(&self, failed: bool) {
        if failed {
            self.failed.set(self.failed.get() + 1);
            self.bar.set_message(self.failed.get().to_string());
        }
        self.bar.inc(1);
    }

    /// The crawl is over: takes the bar away, the report comes in its place.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
