//! Which function of the sources a machine is of.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::functions::Way;
use super::super::sources::{Id, Sources};
use super::super::{Error, Result};
use super::brackets::inside;
use super::told::Whose;

/// The crates that were compiled, each with what rustc told of its types.
pub(super) struct Crates {
    pub(super) all: Vec<(Home, String)>,
    /// Of the workspace: rustc names files from here.
    folder: PathBuf,
    /// The functions that are compiled here, under the attribute or not.
    compiled: Vec<Id>,
}

/// A crate.
pub(super) struct Home {
    name: String,
    /// Its `lib.rs`, `main.rs` or the like.
    root: PathBuf,
    /// Whether others can name what is in it.
    library: bool,
}

impl Crates {
    /// Reads what [`as_rustc`](super::as_rustc) has written.
    pub(super) fn read(told: &Path, folder: &Path, compiled: Vec<Id>) -> Result<Crates> {
        let mut all = Vec::new();
        for entry in fs::read_dir(told).map_err(|error| Error::at(told, error))?.flatten() {
            let text = fs::read_to_string(entry.path()).map_err(|error| Error::at(&entry.path(), error))?;
            let (head, told) = text.split_once('\n').unwrap_or_default();
            let Ok(head) = serde_json::from_str::<Value>(head) else { continue };
            let text = |key: &str| head[key].as_str().unwrap_or_default();
            let home = Home {
                name: text("name").to_owned(),
                root: folder.join(text("root")),
                library: head["library"] == true,
            };
            all.push((home, told.to_owned()));
        }
        Ok(Crates { all, folder: folder.to_owned(), compiled })
    }

    /// The function that a machine is of, if it is one of ours and only one can be meant.
    pub(super) fn owner(&self, sources: &Sources, home: &Home, whose: &Whose<'_>) -> Option<Id> {
        match whose {
            Whose::Place { file, line, column } => sources.at_place(&self.folder.join(file), *line, *column),
            Whose::Path(path) => {
                let words = words(path);
                let (first, rest) = words.split_first()?;
                let mut libraries = self.all.iter().map(|(home, _)| home).filter(|home| home.library);
                let library = libraries.find(|home| home.name == *first);
                let foreign = library.and_then(|library| self.named(sources, library, rest));
                foreign.or_else(|| self.named(sources, home, &words))
            }
        }
    }

    /// The function of a crate that has these words in its path.
    ///
    /// A path doesn't name every module (rustc takes what other crates see, which may be a re-export): the function that
    /// stands in most of those that are named, and in fewest others, is meant. `a::S::f` isn't the `S::f` of the root, nor
    /// `f` the `f` of a module.
    fn named(&self, sources: &Sources, home: &Home, path: &[&str]) -> Option<Id> {
        let mut fit = Vec::new();
        for &id in &self.compiled {
            let function = sources.function(id);
            let Some(mut around) = self.modules(home, sources.path(id)) else { continue };
            around.extend(function.around.iter().cloned());
            if matches!(function.way, Way::Within { .. }) {
                // What is measured is the function that was made of its body.
                around.push(function.name.clone());
            }
            if let Some(named) = modules_named(&function.name, &around, path) {
                fit.push(((named, Reverse(around.len())), id));
            }
        }
        let closest = fit.iter().map(|(close, _)| *close).max()?;
        let mut meant = fit.iter().filter(|(close, _)| *close == closest).map(|(_, id)| *id);
        let id = meant.next()?;
        meant.next().is_none().then_some(id)
    }

    /// The modules that a file of this crate stands for; none if it isn't of this crate.
    fn modules(&self, home: &Home, file: &Path) -> Option<Vec<String>> {
        if file == home.root {
            return Some(Vec::new());
        }
        if self.all.iter().any(|(other, _)| other.root == file) {
            return None;
        }
        let inner = file.strip_prefix(home.root.parent()?).ok()?.with_extension("");
        let mut modules: Vec<String> =
            inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        modules.pop_if(|last| last == "mod");
        Some(modules)
    }
}

/// How many of the modules (and functions) around a function its path names; none if the path isn't the function's.
fn modules_named(name: &str, around: &[String], path: &[&str]) -> Option<usize> {
    let (of_type, name) = name.rsplit_once("::").unwrap_or(("", name));
    let (last, outer) = path.split_last()?;
    let mut rest = around.iter();
    let named =
        outer.iter().filter(|word| rest.clone().any(|one| one == *word) && rest.any(|one| one == *word));
    let named = named.count();
    let fits = match words(of_type).last() {
        Some(of_type) => outer.contains(of_type),
        None => named == outer.len(),
    };
    (name == *last && fits).then_some(named)
}

/// The names in a path or a type, without generic arguments: of `<m::S<u8> as m::T>::f` they are `m S m T f`.
fn words(path: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = path;
    let mut before = "";
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let generic = !before.is_empty() && !rest.starts_with("<impl ");
        if word > 0 {
            if !matches!(&rest[..word], "as" | "impl" | "for" | "mut" | "dyn") {
                found.push(&rest[..word]);
            }
            before = &rest[..word];
            rest = &rest[word..];
        } else if first == '{' || (first == '<' && generic) {
            // `{closure#0}` is the body of the function around.
            rest = inside(rest).1;
        } else {
            // Behind `as ` and the like comes a name, behind `::` what belongs to it.
            if first != ':' {
                before = "";
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_its_names() {
        let cases = [
            ("m::S<std::string::String>::f", "m S f"),
            ("<m::S<u8> as m::T<fn() -> u8>>::f", "m S m T f"),
            ("m::<impl n::T for o::S<u8>>::f::<u8>", "m n T o S f"),
            ("&'a mut S<T>", "a S"),
            ("a::{closure#0}::f", "a f"),
        ];
        for (path, expected) in cases {
            assert_eq!(words(path).join(" "), expected);
        }
    }

    #[test]
    fn a_function_fits_its_path() {
        let around = ["a".to_owned(), "b".to_owned()];
        assert_eq!(modules_named("f", &around, &["a", "b", "f"]), Some(2));
        assert_eq!(modules_named("f", &around, &["b", "f"]), Some(1), "a re-export");
        assert_eq!(modules_named("f", &around, &["a", "S", "f"]), None, "a method");
        assert_eq!(modules_named("S<T>::f", &around, &["a", "S", "f"]), Some(1));
        assert_eq!(modules_named("S<T>::f", &around, &["a", "f"]), None);
        assert_eq!(modules_named("g", &around, &["a", "b", "f"]), None);
    }
}
