//! Errors: gathered while a pass goes on, reported together at the user's own tokens.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Errors {
    first: Option<syn::Error>,
}

impl Errors {
    /// An error that stands at `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.first {
            Some(first) => first.combine(error),
            None => self.first = Some(error),
        }
    }

    /// `Err` when anything was found.
    pub(crate) fn finish(self) -> syn::Result<()> {
        self.first.map_or(Ok(()), Err)
    }
}

/// `for_await!` outside of an async coroutine.
pub(crate) fn misplaced_loop() -> TokenStream {
    let message = "`for_await!` belongs directly in an `async fn` under `#[segue::coroutine]`: \
                   not in a closure, an `async` block, another macro or a plain function";
    syn::Error::new(Span::call_site(), message).to_compile_error()
}

/// `yield_!` outside a coroutine.
pub(crate) fn misplaced(name: &str, _operand: TokenStream) -> TokenStream {
    let message = format!(
        "`{name}` belongs directly in a function under `#[segue::coroutine(yield = ...)]`: \
         not in a closure, an `async` block, another macro or a plain function"
    );
    syn::Error::new(Span::call_site(), message).to_compile_error()
}
