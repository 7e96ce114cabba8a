//! Recursion: a generator that goes through folders delegates to itself for each folder in a folder.
//!
//! `cargo run --example folders [-- FOLDER]`
//!
//! What to see: the sizes of folders are known only once all is listed that is in them, as what `yield_from!` returns; and
//! `?` passes an error up through all levels. Then the same goes down a hundred thousand levels: the calls that wait lie on
//! a stack that the coroutine has on the heap, so the thread's own isn't used up, and no resume goes through them all.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use segue::{Coroutine, CoroutineState};

/// A line for each file and, after what is in it, for each folder; returns how many bytes there are in all.
#[segue::coroutine(yield = String)]
fn list(paths: Vec<PathBuf>, depth: usize) -> io::Result<u64> {
    let mut total = 0;
    for path in paths {
        let mut bytes = path.metadata()?.len();
        if path.is_dir() {
            bytes = yield_from!(list(inside(&path)?, depth + 1))?;
        }
        yield_!(line(&path, depth, bytes));
        total += bytes;
    }
    Ok(total)
}

fn line(path: &Path, depth: usize, bytes: u64) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{:indent$}{name}  {bytes}", "", indent = depth * 2)
}

/// What is in a folder, by name.
fn inside(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    Ok(paths)
}

/// Counts down, and up again on the way back.
#[segue::coroutine(yield = u32)]
fn deep(levels: u32) -> u32 {
    if levels == 0 {
        yield_!(0);
        return 0;
    }
    1 + yield_from!(deep(levels - 1))
}

fn main() -> io::Result<()> {
    let here = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/crawler"));
    let mut listing = list(inside(&env::args_os().nth(1).map_or(here, PathBuf::from))?, 0);
    let bytes = loop {
        match listing.resume(()) {
            CoroutineState::Yielded(line) => println!("{line}"),
            CoroutineState::Complete(bytes) => break bytes?,
        }
    };
    println!("{bytes} bytes in all");

    let mut deep = deep(100_000);
    println!("{:?}, {:?}", deep.resume(()), deep.resume(()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_folder_comes_after_it() {
        let root = env::temp_dir().join(format!("segue-folders-{}", std::process::id()));
        fs::create_dir_all(root.join("b/c")).expect("folders");
        for (file, text) in [("a", "12345"), ("b/c/d", "123"), ("b/e", "")] {
            fs::write(root.join(file), text).expect("a file");
        }
        let mut listing = list(inside(&root).expect("it can be read"), 0);
        let mut lines = Vec::new();
        let total = loop {
            match listing.resume(()) {
                CoroutineState::Yielded(line) => lines.push(line),
                CoroutineState::Complete(total) => break total,
            }
        };
        fs::remove_dir_all(&root).expect("they were just made");
        assert_eq!(total.expect("all can be read"), 8);
        let expected = ["a  5", "    d  3", "  c  3", "  e  0", "b  3"];
        assert_eq!(lines, expected);
        assert!(list(vec![root], 0).resume(()).complete().expect("there is nothing left").is_err());
    }
}
