//! Which loans are needed: each is left out once, by `no_loan`, and rustc says whether the function compiles without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Result;
use super::cargo::{Cargo, Check, Diagnostic};
use super::convert::{blamed, to_blame};
use super::sources::{Id, Sources};

/// The loans of a crate's functions.
pub(super) struct Loans {
    functions: usize,
    with_loans: usize,
    variables: usize,
    loans: usize,
    /// Without which the function compiles: where it stands, its name, and the variable.
    needless: Vec<(String, String)>,
    /// Of which rustc's errors don't tell.
    untold: usize,
}

/// Leaves out each loan of these functions once.
pub(super) fn count(cargo: &Cargo<'_>, sources: &mut Sources, converted: &BTreeSet<Id>) -> Result<Loans> {
    let lent = on_loan(cargo, sources, converted)?;
    let variables = converted.iter().map(|id| sources.function(*id).variables).sum();
    let mut loans = Loans {
        functions: converted.len(),
        with_loans: lent.len(),
        variables,
        loans: lent.values().map(Vec::len).sum(),
        needless: Vec::new(),
        untold: 0,
    };
    let most = lent.values().map(Vec::len).max().unwrap_or(0);
    for turn in 0..most {
        let without = lent.iter().filter_map(|(id, names)| Some((*id, names.get(turn)?.clone())));
        let trial = Trial { cargo, converted, without: without.collect() };
        eprintln!("loan {} of at most {most}: {} functions", turn + 1, trial.without.len());
        trial.run(sources, &mut loans)?;
    }
    sources.write(|id| converted.contains(&id))?;
    Ok(loans)
}

/// The variables on loan in each function: the error for a `no_loan` that names none lists them.
fn on_loan(
    cargo: &Cargo<'_>,
    sources: &mut Sources,
    converted: &BTreeSet<Id>,
) -> Result<BTreeMap<Id, Vec<String>>> {
    sources.write_with(|id| converted.contains(&id).then(|| "(no_loan())".to_owned()))?;
    let check = cargo.check()?;
    let listed = check.errors.iter().filter_map(|error| {
        let (_, names) = error.message.split_once("on loan here: ")?;
        let id = to_blame(sources, converted, error)?;
        Some((id, names.split('`').skip(1).step_by(2).map(str::to_owned).collect()))
    });
    Ok(listed.collect())
}

/// Some functions, each without one of its loans.
struct Trial<'a> {
    cargo: &'a Cargo<'a>,
    converted: &'a BTreeSet<Id>,
    without: BTreeMap<Id, String>,
}

impl Trial<'_> {
    /// Puts a loan back wherever rustc finds an error, until the crate compiles.
    fn run(mut self, sources: &mut Sources, loans: &mut Loans) -> Result<()> {
        while !self.without.is_empty() {
            let check = self.check(sources)?;
            if check.passed {
                break;
            }
            let tried: BTreeSet<Id> = self.without.keys().copied().collect();
            let needed: Vec<(Id, Diagnostic)> = blamed(sources, &tried, &check.errors);
            if needed.is_empty() {
                loans.untold += tried.len();
                return Ok(());
            }
            self.without.retain(|id, _| needed.iter().all(|(other, _)| other != id));
        }
        let package = &self.cargo.scratch.package;
        let stands =
            |id: Id| format!("{}:{}", sources.path_in(package, id).display(), sources.function(id).line);
        loans.needless.extend(self.without.into_iter().map(|(id, name)| (stands(id), name)));
        Ok(())
    }

    fn check(&self, sources: &mut Sources) -> Result<Check> {
        sources.write_with(|id| {
            let no_loan = self.without.get(&id).map(|name| format!("(no_loan({name}))"));
            self.converted.contains(&id).then(|| no_loan.unwrap_or_default())
        })?;
        self.cargo.check()
    }
}

impl Loans {
    fn needed(&self) -> usize {
        self.loans - self.needless.len() - self.untold
    }

    pub(super) fn to_text(&self) -> String {
        let Loans { functions, with_loans, variables, loans, needless, untold } = self;
        let mut text = String::new();
        for (stands, name) in needless {
            _ = writeln!(text, "    on loan without need: `{name}`  {stands}");
        }
        _ = writeln!(
            text,
            "loans: {loans} of {variables} variables, in {with_loans} of {functions} functions; {} needed, {} not, {untold} not told",
            self.needed(),
            needless.len(),
        );
        text
    }

    pub(super) fn to_json(&self) -> Value {
        let needless = self.needless.iter().map(|(stands, name)| json!({ "at": stands, "variable": name }));
        json!({
            "functions": self.functions, "with_loans": self.with_loans, "variables": self.variables,
            "loans": self.loans, "needed": self.needed(), "not_told": self.untold,
            "needless": needless.collect::<Vec<_>>(),
        })
    }
}
