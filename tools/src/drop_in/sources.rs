//! The crate's files, their functions, and which of these are under the attribute at the moment.

use std::fs;
use std::path::{Path, PathBuf};

use super::functions::{self, Function, Way};
use super::scratch;
use super::{Error, Result};

/// A lint that doesn't exist: rustc warns of it wherever it compiles a function with it, and nowhere else.
pub(super) const PROBE: &str = "segue_drop_in_probe";

/// A function's number in [`Sources`].
pub(super) type Id = usize;

/// All files that have an `async fn`.
pub(super) struct Sources {
    files: Vec<File>,
    /// The functions of all files.
    pub(super) all: Vec<(usize, Function)>,
}

struct File {
    path: PathBuf,
    text: String,
    /// What was written into the file last, and where in `text`.
    inserted: Vec<(usize, String)>,
}

impl Sources {
    /// Reads the package in this folder.
    pub(super) fn read(package: &Path) -> Result<Sources> {
        let mut sources = Sources { files: Vec::new(), all: Vec::new() };
        for path in scratch::sources(package)? {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let found = functions::find(&text);
            if found.is_empty() {
                continue;
            }
            let number = sources.files.len();
            sources.all.extend(found.into_iter().map(|function| (number, function)));
            sources.files.push(File { path, text, inserted: Vec::new() });
        }
        Ok(sources)
    }

    /// The function itself.
    pub(super) fn function(&self, id: Id) -> &Function {
        &self.all[id].1
    }

    /// The file it is in.
    pub(super) fn path(&self, id: Id) -> &Path {
        &self.files[self.all[id].0].path
    }

    /// The file it is in, seen from this folder.
    pub(super) fn path_in(&self, package: &Path, id: Id) -> &Path {
        let path = self.path(id);
        path.strip_prefix(package).unwrap_or(path)
    }

    /// Writes all files with the attribute on the functions that `chosen` names, and on no other.
    pub(super) fn write(&mut self, chosen: impl Fn(Id) -> bool) -> Result<()> {
        self.write_with(|id| chosen(id).then(String::new))
    }

    /// The same, with arguments for each attribute.
    pub(super) fn write_with(&mut self, arguments: impl Fn(Id) -> Option<String>) -> Result<()> {
        self.insert(|id, function| match arguments(id) {
            Some(arguments) => under(function, &format!("#[segue::coroutine{arguments}] ")),
            None => without_attribute(function),
        })
    }

    /// Writes all files without the attribute. What `chosen` names is a function of its own where it was one under it.
    pub(super) fn write_plain(&mut self, chosen: impl Fn(Id) -> bool) -> Result<()> {
        self.insert(|id, function| match function.way {
            Way::Within { .. } if chosen(id) => under(function, ""),
            _ => without_attribute(function),
        })
    }

    /// Writes all files with a mark on each function that tells that it is compiled.
    pub(super) fn write_probes(&mut self) -> Result<()> {
        let text = format!("#[warn(unknown_lints)] #[warn({PROBE})] ");
        self.insert(|_, function| {
            let at = match &function.way {
                Way::Before(at) => *at,
                _ => function.range.start,
            };
            vec![(at, text.clone())]
        })
    }

    fn insert(&mut self, insert: impl Fn(Id, &Function) -> Vec<(usize, String)>) -> Result<()> {
        let mut inserted = vec![Vec::new(); self.files.len()];
        for (id, (file, function)) in self.all.iter().enumerate() {
            inserted[*file].extend(insert(id, function));
        }
        for (file, mut inserted) in self.files.iter_mut().zip(inserted) {
            inserted.sort_by_key(|(at, _)| *at);
            // A file that stays as it is keeps its time: cargo has nothing to do for it.
            if inserted != file.inserted {
                fs::write(&file.path, with(&file.text, &inserted))
                    .map_err(|error| Error::at(&file.path, error))?;
                file.inserted = inserted;
            }
        }
        Ok(())
    }

    /// The innermost function at this line and column of a file as it was written last, both counted from 1.
    pub(super) fn at_place(&self, file: &Path, line: usize, column: usize) -> Option<Id> {
        let File { text, inserted, .. } = self.files.iter().find(|one| one.path == file)?;
        let written = with(text, inserted);
        let start: usize = written.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
        let shift: usize = written[start..].chars().take(column.checked_sub(1)?).map(char::len_utf8).sum();
        self.at(file, start + shift, |_| true)
    }

    /// The innermost of the functions that `eligible` names at this byte of a file as it was written last.
    pub(super) fn at(&self, file: &Path, byte: usize, eligible: impl Fn(Id) -> bool) -> Option<Id> {
        let number = self.files.iter().position(|one| one.path == file)?;
        let byte = before(byte, &self.files[number].inserted);
        let around = self.all.iter().enumerate().filter(|(id, (file, function))| {
            *file == number && function.range.contains(&byte) && eligible(*id)
        });
        around.min_by_key(|(_, (_, function))| function.range.len()).map(|(id, _)| id)
    }
}

/// What brings a function under this attribute.
fn under(function: &Function, attribute: &str) -> Vec<(usize, String)> {
    match &function.way {
        Way::Before(at) => vec![(*at, attribute.to_owned())],
        Way::Within { body, output } => vec![
            (body.start, format!(" {attribute}async fn {}() {output} {{", function.name)),
            (body.end, format!("}} {}().await ", function.name)),
        ],
        Way::Already(_) | Way::Rewritten => Vec::new(),
    }
}

/// Makes a comment of an attribute that is there.
fn without_attribute(function: &Function) -> Vec<(usize, String)> {
    let Way::Already(attribute) = &function.way else { return Vec::new() };
    vec![(attribute.start, "/* ".to_owned()), (attribute.end, " */".to_owned())]
}

/// The text with these in it, which are in order.
fn with(text: &str, inserted: &[(usize, String)]) -> String {
    let mut written = String::with_capacity(text.len());
    let mut done = 0;
    for (at, what) in inserted {
        written.push_str(&text[done..*at]);
        written.push_str(what);
        done = *at;
    }
    written.push_str(&text[done..]);
    written
}

/// Where a byte of the written text was before; what was inserted is where it was inserted.
fn before(byte: usize, inserted: &[(usize, String)]) -> usize {
    let mut shift = 0;
    for (at, what) in inserted {
        if byte < at + shift {
            break;
        }
        if byte < at + shift + what.len() {
            return *at;
        }
        shift += what.len();
    }
    byte - shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_again_in_what_is_written() {
        let text = "fn a() {}\nasync fn b() { 1 }\n";
        let inserted = [(10, "#[x] ".to_owned()), (24, "{ ".to_owned())];
        let written = with(text, &inserted);
        assert_eq!(written, "fn a() {}\n#[x] async fn b() {{  1 }\n");
        assert_eq!(before(3, &inserted), 3);
        assert_eq!(before(12, &inserted), 10);
        assert_eq!(before(written.find("async").unwrap_or_default(), &inserted), 10);
        assert_eq!(
            before(written.find('1').unwrap_or_default(), &inserted),
            text.find('1').unwrap_or_default()
        );
    }
}
