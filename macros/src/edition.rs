//! Which edition of Rust the user's crate is written in.
//!
//! Editions differ in how long the temporaries of an `if let` with an `else` live, and those of a block's last expression, and in what closures
//! capture. A macro isn't told which edition it expands for; the compiler that runs it was told on its command line.

use std::sync::OnceLock;

/// Does an `if let` drop what it looks at before its `else`? Since the edition of 2024 it does.
pub(crate) fn ends_before_else() -> bool {
    is_since(2024)
}

/// Do the temporaries of a block's last expression end before its variables? The same.
pub(crate) fn ends_before_variables() -> bool {
    is_since(2024)
}

/// Do closures capture the fields that they name, and not the variables? Since the edition of 2021.
pub(crate) fn captures_parts() -> bool {
    is_since(2021)
}

fn is_since(year: u32) -> bool {
    static EDITION: OnceLock<Option<u32>> = OnceLock::new();
    EDITION.get_or_init(|| of(std::env::args())).is_none_or(|edition| edition >= year)
}

/// The edition that a compiler's arguments name: `--edition=2021` or `--edition 2021`.
fn of(arguments: impl Iterator<Item = String>) -> Option<u32> {
    let mut arguments = arguments.skip_while(|argument| !argument.starts_with("--edition"));
    let argument = arguments.next()?;
    let named = match argument.split_once('=') {
        Some((_, year)) => year.to_owned(),
        None => arguments.next()?,
    };
    named.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_edition_is_read_from_the_command_line() {
        let read = |line: &str| of(line.split(' ').map(str::to_owned));
        assert_eq!(read("rustc --crate-name x --edition=2021 src/lib.rs"), Some(2021));
        assert_eq!(read("rustc --edition 2024 src/lib.rs"), Some(2024));
        assert_eq!(read("rustc src/lib.rs"), None);
        assert_eq!(read("rustc --edition=next src/lib.rs"), None);
    }
}
