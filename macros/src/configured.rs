//! `cfg` in a body: the states depend on what is there, and only rustc knows that. So it is asked by two functions.
//!
//! ```text
//! #[segue::coroutine]             #[cfg(unix)] #[::segue::coroutine]
//! async fn f() {                  async fn f() { g().await; }
//!     #[cfg(unix)]
//!     g().await;                  #[cfg(not(unix))] #[::segue::coroutine]
//! }                               async fn f() {}
//! ```
//!
//! One condition at a time: of the two rustc expands the one that is there, which has the conditions that are left.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Item, LitBool, Meta, Stmt, Token};

use crate::input::{attributes, mixed};
use crate::walk;

/// The two functions in place of one with a `cfg` in its body.
pub(crate) fn both(arguments: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let mut head: Vec<TokenTree> = item.clone().into_iter().collect();
    let body = match head.pop() {
        Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => body,
        _ => return None,
    };
    let is_cfg = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "cfg");
    if !walk::mentions_any(body.stream(), &is_cfg) {
        return None;
    }
    let block: Block = syn::parse2(TokenTree::Group(body.clone()).into()).ok()?;
    let mut conditions = Conditions { known: None, first: None };
    conditions.visit_block_mut(&mut block.clone());
    let condition = conditions.first?;
    let head: TokenStream = head.into_iter().collect();
    let function = |when: TokenStream, holds: bool| {
        let mut block = block.clone();
        let known = Some(Known::new(&condition, holds));
        Conditions { known, first: None }.visit_block_mut(&mut block);
        let stmts = block.stmts;
        let mut written = Group::new(Delimiter::Brace, quote!(#(#stmts)*));
        written.set_span(body.span());
        quote_spanned!(mixed()=> #[cfg(#when)] #[::segue::coroutine(#arguments)] #head #written)
    };
    let (one, other) = (function(condition.clone(), true), function(quote!(not(#condition)), false));
    Some(quote!(#one #other))
}

/// A condition of which is known whether it holds, and its opposite.
struct Known {
    condition: String,
    opposite: String,
    holds: bool,
}

impl Known {
    fn new(condition: &TokenStream, holds: bool) -> Known {
        let opposite = quote!(not(#condition)).to_string();
        Known { condition: condition.to_string(), opposite, holds }
    }

    fn says(&self, condition: &TokenStream) -> Option<bool> {
        let condition = condition.to_string();
        if condition == self.condition {
            Some(self.holds)
        } else {
            (condition == self.opposite).then_some(!self.holds)
        }
    }
}

/// Takes out what isn't there by a known condition; finds the first that isn't known.
struct Conditions {
    known: Option<Known>,
    first: Option<TokenStream>,
}

impl Conditions {
    /// Is what has these attributes there?
    fn there(&mut self, attrs: &mut Vec<Attribute>) -> bool {
        let mut there = true;
        attrs.retain(|attr| {
            let Some(condition) = condition(attr) else { return true };
            let said = self.known.as_ref().and_then(|known| known.says(&condition));
            there &= said != Some(false);
            if said.is_none() {
                self.first.get_or_insert(condition);
            }
            said.is_none()
        });
        there
    }

    fn retain<T>(&mut self, fields: &mut Punctuated<T, Token![,]>, attrs: fn(&mut T) -> &mut Vec<Attribute>) {
        let there = std::mem::take(fields).into_pairs();
        *fields = there.filter_map(|mut pair| self.there(attrs(pair.value_mut())).then_some(pair)).collect();
    }

    fn stmt(&mut self, stmt: Stmt) -> Option<Stmt> {
        let parsed = attributes.parse2(stmt.to_token_stream());
        let Ok((mut attrs, rest)) = parsed else { return Some(stmt) };
        let before = attrs.len();
        if !self.there(&mut attrs) {
            return None;
        }
        if attrs.len() == before {
            return Some(stmt);
        }
        let written = Block::parse_within.parse2(quote!(#(#attrs)* #rest));
        written.ok().and_then(|mut stmts| stmts.pop())
    }
}

/// What stands in a `#[cfg(..)]`, if it is a condition. If not, rustc tells.
fn condition(attr: &Attribute) -> Option<TokenStream> {
    let list = attr.meta.require_list().ok()?;
    let is_condition = attr.parse_args::<Meta>().is_ok() || attr.parse_args::<LitBool>().is_ok();
    (attr.path().is_ident("cfg") && is_condition).then(|| list.tokens.clone())
}

impl VisitMut for Conditions {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let stmts = std::mem::take(&mut block.stmts);
        // An item may have its condition.
        let there = |stmt| if matches!(stmt, Stmt::Item(_)) { Some(stmt) } else { self.stmt(stmt) };
        block.stmts = stmts.into_iter().filter_map(there).collect();
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_match_mut(&mut self, select: &mut syn::ExprMatch) {
        select.arms.retain_mut(|arm| self.there(&mut arm.attrs));
        visit_mut::visit_expr_match_mut(self, select);
    }

    fn visit_expr_struct_mut(&mut self, literal: &mut syn::ExprStruct) {
        self.retain(&mut literal.fields, |field| &mut field.attrs);
        visit_mut::visit_expr_struct_mut(self, literal);
    }

    fn visit_pat_struct_mut(&mut self, pat: &mut syn::PatStruct) {
        self.retain(&mut pat.fields, |field| &mut field.attrs);
        visit_mut::visit_pat_struct_mut(self, pat);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
