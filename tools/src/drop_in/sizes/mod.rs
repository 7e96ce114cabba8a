//! How large each function's machine is, beside rustc's of the same function.
//!
//! The copy is built twice, with the attribute and without it. rustc tells the size of each type that it lays out
//! (`-Zprint-type-sizes`): our machines and its own are among them (`told`), and their names say whose they are (`owner`).

mod brackets;
mod owner;
mod table;
mod told;
mod wrapper;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub use table::Sizes;
pub use wrapper::{FOLDER, as_rustc};

use super::cargo::Cargo;
use super::convert::Outcome;
use super::sources::{Id, Sources};
use super::{Error, Result};
use owner::Crates;
use told::Bytes;

/// Builds the copy both ways; leaves it without the attribute.
pub(super) fn measure(
    cargo: &Cargo<'_>,
    sources: &mut Sources,
    outcome: &Outcome,
    program: &Path,
) -> Result<Sizes> {
    let converted = &outcome.converted;
    let compiled: Vec<Id> = converted.iter().copied().chain(outcome.left.iter().map(|(id, _)| *id)).collect();
    eprintln!("sizes of our machines");
    sources.write(|id| converted.contains(&id))?;
    let ours = largest(cargo, sources, program, "sizes-ours", &compiled)?;
    eprintln!("sizes of rustc's");
    sources.write_plain(|id| converted.contains(&id))?;
    let rustcs = largest(cargo, sources, program, "sizes-rustc", &compiled)?;
    let mut sizes = Sizes::default();
    for id in converted {
        let path = sources.path_in(&cargo.scratch.package, *id);
        sizes.add(path, sources.function(*id), ours.get(id).copied().zip(rustcs.get(id).copied()));
    }
    Ok(sizes)
}

/// How large each function's machine is: the largest, where a generic function has several.
fn largest(
    cargo: &Cargo<'_>,
    sources: &Sources,
    program: &Path,
    folder: &str,
    compiled: &[Id],
) -> Result<BTreeMap<Id, Bytes>> {
    let folder = cargo.scratch.target.with_file_name(folder);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Error::at(&folder, error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| Error::at(&folder, error))?;
    cargo.build_by(program, (FOLDER, &folder))?;
    let crates = Crates::read(&folder, &cargo.scratch.root, compiled.to_vec())?;
    let mut largest = BTreeMap::new();
    for (home, told) in &crates.all {
        for machine in told::machines(told) {
            if let Some(id) = crates.owner(sources, home, &machine.whose) {
                let bytes: &mut Bytes = largest.entry(id).or_default();
                *bytes = machine.bytes.max(*bytes);
            }
        }
    }
    Ok(largest)
}
