//! The expansions, kept: each function under `macros/goldens/` beside what the passes make of it.
//!
//! `name.rs` is what a user writes. The tests compare with what they find in `name.tree` (suspensions
//! are statements), `name.segments` (what runs between two of them) and `name.expanded.rs`; and the
//! README's function with the README's expansion. With `UPDATE_GOLDENS=1` they write instead.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, File, ImplItem, Item, Meta};

use crate::pipeline;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The files that a user would write, in the order of their names.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(".rs") && !name.ends_with(".expanded.rs")
    });
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .replace("\r\n", "\n")
}

/// Compares, or writes when asked to; says which file differs.
fn keep(path: &Path, text: &str, differ: &mut Vec<String>) {
    if env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    } else if !path.exists() || read(path) != text {
        differ.push(path.display().to_string());
    }
}

fn nothing_differs(differ: &[String]) {
    assert!(
        differ.is_empty(),
        "these differ from what the macro does now; \
         if that is meant, run the tests with UPDATE_GOLDENS=1 and read the difference:\n{}",
        differ.join("\n")
    );
}

/// A coroutine in a file: its attribute's arguments, and the function without that attribute.
struct Found {
    arguments: TokenStream,
    item: TokenStream,
}

/// Takes `#[segue::coroutine(arguments)]` off.
fn take_attribute(attrs: &mut Vec<Attribute>) -> Option<TokenStream> {
    let ours = |attr: &Attribute| {
        let path = attr.path().segments.iter().map(|segment| segment.ident.to_string());
        path.eq(["segue", "coroutine"])
    };
    let attr = attrs.remove(attrs.iter().position(ours)?);
    Some(match attr.meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    })
}

/// Hands each coroutine among the items to `replace`, which puts something else in its place.
fn each_coroutine(items: &mut [Item], replace: &mut dyn FnMut(Found) -> TokenStream) {
    for item in items {
        match item {
            Item::Fn(function) => {
                if let Some(arguments) = take_attribute(&mut function.attrs) {
                    let found = Found { arguments, item: function.to_token_stream() };
                    *item = parse(replace(found));
                }
            }
            Item::Impl(block) => {
                for member in &mut block.items {
                    let ImplItem::Fn(function) = member else { continue };
                    if let Some(arguments) = take_attribute(&mut function.attrs) {
                        let found = Found { arguments, item: function.to_token_stream() };
                        *member = parse(replace(found));
                    }
                }
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    each_coroutine(items, replace);
                }
            }
            _ => {}
        }
    }
}

/// From the text and not from the tokens, as a compiler that reads a user's file does.
fn parse<T: syn::parse::Parse>(tokens: TokenStream) -> T {
    let text = tokens.to_string();
    syn::parse_str(&text).unwrap_or_else(|error| panic!("{error} in:\n{text}"))
}

/// The file with its coroutines expanded, and what the passes said on the way.
fn expand(source: &str) -> (String, BTreeMap<String, String>) {
    let mut file: File = syn::parse_str(source).expect("a Rust file");
    let mut dumps = BTreeMap::new();
    each_coroutine(&mut file.items, &mut |found| {
        let mut dump = |name: &str, data: &dyn std::fmt::Display| {
            write!(dumps.entry(name.to_owned()).or_insert_with(String::new), "{data}")
                .expect("a string takes all");
        };
        pipeline::dumped(found.arguments, found.item, &mut dump).expect("a function that is lowered")
    });
    (prettyplease::unparse(&file), dumps)
}

#[test]
fn expansions_are_as_kept() {
    let mut differ = Vec::new();
    for path in rust_files(&root().join("goldens")) {
        let (expansion, dumps) = expand(&read(&path));
        keep(&path.with_extension("expanded.rs"), &expansion, &mut differ);
        for (name, text) in dumps {
            keep(&path.with_extension(name), &text, &mut differ);
        }
    }
    nothing_differs(&differ);
}

