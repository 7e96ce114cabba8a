//! Items among the statements of a block that suspends.
//!
//! They move to the top of the function, where all of the machine sees them. From an inner block one does
//! only if its name means nothing else in the function.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Block, Item, Stmt, UseTree};

use crate::normalise::Normaliser;
use crate::walk;

impl Normaliser<'_> {
    /// Moves an item out of the block that it stands in.
    pub(crate) fn item(&mut self, item: &Item, block: &Block) {
        if self.depth > 1 && !self.is_known_here_only(item, block) {
            self.errors.at(
                item,
                "an item in a block that suspends can't be lowered, unless its name means nothing else in the function; \
                 give it a name of its own, or move it to the top of the function",
            );
        }
        self.items.push(Stmt::Item(item.clone()));
    }

    fn is_known_here_only(&self, item: &Item, block: &Block) -> bool {
        let Some(names) = names(item) else { return false };
        names.iter().all(|name| {
            let elsewhere = count(self.whole.clone(), name) - count(block.to_token_stream(), name);
            elsewhere == 0 && !self.names.shows(name)
        })
    }
}

/// The names that an item brings into scope, if that can be told.
fn names(item: &Item) -> Option<Vec<String>> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Impl(_) => return Some(Vec::new()),
        Item::Use(item) => {
            let mut found = Vec::new();
            return imported(&item.tree, None, &mut found).then_some(found);
        }
        _ => return None,
    };
    Some(vec![ident.to_string()])
}

/// Adds the names that a `use` brings into scope; `false` if they aren't in sight.
fn imported(tree: &UseTree, before: Option<&str>, found: &mut Vec<String>) -> bool {
    match tree {
        UseTree::Path(path) => imported(&path.tree, Some(&path.ident.to_string()), found),
        UseTree::Name(name) if name.ident == "self" => {
            found.extend(before.map(str::to_owned));
            true
        }
        UseTree::Name(name) => {
            found.push(name.ident.to_string());
            true
        }
        UseTree::Rename(rename) => {
            found.push(rename.rename.to_string());
            true
        }
        UseTree::Group(group) => group.items.iter().all(|tree| imported(tree, before, found)),
        _ => false,
    }
}

/// How often a name is written, in format strings too. What follows a `::` or a `.` is looked up elsewhere.
fn count(tokens: TokenStream, name: &str) -> usize {
    let mut found = 0;
    let mut before = [' ', ' '];
    for token in tokens {
        let inside = matches!(before, [':', ':'] | [_, '.']) && before != ['.', '.'];
        let mut last = ' ';
        found += match token {
            TokenTree::Group(group) => count(group.stream(), name),
            TokenTree::Punct(punct) => {
                last = punct.as_char();
                0
            }
            TokenTree::Ident(_) if inside => 0,
            token => walk::words(&token.to_string()).filter(|word| *word == name).count(),
        };
        before = [before[1], last];
    }
    found
}
