//! Finds the functions that compile under the attribute.
//!
//! rustc reports in stages (names, types, borrows), so it takes some rounds until none is left that doesn't. An error may
//! stand in a function that is well, because another isn't: at the end each of those that could be meant is tried again.

use std::collections::BTreeSet;

use super::cargo::{Cargo, Check, Diagnostic, Place};
use super::functions::Way;
use super::sources::{Id, PROBE, Sources};
use super::{Error, Result};

/// More rounds than rustc has stages, and than one function can hide another.
const ROUNDS: usize = 40;
/// How many functions are tried again.
const SECOND_TRIES: usize = 25;
/// What is wrong with the function in which it stands, whatever others are.
const ITS_OWN: &[&str] =
    &["E0382", "E0499", "E0502", "E0503", "E0505", "E0506", "E0515", "E0597", "E0716", "E0728"];

/// What became of the functions.
pub(super) struct Outcome {
    /// Those that compile under the attribute.
    pub(super) converted: BTreeSet<Id>,
    /// Those that don't, each with its first error.
    pub(super) left: Vec<(Id, Diagnostic)>,
    /// Those that another macro makes something else of.
    pub(super) rewritten: usize,
    /// Those that aren't compiled here at all: another system's, another feature's, an example's.
    pub(super) absent: usize,
    /// Warnings at the end.
    pub(super) warnings: Vec<Diagnostic>,
}

pub(super) fn convert(cargo: &Cargo<'_>, sources: &mut Sources) -> Result<Outcome> {
    let present = present(cargo, sources)?;
    let rewritten = |id: &Id| sources.function(*id).way == Way::Rewritten;
    let mut outcome = Outcome {
        absent: sources.all.len() - present.len(),
        rewritten: present.iter().filter(|id| rewritten(id)).count(),
        converted: present.into_iter().filter(|id| !rewritten(id)).collect(),
        left: Vec::new(),
        warnings: Vec::new(),
    };
    for round in 1..=ROUNDS {
        let check = check(cargo, sources, &outcome.converted)?;
        if check.passed {
            outcome.warnings = check.warnings;
            return try_again(cargo, sources, outcome);
        }
        let blamed = blamed(sources, &outcome.converted, &check.errors);
        eprintln!("round {round}: {} functions left alone", blamed.len());
        if blamed.is_empty() {
            let first = check.errors.first().map_or("", |error| &error.rendered);
            return Err(Error(format!("the crate doesn't compile, and no function is to blame:\n{first}")));
        }
        for (id, error) in blamed {
            outcome.converted.remove(&id);
            outcome.left.push((id, error));
        }
    }
    Err(Error(format!("after {ROUNDS} rounds the crate still doesn't compile")))
}

fn check(cargo: &Cargo<'_>, sources: &mut Sources, converted: &BTreeSet<Id>) -> Result<Check> {
    sources.write(|id| converted.contains(&id))?;
    cargo.check()
}

/// The functions that are compiled here.
fn present(cargo: &Cargo<'_>, sources: &mut Sources) -> Result<BTreeSet<Id>> {
    sources.write_probes()?;
    let check = cargo.check()?;
    let name = format!("`{PROBE}`");
    let probes = check.warnings.iter().chain(&check.errors).filter(|found| found.message.contains(&name));
    let found: BTreeSet<Id> = probes.filter_map(|found| one(sources, &found.places[0], |_| true)).collect();
    // A crate that allows or denies all warnings doesn't tell.
    Ok(if check.passed && !found.is_empty() { found } else { (0..sources.all.len()).collect() })
}

/// The function in which one of these places is.
fn one(sources: &Sources, places: &[Place], eligible: impl Fn(Id) -> bool + Copy) -> Option<Id> {
    places.iter().find_map(|place| place.0.iter().find_map(|(file, byte)| sources.at(file, *byte, eligible)))
}

/// The one of these functions that an error is about.
pub(super) fn to_blame(sources: &Sources, among: &BTreeSet<Id>, error: &Diagnostic) -> Option<Id> {
    error.places.iter().find_map(|places| one(sources, places, |id| among.contains(&id)))
}

/// Each function that an error is about, with the first such error.
pub(super) fn blamed(
    sources: &Sources,
    converted: &BTreeSet<Id>,
    errors: &[Diagnostic],
) -> Vec<(Id, Diagnostic)> {
    let mut found: Vec<(Id, Diagnostic)> = Vec::new();
    for error in errors {
        let id = to_blame(sources, converted, error);
        if let Some(id) = id
            && found.iter().all(|(other, _)| *other != id)
        {
            found.push((id, error.clone()));
        }
    }
    found
}

/// Tries those again whose error may have been another's.
fn try_again(cargo: &Cargo<'_>, sources: &mut Sources, mut outcome: Outcome) -> Result<Outcome> {
    let may_be_anothers =
        |error: &Diagnostic| error.code.as_deref().is_some_and(|code| !ITS_OWN.contains(&code));
    let doubtful = outcome.left.iter().filter(|(_, error)| may_be_anothers(error));
    let doubtful: Vec<Id> = doubtful.map(|(id, _)| *id).take(SECOND_TRIES).collect();
    for id in doubtful {
        outcome.converted.insert(id);
        let check = check(cargo, sources, &outcome.converted)?;
        if check.passed {
            eprintln!("{} compiles after all", sources.function(id).name);
            outcome.left.retain(|(left, _)| *left != id);
            outcome.warnings = check.warnings;
        } else {
            outcome.converted.remove(&id);
        }
    }
    sources.write(|id| outcome.converted.contains(&id))?;
    outcome.left.sort_by_key(|(id, _)| *id);
    Ok(outcome)
}
