//! What a macro shows: a format string and its arguments.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Token};

use super::finder::suspends;

/// An argument after the format string, with its name if it has one.
pub(super) struct Shown {
    pub(super) name: Option<(Ident, Token![=])>,
    pub(super) expr: Expr,
}

impl Shown {
    fn parse(input: ParseStream<'_>) -> syn::Result<Shown> {
        let named = input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let name = if named { Some((input.parse()?, input.parse()?)) } else { None };
        Ok(Shown { name, expr: input.parse()? })
    }
}

/// A format string and what follows it.
pub(super) struct Message {
    pub(super) format: Option<Expr>,
    pub(super) shown: Punctuated<Shown, Token![,]>,
}

impl Message {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Message> {
        if input.is_empty() {
            return Ok(Message { format: None, shown: Punctuated::new() });
        }
        let format = input.parse()?;
        comma(input)?;
        let shown = input.parse_terminated(Shown::parse, Token![,])?;
        // The format string is read when the program is compiled.
        if suspends(&format) {
            return Err(input.error("a format string is a literal"));
        }
        Ok(Message { format: Some(format), shown })
    }

    pub(super) fn suspends(&self) -> bool {
        self.shown.iter().any(|shown| suspends(&shown.expr))
    }
}

impl ToTokens for Message {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Some(format) = &self.format else { return };
        let shown = self.shown.iter().map(|Shown { name, expr }| {
            let name = name.as_ref().map(|(name, eq)| quote!(#name #eq));
            quote!(#name #expr)
        });
        tokens.extend(quote!(#format #(, #shown)*));
    }
}

pub(super) fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() { Ok(()) } else { input.parse::<Token![,]>().map(drop) }
}
