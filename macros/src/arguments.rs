//! What macros are given whose arguments are expressions, and which of them only look at it.
//!
//! A macro is known by its name: an attribute sees its tokens before it is expanded.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote_spanned;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Macro, Token};

use crate::input::mixed;

/// std's macros that take what they are given by reference.
const FORMATTING: [&str; 18] = [
    "print",
    "println",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "write",
    "writeln",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
];

/// std's macros that take it by value.
const TAKING: [&str; 2] = ["vec", "dbg"];

/// The macros of loggers, which take it by reference too.
const LOGGING: [&str; 5] = ["trace", "debug", "info", "warn", "error"];

/// Does a macro of this name leave the variables alone that it is given?
pub(crate) fn only_looks(mac: &Macro) -> bool {
    named_among(mac, &FORMATTING) || named_among(mac, &LOGGING)
}

/// Does it take the variables that it is given?
pub(crate) fn takes(mac: &Macro) -> bool {
    named_among(mac, &TAKING)
}

/// Is it one of std's, with a format string?
pub(crate) fn formats(mac: &Macro) -> bool {
    named_among(mac, &FORMATTING)
}

fn named_among(mac: &Macro, names: &[&str]) -> bool {
    mac.path.segments.last().is_some_and(|name| names.iter().any(|known| name.ident == known))
}

/// The arguments of a macro, if they are expressions; those aside that are evaluated only before it panics.
pub(crate) fn of(mac: &Macro) -> Vec<Expr> {
    let mut values = read(mac).map(|(values, _)| values).unwrap_or_default();
    values.truncate(compared(mac).unwrap_or(values.len()));
    values
}

/// How many values an assertion looks at; its message follows.
fn compared(mac: &Macro) -> Option<usize> {
    if named_among(mac, &["assert", "debug_assert"]) {
        return Some(1);
    }
    let compares = ["assert_eq", "assert_ne", "debug_assert_eq", "debug_assert_ne"];
    named_among(mac, &compares).then_some(2)
}

/// May it be that the macro evaluates nothing?
pub(crate) fn only_when_debugging(mac: &Macro) -> bool {
    mac.path.segments.last().is_some_and(|name| name.ident.to_string().starts_with("debug_assert"))
}

/// The same, and the names that are given to some: `a, b`, `name = a` or `a; n`.
pub(crate) fn read(mac: &Macro) -> syn::Result<(Vec<Expr>, Vec<Ident>)> {
    let arguments = parse.parse2(mac.tokens.clone())?;
    let names = arguments.iter().filter_map(|argument| argument.name.clone()).collect();
    Ok((arguments.into_iter().map(|argument| argument.value).collect(), names))
}

/// The arguments of a macro, each changed, as its tokens; nothing if they aren't expressions.
pub(crate) fn rewritten(mac: &Macro, mut change: impl FnMut(&mut Expr)) -> Option<TokenStream> {
    let mut arguments = parse.parse2(mac.tokens.clone()).ok()?;
    let is_semi = |token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let repeats = mac.tokens.clone().into_iter().any(is_semi);
    arguments.iter_mut().for_each(|argument| change(&mut argument.value));
    let arguments = arguments.iter().map(|Argument { name, value }| {
        let name = name.as_ref().map(|name| quote_spanned!(mixed()=> #name =));
        quote_spanned!(mixed()=> #name #value)
    });
    Some(match repeats {
        true => quote_spanned!(mixed()=> #(#arguments);*),
        false => quote_spanned!(mixed()=> #(#arguments),*),
    })
}

/// `value`, or `name = value`.
struct Argument {
    name: Option<Ident>,
    value: Expr,
}

fn parse(input: ParseStream<'_>) -> syn::Result<Vec<Argument>> {
    let mut arguments = Vec::new();
    while !input.is_empty() {
        let mut name = None;
        if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            name = Some(input.parse::<Ident>()?);
            input.parse::<Token![=]>()?;
        }
        arguments.push(Argument { name, value: input.parse()? });
        if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
        } else if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(arguments)
}
