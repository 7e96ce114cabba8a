//! What the block of a `generator!` captures: the free names in it, by value, in the order in which
//! they are first mentioned, as an `async move` block does.
//!
//! A name that is only called, `f(x)`, may be a function: that one isn't looked for, nor what begins
//! with a capital letter, and what stands in macros that aren't read. Whatever of these is a variable
//! is captured by the step's closure itself, by rustc.

use proc_macro2::{Literal, TokenTree};
use quote::ToTokens;
use syn::{Expr, Ident, LitStr, Macro};

use crate::arguments;

/// The free names of a block.
#[derive(Default)]
pub(crate) struct Free {
    /// Those that are variables, or as good as that.
    pub(crate) values: Vec<Ident>,
    /// There are others, of which rustc has to tell.
    pub(crate) others: bool,
}

impl Free {
    pub(crate) fn value(&mut self, ident: &Ident) {
        let name = ident.to_string();
        if !name.starts_with(char::is_uppercase) && !self.values.contains(ident) {
            self.values.push(ident.clone());
        }
    }

    pub(crate) fn called(&mut self, function: &Expr) {
        self.others |= !function.to_token_stream().to_string().starts_with(char::is_uppercase);
    }
}

/// What a macro of std evaluates, and the format strings in it.
pub(crate) struct Arguments {
    pub(crate) values: Vec<Expr>,
    pub(crate) named: Vec<Ident>,
}

/// The arguments of those macros whose arguments are expressions.
pub(crate) fn of_macro(mac: &Macro) -> Option<Arguments> {
    if !arguments::formats(mac) && !arguments::takes(mac) {
        return None;
    }
    let (values, given) = arguments::read(mac).ok()?;
    let literals = mac.tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => Some(literal),
        _ => None,
    });
    let named = if arguments::takes(mac) {
        Vec::new()
    } else {
        literals.flat_map(|text| named(&text)).filter(|name| !given.contains(name)).collect()
    };
    Some(Arguments { values, named })
}

/// The names in the braces of a format string: `"{x} {y:>w$}"`.
fn named(literal: &Literal) -> Vec<Ident> {
    let Ok(text) = syn::parse2::<LitStr>(TokenTree::Literal(literal.clone()).into()) else {
        return Vec::new();
    };
    let value = text.value().replace("{{", "");
    let mut names = Vec::new();
    for inside in value.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
        let widths = format.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
        let widths = widths.filter_map(|word| word.strip_suffix('$'));
        // A fill may stand before the width: `{:x>w$}`.
        names.extend([name.trim()].into_iter().chain(widths).filter_map(|name| {
            let mut ident = syn::parse_str::<Ident>(name).ok()?;
            ident.set_span(literal.span());
            Some(ident)
        }));
    }
    names
}
