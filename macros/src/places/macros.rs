//! A macro that names variables on loan.
//!
//! What std's macros do with their arguments is known: those are expressions, and written like others. Another
//! macro may look at the very tokens, and take one of its rules or another by them. It gets the user's own, and
//! references under the variables' names; what it expands to is proven as it is run:
//!
//! ```text
//! ensure!(list.len() > n);      match (&(*place(&list)), &(*place(&n))) { (list, n) => ensure!(list.len() > n) }
//! ```

use std::collections::BTreeSet;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::visit::Visit;
use syn::{Expr, Ident, Macro, parse_quote_spanned};

use super::values::Places;
use crate::arguments;
use crate::input::mixed;
use crate::names::VarId;
use crate::std_macros;
use crate::walk::{self, Mentions};

/// How a macro is written that names variables on loan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Its arguments are taken.
    Values,
    /// They are looked at.
    Places,
    /// Nobody knows: it gets references.
    References,
}

impl Written {
    pub(crate) fn of(mac: &Macro) -> Written {
        if mac.path.segments.last().is_some_and(|name| name.ident == "dbg") {
            // It shows its tokens.
            Written::References
        } else if arguments::takes(mac) {
            Written::Values
        } else if arguments::formats(mac) || mac.path.is_ident("matches") {
            Written::Places
        } else {
            Written::References
        }
    }
}

/// Is a variable given to a macro that takes its arguments, and by its mere name?
pub(crate) fn is_given(mac: &Macro, is: impl Fn(&Ident) -> bool) -> bool {
    let is = |expr: &Expr| matches!(expr, Expr::Path(path) if path.path.get_ident().is_some_and(&is));
    arguments::takes(mac) && arguments::of(mac).iter().any(is)
}

impl Places<'_> {
    /// The expression that stands in the place of a macro, if it is another.
    pub(super) fn called(&mut self, mac: &mut Macro) -> Option<Expr> {
        let mut mentions = Mentions::new(self.names());
        mentions.visit_macro(mac);
        let mut mentions = mentions.found;
        mentions.retain(|var| self.is_on_loan(*var));
        if mentions.is_empty() {
            return None;
        }
        match Written::of(mac) {
            Written::References => return Some(self.referring(mac, &mentions)),
            Written::Values => self.values_of(mac),
            Written::Places => self.places_of(mac),
        }
        None
    }

    fn referring(&self, mac: &Macro, mentions: &BTreeSet<VarId>) -> Expr {
        let names = self.names();
        let bound = mentions.iter().map(|var| {
            let span = mentioned_at(mac.tokens.clone(), &names.internal(*var));
            let span = span.unwrap_or_else(|| names.get(*var).shown.span());
            let value = match is_given(mac, |ident| names.of(ident) == Some(*var)) {
                true => self.taken(*var, span),
                false => {
                    let place = self.placed(*var, span);
                    parse_quote_spanned!(mixed()=> &#place)
                }
            };
            (names.ident(*var, span), value)
        });
        bound_in(bound.collect(), mac)
    }

    fn values_of(&mut self, mac: &mut Macro) {
        if let Some(tokens) = arguments::rewritten(mac, |value| self.value(value)) {
            mac.tokens = tokens;
        }
    }

    fn places_of(&self, mac: &mut Macro) {
        let says = self.says(mac);
        let named = self.named_in_text(mac);
        mac.tokens = self.tokens(mac.tokens.clone());
        if named.is_empty() && says.is_none() {
            return;
        }
        let ends = matches!(mac.tokens.clone().into_iter().last(), Some(TokenTree::Punct(last)) if last.as_char() == ',');
        let comma = (!ends).then(|| quote_spanned!(mixed()=> ,));
        let named = named.into_iter().map(|var| {
            let span = self.names().get(var).shown.span();
            let (name, place) = (self.names().ident(var, span), self.placed(var, span));
            quote_spanned!(mixed()=> #name = #place)
        });
        mac.tokens.extend(quote_spanned!(mixed()=> #comma #says #(#named),*));
    }

    /// What `assert!(condition)` says is the condition as the user wrote it.
    fn says(&self, mac: &Macro) -> Option<TokenStream> {
        let asserts = ["assert", "debug_assert"].iter().any(|name| mac.path.is_ident(name));
        let (values, _) = arguments::read(mac).ok().filter(|_| asserts)?;
        let [condition] = &values[..] else { return None };
        Some(std_macros::failed(&std_macros::text(mac, &self.shown(condition.to_token_stream()), true)))
    }

    /// Tokens with the user's own names.
    fn shown(&self, tokens: TokenStream) -> TokenStream {
        let written = tokens.into_iter().map(|token| match token {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), self.shown(group.stream())))
            }
            TokenTree::Ident(ident) => match self.names().of(&ident) {
                Some(var) => TokenTree::Ident(self.names().get(var).shown.clone()),
                None => TokenTree::Ident(ident),
            },
            other => other,
        });
        written.collect()
    }

    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let written = tokens.into_iter().map(|token| match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner).into()
            }
            TokenTree::Ident(ident) => match self.names().of(&ident).filter(|var| self.is_on_loan(*var)) {
                Some(var) => self.placed(var, ident.span()).into_token_stream(),
                None => TokenTree::Ident(ident).into(),
            },
            other => other.into(),
        });
        written.collect()
    }

    /// `"{name}"` needs `name = (*place(&name))`.
    fn named_in_text(&self, mac: &Macro) -> BTreeSet<VarId> {
        let literals = mac.tokens.clone().into_iter().filter_map(|token| match token {
            TokenTree::Literal(literal) => Some(literal.to_string()),
            _ => None,
        });
        literals.flat_map(|text| self.names().in_text(&text)).filter(|var| self.is_on_loan(*var)).collect()
    }
}

/// `match (value, ..) { (name, ..) => call!(..) }`
pub(crate) fn bound_in(bound: Vec<(Ident, Expr)>, mac: &Macro) -> Expr {
    let (names, values): (Vec<_>, Vec<_>) = bound.into_iter().unzip();
    match (&names[..], &values[..]) {
        ([name], [value]) => parse_quote_spanned!(mixed()=> match #value { #name => #mac }),
        _ => parse_quote_spanned!(mixed()=> match (#(#values),*) { (#(#names),*) => #mac }),
    }
}

/// Where a name is first mentioned.
fn mentioned_at(tokens: TokenStream, name: &str) -> Option<Span> {
    let mut found = None;
    words_of(tokens, &mut |word, span| {
        if word == name {
            found.get_or_insert(span);
        }
    });
    found
}

/// The words of a macro's tokens that may be names, those in its texts too.
pub(crate) fn words_of(tokens: TokenStream, found: &mut dyn FnMut(&str, Span)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => words_of(group.stream(), found),
            TokenTree::Ident(ident) => found(&ident.to_string(), ident.span()),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let named = text.split('{').skip(1).filter_map(|after| walk::words(after).next());
                named.for_each(|word| found(word, literal.span()));
            }
            TokenTree::Punct(_) => {}
        }
    }
}
