//! All scripts on both sides, and the first difference.

use std::fmt;

use crate::log::Entry;
use crate::script::{Script, Trace, run};
use crate::subject::Subject;

/// How many sequences of sent values each body is tried with.
const SEQUENCES: u64 = 3;

/// Panics are tried at no more events than this, spread over the run.
const MOST_PANICS: usize = 24;

/// Makes a fresh subject.
pub type Make<'a> = &'a dyn Fn() -> Box<dyn Subject>;

/// How much was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Scripts run on both sides.
    pub scripts: usize,
    /// Suspensions of the oracle in all of them.
    pub suspensions: usize,
}

/// Both sides did not do the same.
pub struct Difference {
    /// Under which script.
    pub script: Script,
    /// What segue's lowering did.
    pub ours: Trace,
    /// What rustc's lowering did.
    pub oracle: Trace,
}

impl fmt::Display for Difference {
    /// Both logs side by side, lined up where they agree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "script: {}", self.script)?;
        writeln!(f, "  {:<34} rustc", "segue")?;
        let text = |entry: Option<&Entry>| entry.map_or(String::new(), ToString::to_string);
        for (ours, oracle) in aligned(&self.ours.entries, &self.oracle.entries) {
            let mark = if ours == oracle { ' ' } else { '≠' };
            writeln!(f, "{mark} {:<34} {}", text(ours), text(oracle))?;
        }
        Ok(())
    }
}

/// The lines of both logs, paired where they are the same, with as many pairs as there can be.
fn aligned<'a>(ours: &'a [Entry], oracle: &'a [Entry]) -> Vec<(Option<&'a Entry>, Option<&'a Entry>)> {
    let mut pairs = vec![vec![0_usize; oracle.len() + 1]; ours.len() + 1];
    for (i, our) in ours.iter().enumerate().rev() {
        for (j, its) in oracle.iter().enumerate().rev() {
            let matched = if our == its { pairs[i + 1][j + 1] + 1 } else { 0 };
            pairs[i][j] = matched.max(pairs[i + 1][j]).max(pairs[i][j + 1]);
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < ours.len() || j < oracle.len() {
        let same = i < ours.len() && j < oracle.len() && ours[i] == oracle[j];
        if same || j == oracle.len() || (i < ours.len() && pairs[i + 1][j] >= pairs[i][j + 1]) {
            lines.push((ours.get(i), same.then(|| &oracle[j])));
            i += 1;
            j += usize::from(same);
        } else {
            lines.push((None, oracle.get(j)));
            j += 1;
        }
    }
    lines
}

/// Compares both sides under every script: to the end, dropped and closed at each suspension, an error thrown at each (if one
/// can be sent), panicking at each event.
pub fn compare(ours: Make<'_>, oracle: Make<'_>) -> Result<Tally, Box<Difference>> {
    let mut tally = Tally::default();
    for sends in 0..SEQUENCES {
        // Every other sequence goes into a machine that is somewhere else each time.
        let whole = Script { sends, moves: sends % 2 == 1, ..Script::TO_THE_END };
        let trace = compare_one(whole, ours, oracle, &mut tally)?;
        for suspension in 0..=trace.suspensions {
            compare_one(Script { drop_at: Some(suspension), ..whole }, ours, oracle, &mut tally)?;
            compare_one(Script { close_at: Some(suspension), ..whole }, ours, oracle, &mut tally)?;
            if trace.fallible {
                compare_one(Script { throw_at: Some(suspension), ..whole }, ours, oracle, &mut tally)?;
            }
        }
        let stride = trace.events.div_ceil(MOST_PANICS).max(1);
        for event in (1..=trace.events).step_by(stride) {
            compare_one(Script { panic_at: Some(event), ..whole }, ours, oracle, &mut tally)?;
        }
    }
    Ok(tally)
}

/// One script on both sides; the oracle's trace if they agree.
fn compare_one(
    script: Script,
    ours: Make<'_>,
    oracle: Make<'_>,
    tally: &mut Tally,
) -> Result<Trace, Box<Difference>> {
    let (ours, oracle) = (run(script, ours), run(script, oracle));
    tally.scripts += 1;
    tally.suspensions += oracle.suspensions;
    if ours == oracle { Ok(oracle) } else { Err(Box::new(Difference { script, ours, oracle })) }
}

/// For tests: panics with both logs when the sides differ.
pub fn assert_same(name: &str, ours: &[fn() -> Box<dyn Subject>], oracle: &[fn() -> Box<dyn Subject>]) {
    for (number, (ours, oracle)) in ours.iter().zip(oracle).enumerate() {
        match compare(ours, oracle) {
            Ok(tally) => assert!(tally.scripts > 0, "{name}: nothing was compared"),
            Err(difference) => panic!("{name}, call {number}: the lowerings differ\n{difference}"),
        }
    }
}
