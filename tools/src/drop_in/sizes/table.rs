//! The sizes side by side.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::super::functions::Function;
use super::told::Bytes;

/// The sizes of the functions that are lowered.
#[derive(Default)]
pub struct Sizes {
    pairs: Vec<Pair>,
    /// Functions that aren't in the table: nothing compiled here uses them, or their path isn't theirs alone.
    uncounted: Vec<String>,
}

/// A function's machine, ours and rustc's, in bytes.
struct Pair {
    place: String,
    name: String,
    ours: Bytes,
    rustcs: u64,
}

impl Pair {
    fn ratio(&self) -> f64 {
        self.ours.all as f64 / self.rustcs.max(1) as f64
    }
}

impl Sizes {
    /// A function of this file, and its machines' bytes, ours and rustc's, if both are known.
    pub(super) fn add(&mut self, file: &Path, function: &Function, bytes: Option<(Bytes, Bytes)>) {
        let place = format!("{}:{}", file.display(), function.line);
        let name = function.name.clone();
        match bytes {
            Some((ours, rustcs)) => {
                let rustcs = rustcs.all;
                self.pairs.push(Pair { place, name, ours, rustcs });
                self.pairs.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
            }
            None => self.uncounted.push(format!("{place}  {name}")),
        }
    }

    /// How many of ours are smaller, equal and larger.
    fn count(&self) -> [usize; 3] {
        let mut count = [0; 3];
        for pair in &self.pairs {
            count[(pair.ours.all.cmp(&pair.rustcs) as i8 + 1) as usize] += 1;
        }
        count
    }

    fn median(&self) -> f64 {
        let ratio = |at: usize| self.pairs.get(at).map_or(1.0, Pair::ratio);
        let functions = self.pairs.len();
        f64::midpoint(ratio(functions.saturating_sub(1) / 2), ratio(functions / 2))
    }

    pub(in super::super) fn to_json(&self) -> Value {
        let pairs = self.pairs.iter().map(
            |pair| json!({ "place": pair.place, "name": pair.name, "ours": pair.ours.all, "boxed": pair.ours.boxed, "rustc": pair.rustcs }),
        );
        let [smaller, equal, larger] = self.count();
        json!({
            "functions": pairs.collect::<Vec<_>>(), "smaller": smaller, "equal": equal, "larger": larger,
            "median": self.median(), "uncounted": self.uncounted,
        })
    }

    /// As a table, the worst first; with `explain`, the functions that aren't in it, too.
    pub(in super::super) fn to_text(&self, explain: bool) -> String {
        let mut text = format!("{:>8} {:>8} {:>8} {:>6}  (bytes)\n", "ours", "boxed", "rustc's", "ratio");
        for pair in &self.pairs {
            let Pair { place, name, ours: Bytes { all, boxed }, rustcs } = pair;
            let boxed = if *boxed > 0 { boxed.to_string() } else { String::new() };
            _ = writeln!(text, "{all:>8} {boxed:>8} {rustcs:>8} {:>6.2}  {place}  {name}", pair.ratio());
        }
        let [smaller, equal, larger] = self.count();
        let median = self.median();
        _ = writeln!(
            text,
            "sizes: {smaller} smaller than rustc's, {equal} equal, {larger} larger; median ratio {median:.2}"
        );
        let uncounted = self.uncounted.len();
        _ = writeln!(
            text,
            "sizes not counted: {uncounted} functions that aren't used here, or can't be told apart"
        );
        for function in self.uncounted.iter().filter(|_| explain) {
            _ = writeln!(text, "    {function}");
        }
        text
    }
}
