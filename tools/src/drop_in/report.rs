//! What was found, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Measured;
use super::cargo::{Diagnostic, Tests};
use super::convert::Outcome;
use super::loans::Loans;
use super::scratch::Scratch;
use super::sizes::Sizes;
use super::sources::Sources;

/// How much of a crate is lowered, and what isn't, and why.
pub struct Report {
    title: String,
    converted: usize,
    rewritten: usize,
    absent: usize,
    left: Vec<Left>,
    /// Those that the crate as it is doesn't give.
    new_warnings: Vec<Diagnostic>,
    measured: Measured,
}

/// A function that was left alone.
struct Left {
    file: String,
    line: usize,
    name: String,
    error: Diagnostic,
}

impl Left {
    /// The error with all names made equal.
    fn cause(&self) -> String {
        let error = &self.error;
        let mut cause = unnamed(error.message.lines().next().unwrap_or_default());
        if let Some(code) = &error.code {
            cause = format!("{code}: {cause}");
        }
        if let Some(moved) = &error.moved {
            cause = format!("{cause} ({})", unnamed(moved));
        }
        cause
    }
}

/// A message with all names made equal.
fn unnamed(message: &str) -> String {
    let parts = message.split('`').enumerate().map(|(at, part)| if at % 2 == 1 { "_" } else { part });
    parts.collect::<Vec<_>>().join("`")
}

impl Report {
    pub(super) fn new(
        scratch: &Scratch,
        sources: &Sources,
        outcome: Outcome,
        warnings_before: &[Diagnostic],
        measured: Measured,
    ) -> Report {
        let left = |(id, error): (usize, Diagnostic)| {
            let function = sources.function(id);
            let file = sources.path_in(&scratch.package, id).display().to_string();
            Left { file, line: function.line, name: function.name.clone(), error }
        };
        // Its place in the line isn't as it was, nor then its text.
        let is_new = |warning: &Diagnostic| {
            warnings_before.iter().all(|old| (&old.message, old.line) != (&warning.message, warning.line))
        };
        Report {
            title: scratch.title.clone(),
            converted: outcome.converted.len(),
            rewritten: outcome.rewritten,
            absent: outcome.absent,
            left: outcome.left.into_iter().map(left).collect(),
            new_warnings: outcome.warnings.into_iter().filter(is_new).collect(),
            measured,
        }
    }

    /// The tests that passed before and don't now.
    pub fn lost_tests(&self) -> Vec<&str> {
        let Some([before, after]) = &self.measured.tests else { return Vec::new() };
        let passed = before.passed.iter().filter(|(_, passed)| **passed);
        let lost = passed.filter(|(name, _)| after.passed.get(*name) != Some(&true));
        lost.map(|(name, _)| name.as_str()).collect()
    }

    fn functions(&self) -> usize {
        self.converted + self.left.len()
    }

    fn rate(&self) -> f64 {
        100.0 * self.converted as f64 / self.functions().max(1) as f64
    }

    /// The causes, the most frequent first.
    fn causes(&self) -> Vec<(String, Vec<&Left>)> {
        let mut causes: BTreeMap<String, Vec<&Left>> = BTreeMap::new();
        for left in &self.left {
            causes.entry(left.cause()).or_default().push(left);
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, left)| std::cmp::Reverse(left.len()));
        causes
    }

    /// The report as text; with `explain`, an error in full for each cause.
    pub fn to_text(&self, explain: bool) -> String {
        let mut text = String::new();
        for (cause, left) in self.causes() {
            _ = writeln!(text, "{} × {cause}", left.len());
            for left in &left {
                let Left { file, line, name, error } = left;
                _ = writeln!(text, "    {file}:{line}  {name}, at line {}", error.line);
            }
            if explain {
                for line in left[0].error.rendered.lines() {
                    _ = writeln!(text, "        {line}");
                }
            }
        }
        if let Some(sizes) = &self.measured.sizes {
            text.push_str(&sizes.to_text(explain));
        }
        if let Some(loans) = &self.measured.loans {
            text.push_str(&loans.to_text());
        }
        let Report { title, converted, rewritten, absent, new_warnings, .. } = self;
        let (functions, rate) = (self.functions(), self.rate());
        _ = writeln!(text, "{title}: {converted} of {functions} async fns are lowered, {rate:.1} %");
        _ = writeln!(text, "not counted: {rewritten} rewritten by another macro, {absent} not compiled here");
        _ = writeln!(text, "new warnings: {}", new_warnings.len());
        for warning in new_warnings.iter().filter(|_| explain) {
            _ = writeln!(text, "    {}", warning.rendered.replace('\n', "\n    ").trim_end());
        }
        for (when, tests) in ["before", "after"].iter().zip(self.measured.tests.iter().flatten()) {
            let passed = tests.passed.values().filter(|passed| **passed).count();
            let failed = tests.passed.len() - passed;
            let end = if tests.ended { "" } else { ", not all of them run" };
            _ = writeln!(text, "tests {when}: {passed} passed, {failed} failed{end}");
        }
        for name in self.lost_tests() {
            _ = writeln!(text, "    passed before, not after: {name}");
        }
        text
    }

    /// The report as JSON.
    pub fn to_json(&self) -> Value {
        let left = self.left.iter().map(|left| {
            json!({
                "file": left.file, "line": left.line, "name": left.name, "cause": left.cause(),
                "code": left.error.code, "message": left.error.message, "at_line": left.error.line,
                "rendered": left.error.rendered,
            })
        });
        let tests = |tests: &Tests| {
            let failed = tests.passed.iter().filter(|(_, passed)| !**passed).map(|(name, _)| name);
            let failed: Vec<_> = failed.collect();
            json!({ "passed": tests.passed.len() - failed.len(), "failed": failed, "ended": tests.ended })
        };
        let tests = self.measured.tests.as_ref().map(|[before, after]| {
            json!({ "before": tests(before), "after": tests(after), "lost": self.lost_tests() })
        });
        let warnings = self.new_warnings.iter().map(|warning| &warning.rendered);
        let causes = self.causes();
        let causes = causes.iter().map(|(cause, left)| json!({ "cause": cause, "functions": left.len() }));
        json!({
            "crate": self.title, "functions": self.functions(), "converted": self.converted, "rate": self.rate(),
            "rewritten": self.rewritten, "not_compiled": self.absent, "causes": causes.collect::<Vec<_>>(),
            "left": left.collect::<Vec<_>>(), "new_warnings": warnings.collect::<Vec<_>>(),
            "tests": tests, "sizes": self.measured.sizes.as_ref().map(Sizes::to_json),
            "loans": self.measured.loans.as_ref().map(Loans::to_json),
        })
    }
}
