//! Gives the variables the user's names back.

use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::input::mixed;
use crate::layout::Layout;
use crate::names::{Names, VarId};

/// The prefix of what a variable goes by where it is only held to be dropped.
pub(crate) const HELD: &str = "held_";

/// Renames the variables in the whole expansion.
pub(crate) fn rename(tokens: TokenStream, layout: &Layout, names: &Names) -> TokenStream {
    let mut renamed = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident)
                if ident == "mut" && tokens.peek().is_some_and(|next| crosses(next, layout, names)) =>
            {
                renamed.push(TokenTree::Ident(Ident::new("mut", mixed())));
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), rename(group.stream(), layout, names));
                inner.set_span(group.span());
                renamed.push(TokenTree::Group(inner));
            }
            TokenTree::Ident(ident) => {
                // `Point { mut x }` becomes `Point { x: mut x_2 }`.
                let words = renamed.iter().rev().take_while(|token| binds(token)).count();
                let before = renamed.len() - words;
                renamed.splice(before..before, field(&ident, layout, names));
                renamed.push(TokenTree::Ident(name(ident, layout, names)));
            }
            TokenTree::Literal(literal) => renamed.push(TokenTree::Literal(text(literal, layout, names))),
            punct => renamed.push(punct),
        }
    }
    renamed.into_iter().collect()
}

/// Is this a variable that is stored? Then its `mut` may be needed only in another arm, and rustc
/// must not call it unused.
fn crosses(token: &TokenTree, layout: &Layout, names: &Names) -> bool {
    let TokenTree::Ident(ident) = token else { return false };
    names.of(ident).is_some_and(|var| layout.stored.contains(&var))
}

/// Is it a word that a pattern has before a name?
fn binds(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == "mut" || word == "ref")
}

/// The field, where its shorthand is a variable that goes by another name.
fn field(ident: &Ident, layout: &Layout, names: &Names) -> TokenStream {
    match names.entry(&ident.to_string()) {
        Some((id, true)) if layout.shown.contains_key(&id) => {
            let own = &names.get(id).shown;
            quote_spanned!(mixed()=> #own:)
        }
        _ => TokenStream::new(),
    }
}

fn name(ident: Ident, layout: &Layout, names: &Names) -> Ident {
    let internal = ident.to_string();
    if let Some(var) = internal.strip_prefix(HELD).and_then(|rest| names.entry(rest)) {
        let shown = shown(var.0, layout, names);
        let shown = shown.strip_prefix("r#").unwrap_or(&shown);
        let held = Ident::new(&format!("_{}", shown.trim_start_matches('_')), ident.span());
        return held;
    }
    let Some((id, _)) = names.entry(&internal) else { return ident };
    let shown = shown(id, layout, names);
    let span = if names.get(id).ours || names.receiver == Some(id) {
        mixed().located_at(ident.span())
    } else {
        ident.span()
    };
    match shown.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(&shown, span),
    }
}

fn shown(id: VarId, layout: &Layout, names: &Names) -> String {
    layout.shown.get(&id).cloned().unwrap_or_else(|| names.get(id).shown.to_string())
}

/// A format string that names variables: the user's own literal, unless one of them has a new name.
fn text(literal: Literal, layout: &Layout, names: &Names) -> Literal {
    let written = literal.to_string();
    let Some(own) = names.literals.get(&written) else { return literal };
    let vars = names.in_text(&written);
    if vars.iter().all(|var| !layout.shown.contains_key(var) && names.receiver != Some(*var)) {
        return own.clone();
    }
    let Ok(value) = syn::parse_str::<syn::LitStr>(&written) else { return literal };
    let mut value = value.value();
    for var in vars {
        value = value.replace(&names.internal(var), &shown(var, layout, names));
    }
    let mut renamed = Literal::string(&value);
    renamed.set_span(literal.span());
    renamed
}
