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

/// The size of each file and, after what is in it, of each folder; returns how many bytes there are in all.
#[segue::coroutine(yield = (u64, PathBuf))]
fn list(paths: Vec<PathBuf>) -> io::Result<u64> {
    let mut total = 0;
    for path in paths {
        let mut bytes = path.metadata()?.len();
        if path.is_dir() {
            bytes = yield_from!(list(inside(&path)?))?;
        }
        total += bytes;
        yield_!((bytes, path));
    }
    Ok(total)
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
    let mut listing = list(inside(&env::args_os().nth(1).map_or(here, PathBuf::from))?);
    let bytes = loop {
        match listing.resume(()) {
            CoroutineState::Yielded((bytes, path)) => println!("{bytes:>10}  {}", path.display()),
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
        let mut listing = list(inside(&root).expect("it can be read"));
        let mut lines = Vec::new();
        let total = loop {
            match listing.resume(()) {
                CoroutineState::Yielded((bytes, path)) => {
                    lines.push((bytes, path.strip_prefix(&root).expect("it is in there").to_owned()));
                }
                CoroutineState::Complete(total) => break total,
            }
        };
        fs::remove_dir_all(&root).expect("they were just made");
        assert_eq!(total.expect("all can be read"), 8);
        let expected = [(5, "a"), (3, "b/c/d"), (3, "b/c"), (0, "b/e"), (3, "b")];
        assert_eq!(lines, expected.map(|(bytes, path)| (bytes, PathBuf::from(path))));
        assert!(list(vec![root]).resume(()).complete().expect("there is nothing left").is_err());
    }
}
