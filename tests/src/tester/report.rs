//! The figures of a run.

use std::collections::BTreeMap;
use std::fmt;

use super::compile::Failure;

/// A body on which the lowerings do not agree.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Its number in the seed.
    pub number: u64,
    /// The script and both logs.
    pub logs: String,
    /// Whether it ended its process, or hung, rather than left another log.
    pub ended: bool,
    /// A smaller body that differs too, if one was looked for.
    pub shrunk: Option<String>,
}

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Bodies written.
    pub bodies: usize,
    /// Bodies that did the same under every script.
    pub same: usize,
    /// Scripts run on both sides.
    pub scripts: usize,
    /// Suspensions of the oracle in all of them.
    pub suspensions: usize,
    /// Bodies that did not.
    pub differences: Vec<Difference>,
    /// Bodies that our side does not compile, by message.
    pub refused: BTreeMap<String, Vec<u64>>,
    /// Bodies that rustc's own lowering does not compile, by message: faults of the generator.
    pub ill_formed: BTreeMap<String, Vec<u64>>,
    /// Bodies that rustc refuses on its own lowering and we don't, by its message.
    pub holes: BTreeMap<String, Vec<u64>>,
    /// Bodies that both refuse, by rustc's message and ours.
    pub both_refuse: BTreeMap<String, Vec<u64>>,
    /// The whole of one compiler message for each key of the maps.
    pub messages: BTreeMap<String, String>,
}

impl Report {
    /// Adds a body that does not compile.
    pub(super) fn add_failure(&mut self, failure: Failure) {
        let map = if failure.ours { &mut self.refused } else { &mut self.ill_formed };
        map.entry(failure.message.clone()).or_default().push(failure.number);
        self.messages.entry(failure.message).or_insert(failure.rendered);
    }

    /// Adds a body that was to break the rules of borrowing, with what either side says. One that rustc takes is no such body,
    /// and we have to take it too.
    pub(super) fn add_verdict(&mut self, number: u64, ours: Option<&Failure>, rustcs: Option<&Failure>) {
        match (ours, rustcs) {
            (None, None) => self.same += 1,
            (Some(ours), None) => self.add_failure(ours.clone()),
            (None, Some(rustcs)) => {
                self.holes.entry(rustcs.message.clone()).or_default().push(number);
                self.messages.entry(rustcs.message.clone()).or_insert(rustcs.rendered.clone());
            }
            (Some(ours), Some(rustcs)) => {
                let words = format!("{} / ours: {}", rustcs.message, ours.message);
                self.both_refuse.entry(words).or_default().push(number);
            }
        }
    }

    /// One line.
    pub fn summary(&self) -> String {
        let count = |map: &BTreeMap<String, Vec<u64>>| map.values().map(Vec::len).sum::<usize>();
        if !self.holes.is_empty() || !self.both_refuse.is_empty() {
            return format!(
                "{} refused by both, {} by rustc only, {} by us only, {} by nobody",
                count(&self.both_refuse),
                count(&self.holes),
                count(&self.refused),
                self.same,
            );
        }
        format!(
            "{} the same, {} different, {} refused, {} ill-formed; {} scripts, {} suspensions",
            self.same,
            self.differences.len(),
            count(&self.refused),
            count(&self.ill_formed),
            self.scripts,
            self.suspensions,
        )
    }

    /// The messages of one map, the most frequent first.
    fn messages_of(
        &self,
        f: &mut fmt::Formatter<'_>,
        title: &str,
        map: &BTreeMap<String, Vec<u64>>,
    ) -> fmt::Result {
        let mut entries: Vec<_> = map.iter().collect();
        entries.sort_by_key(|(_, numbers)| std::cmp::Reverse(numbers.len()));
        for (message, numbers) in entries {
            let shown = &numbers[..numbers.len().min(5)];
            writeln!(f, "\n{title}: {} bodies, such as {shown:?}: {message}", numbers.len())?;
            if let Some(rendered) = self.messages.get(message) {
                writeln!(f, "{rendered}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.messages_of(f, "ill-formed", &self.ill_formed)?;
        self.messages_of(f, "refused by both", &self.both_refuse)?;
        self.messages_of(f, "refused", &self.refused)?;
        self.messages_of(f, "refused by rustc only", &self.holes)?;
        for difference in &self.differences {
            writeln!(f, "\nbody {} differs\n{}", difference.number, difference.logs)?;
            if let Some(shrunk) = &difference.shrunk {
                writeln!(f, "small:\n{shrunk}")?;
            }
        }
        writeln!(f, "\n{} bodies: {}", self.bodies, self.summary())
    }
}
