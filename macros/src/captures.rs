//! What the block of a `generator!` captures: the free names in it, by value, in the order in which
//! they are first mentioned, as an `async move` block does.
//!
//! A name that is only called, `f(x)`, may be a function: that one isn't looked for, nor what begins
//! with a capital letter, and what stands in macros that aren't read. Whatever of these is a variable
//! is captured by the step's closure itself, by rustc.

use proc_macro2::{Literal, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, LitStr, Macro, Token};

use crate::receivers;

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
    let name = mac.path.segments.last()?.ident.to_string();
    if !matches!(&*name, "dbg" | "vec") && !receivers::FORMATTING.contains(&&*name) {
        return None;
    }
    let (values, given) = arguments.parse2(mac.tokens.clone()).ok()?;
    let literals = mac.tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => Some(literal),
        _ => None,
    });
    let named = if name == "vec" || name == "dbg" {
        Vec::new()
    } else {
        literals.flat_map(|text| named(&text)).filter(|name| !given.contains(name)).collect()
    };
    Some(Arguments { values, named })
}

/// `a, b`, `name = a` or `a; n`: the values, and the names given to some.
fn arguments(input: ParseStream<'_>) -> syn::Result<(Vec<Expr>, Vec<Ident>)> {
    let (mut values, mut given) = (Vec::new(), Vec::new());
    while !input.is_empty() {
        if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            given.push(input.parse::<Ident>()?);
            input.parse::<Token![=]>()?;
        }
        values.push(input.parse()?);
        if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
        } else if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok((values, given))
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
