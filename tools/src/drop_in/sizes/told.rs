//! What rustc tells of types, and which of them are machines.

use std::collections::HashMap;

use super::brackets::{inside, separate};

/// What the name of our machine begins with.
const OURS: &str = "segue::machine::task::Task<";

/// What the name of an `async` block begins with.
const BLOCK: &str = "{async block@";
/// What boxes an awaited future.
const LEAVING: &str = "::Leaving<";

/// A machine, ours or rustc's.
#[derive(Debug, PartialEq)]
pub(super) struct Machine<'a> {
    pub(super) whose: Whose<'a>,
    pub(super) bytes: Bytes,
}

/// How large a machine is. The larger of two is the one that takes more in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bytes {
    /// With what is boxed.
    pub(super) all: u64,
    /// What our machine keeps in boxes, where it must leave to rustc what is left of an awaited future's variables.
    pub(super) boxed: u64,
}

/// What a machine's type says of the function that it is of.
#[derive(Debug, PartialEq)]
pub(super) enum Whose<'a> {
    /// Where the attribute stands that made the machine's step.
    Place { file: &'a str, line: usize, column: usize },
    /// The function's path, as rustc writes it in a type.
    Path(&'a str),
}

/// All machines whose size is told.
pub(super) fn machines(told: &str) -> Vec<Machine<'_>> {
    let types = Types::read(told);
    let machine = |line| {
        let (name, bytes) = size(line)?;
        let whose = rustcs(name).or_else(|| ours(name))?;
        let boxed = if name.starts_with(OURS) { types.boxed(name, &mut Vec::new()) } else { 0 };
        Some(Machine { whose, bytes: Bytes { all: bytes + boxed, boxed } })
    };
    told.lines().filter_map(machine).collect()
}

/// A type's name and its size.
fn size(line: &str) -> Option<(&str, u64)> {
    let (name, size) = line.strip_prefix("print-type-size type: `")?.rsplit_once("`: ")?;
    Some((name, size.split(' ').next()?.parse().ok()?))
}

/// The types of a crate.
#[derive(Default)]
struct Types<'a> {
    sizes: HashMap<&'a str, u64>,
    /// What an `async` block holds, whose name doesn't say it.
    held: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Types<'a> {
    fn read(told: &'a str) -> Types<'a> {
        let mut types = Types::default();
        let mut of = "";
        for line in told.lines() {
            if let Some((name, bytes)) = size(line) {
                of = name;
                let largest: &mut u64 = types.sizes.entry(name).or_default();
                *largest = bytes.max(*largest);
            } else if let Some((_, held)) = line.split_once(", type: ")
                && of.starts_with(BLOCK)
            {
                types.held.entry(of).or_default().push(held);
            }
        }
        types
    }

    /// The bytes in the boxes of each `segue::machine::Leaving<F, O>` that a type is made of: of one, as it awaits one at a
    /// time. `seen` are the blocks that were looked into: several of a function have the same name.
    fn boxed(&self, name: &'a str, seen: &mut Vec<&'a str>) -> u64 {
        let mut most = 0;
        for (at, _) in name.match_indices(LEAVING) {
            let arguments = separate(inside(&name[at + LEAVING.len() - 1..]).0);
            let [future, output] = arguments[..] else { continue };
            let given = format!("alloc::sync::ArcInner<std::sync::Mutex<std::option::Option<{output}>>>");
            let size = |name| self.sizes.get(name).copied().unwrap_or_default();
            most = most.max(size(future) + size(&given) + self.boxed(future, seen));
        }
        for (at, _) in name.match_indices(BLOCK) {
            let block = &name[at..at + inside(&name[at..]).0.len() + 2];
            if let Some(held) = self.held.get(block)
                && !seen.contains(&block)
            {
                seen.push(block);
                most = held.iter().map(|held| self.boxed(held, seen)).fold(most, u64::max);
            }
        }
        most
    }
}

/// `{async fn body of path::name()}`
fn rustcs(name: &str) -> Option<Whose<'_>> {
    name.strip_prefix("{async fn body of ")?.strip_suffix("()}").map(Whose::Path)
}

/// `segue::machine::task::Task<A, S, J, D, F, T>`, where `F` is the step: a closure.
fn ours(name: &str) -> Option<Whose<'_>> {
    let arguments = name.strip_prefix(OURS)?.strip_suffix('>')?;
    let step = separate(arguments).get(4)?.strip_prefix("{closure@")?.strip_suffix('}')?;
    // In the crate itself the closure is named by its place, `src/lib.rs:1:2: 3:4`; elsewhere by its path.
    match step.split_once(": ") {
        Some((start, _)) => {
            let mut parts = start.rsplitn(3, ':');
            let mut number = || parts.next()?.parse().ok();
            let (column, line) = (number()?, number()?);
            Some(Whose::Place { file: parts.next()?, line, column })
        }
        None => step.rsplit_once("::{closure").map(|(path, _)| Whose::Path(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_told_from_other_types() {
        let told = "print-type-size type: `{async fn body of m::S<u8>::f()}`: 56 bytes, alignment: 8 bytes\n\
                    print-type-size         local `.__awaitee`: 16 bytes, type: {async fn body of m::one()}\n\
                    print-type-size type: `std::pin::Pin<&mut {async fn body of g()}>`: 8 bytes, alignment: 8 bytes\n\
                    print-type-size type: `segue::machine::task::Task<(fn(u8) -> u8, B<u8>), S, J, D<E, F>, \
                    {closure@src/a.rs:16:29: 16:45}, u32>`: 8 bytes, alignment: 4 bytes\n\
                    print-type-size type: `segue::machine::task::Task<(), S, J, D, {closure@c::S<T>::f::{closure#0}}, \
                    u32>`: 9 bytes, alignment: 1 bytes\n\
                    print-type-size type: `segue::machine::task::Task<(), S, J, segue::machine::Delegate1<\
                    segue::machine::Leaving<{async block@a}, u8>>, {closure@src/a.rs:1:2: 3:4}, u8>`: 24 bytes, \
                    alignment: 8 bytes\n\
                    print-type-size type: `{async block@a}`: 100 bytes, alignment: 8 bytes\n\
                    print-type-size type: `segue::machine::task::Task<(), S, J, {async block@b}, {closure@c::g::{closure#0}}, \
                    u8>`: 20 bytes, alignment: 8 bytes\n\
                    print-type-size type: `{async block@b}`: 16 bytes, alignment: 8 bytes\n\
                    print-type-size         local `.__awaitee`: 16 bytes, type: segue::machine::Leaving<{async block@a}, u8>\n";
        let place = |line, column| Whose::Place { file: "src/a.rs", line, column };
        let expected = [
            (Whose::Path("m::S<u8>::f"), 56, 0),
            (place(16, 29), 8, 0),
            (Whose::Path("c::S<T>::f"), 9, 0),
            (place(1, 2), 124, 100),
            (Whose::Path("c::g"), 120, 100),
        ];
        let expected = expected.map(|(whose, all, boxed)| Machine { whose, bytes: Bytes { all, boxed } });
        assert_eq!(machines(told), expected);
    }
}
