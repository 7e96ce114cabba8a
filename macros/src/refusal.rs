//! What a refused item becomes: its error, and something to go on with, so that one mistake gives one
//! error.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::codegen;
use crate::input::{Function, Instead, Kind, Refused, mixed};

pub(crate) fn instead(refused: Refused) -> TokenStream {
    let error = refused.error.map(|error| error.to_compile_error());
    let instead = match refused.instead {
        Instead::Function { function, unread } => stand_in(&function, unread),
        Instead::Unread(item, span) => with_body(item, &unread(span)),
        Instead::Item(item) => item,
        Instead::Nothing => TokenStream::new(),
    };
    quote!(#error #instead)
}

/// A function of the same signature.
fn stand_in(function: &Function, unread_at: Option<Span>) -> TokenStream {
    let output = function.output();
    let machine = match &function.kind {
        Kind::Generator { yields, .. } => {
            quote_spanned!(mixed()=> ::segue::machine::Refused::<#yields, #output>::new())
        }
        Kind::Stream { yields } => quote_spanned!(mixed()=> ::segue::machine::Refused::<#yields, ()>::new()),
        Kind::Task => quote_spanned!(mixed()=> ::core::future::pending::<#output>()),
    };
    let used = function.params.iter().map(|param| &param.ident);
    let unread = unread_at.map(unread);
    codegen::signature(function, false, &quote_spanned!(mixed()=> #unread let _ = (#(&#used,)*); #machine))
}

/// The item with another body, if it has one.
fn with_body(item: TokenStream, body: &TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(last)) = tokens.last_mut()
        && last.delimiter() == Delimiter::Brace
    {
        *last = Group::new(Delimiter::Brace, quote!(#body loop {}));
    }
    tokens.into_iter().collect()
}

/// Something of the user's that syn can't read. Nearly always rustc can't either and has told so,
/// which no macro can ask; then it stops before the lints. This is one.
fn unread(span: Span) -> TokenStream {
    let located = mixed().located_at(span);
    quote_spanned!(located=> #[deny(unused_must_use)] { ::segue::machine::unread(); })
}