/// Where the README's n-th block of Rust under `heading` begins and ends.
fn block(text: &str, heading: &str, number: usize) -> Range<usize> {
    const OPEN: &str = "```rust\n";
    let mut from = text.find(heading).unwrap_or_else(|| panic!("the README has no {heading:?}"));
    for _ in 0..number {
        from += text[from..].find(OPEN).expect("a block of Rust") + OPEN.len();
    }
    from..from + text[from..].find("```").expect("the end of the block")
}

/// Where the number before `words` stands.
fn figure(text: &str, words: &str) -> Range<usize> {
    let end = text.find(words).unwrap_or_else(|| panic!("the README has no {words:?}"));
    let digits = text[..end].bytes().rev().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    end - digits..end
}

#[test]
fn the_readme_is_true() {
    const HEADING: &str = "## What a function becomes";
    let path = root().join("../README.md");
    let mut text = read(&path);
    let source = text[block(&text, HEADING, 1)].to_owned();
    let shown = block(&text, HEADING, 2);
    let (expansion, _) = expand(&source);
    text.replace_range(shown, &expansion);
    let ratio = figure(&text, " lines of expansion for a line of source");
    text.replace_range(ratio, &format!("{:.1}", measure().ratio()));
    let mut differ = Vec::new();
    keep(&path, &text, &mut differ);
    nothing_differs(&differ);
}

/// Lines of formatted source and of formatted expansion, of one function.
fn lines(found: Found) -> (String, usize, usize) {
    let Found { arguments, item } = found;
    let name =
        crate::input::parse(arguments.clone(), item.clone()).map(|function| function.sig.ident.to_string());
    let attribute = if arguments.is_empty() {
        quote!(#[segue::coroutine])
    } else {
        quote!(#[segue::coroutine(#arguments)])
    };
    let formatted = |tokens: TokenStream| {
        // Methods are formatted as such: `self` is no argument of a plain function.
        let text = prettyplease::unparse(&parse::<File>(quote!(impl Any { #tokens })));
        text.lines().filter(|line| !line.trim().is_empty()).count() - 2
    };
    let source = formatted(quote!(#attribute #item));
    let expansion = pipeline::dumped(arguments, item, &mut |_, _| {}).expect("a function that is lowered");
    (name.unwrap_or_default(), source, formatted(expansion))
}

/// How much there is to read.
#[derive(Default)]
struct Measured {
    /// Name, lines of source, lines of expansion.
    functions: Vec<(String, usize, usize)>,
}

impl Measured {
    fn total(&self) -> (usize, usize) {
        self.functions.iter().fold((0, 0), |sum, (_, source, expansion)| (sum.0 + source, sum.1 + expansion))
    }

    fn ratio(&self) -> f64 {
        let (source, expansion) = self.total();
        expansion as f64 / source as f64
    }
}

/// Measures the coroutines of the goldens and of the examples.
fn measure() -> Measured {
    let folders = [root().join("goldens"), root().join("../examples"), root().join("../examples/crawler")];
    let mut measured = Measured::default();
    for path in folders.iter().flat_map(|folder| rust_files(folder)) {
        let mut file: File = syn::parse_str(&read(&path)).expect("a Rust file");
        each_coroutine(&mut file.items, &mut |found| {
            let item = found.item.clone();
            let (name, source, expansion) = lines(found);
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            measured.functions.push((format!("{name} ({file})"), source, expansion));
            item
        });
    }
    measured
}

/// The most lines of expansion for a line of source, over all.
const AT_MOST: f64 = 5.0;

#[test]
fn lines_per_line() {
    let measured = measure();
    println!("source  expansion  ratio  function");
    for (name, source, expansion) in &measured.functions {
        println!("{source:>6} {expansion:>10} {:>6.1}  {name}", *expansion as f64 / *source as f64);
    }
    let (source, expansion) = measured.total();
    println!("{source:>6} {expansion:>10} {:>6.2}  all of them", measured.ratio());
    assert!(measured.ratio() <= AT_MOST, "{:.2} lines of expansion for a line of source", measured.ratio());
}
