//! What a closure that moves takes of the variables around it.
//!
//! Since the edition of 2021 it takes the places that its body names, not the variables: what `move || held.0` leaves of `held` is
//! dropped where `held` ends.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Local, Macro, Pat};

use crate::arguments;
use crate::coverage::{self, Taken};
use crate::edition;
use crate::names::{Names, VarId};
use crate::walk;

/// How a variable goes into a closure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Captured {
    /// By a pattern that takes all that it is made of.
    Apart,
    /// By some of its fields.
    Part,
    Whole,
}

/// The variables that go into a closure, and where they are named in it.
pub(crate) type Moved = BTreeMap<VarId, (Captured, Span)>;

/// What a closure of this body takes that moves.
pub(crate) fn moved_into(names: &Names, body: &Expr) -> Moved {
    let mut finder = Finder { names, moved: Moved::new() };
    finder.visit_expr(body);
    if !edition::captures_parts() {
        finder.moved.values_mut().for_each(|(captured, _)| *captured = Captured::Whole);
    }
    finder.moved
}

struct Finder<'a> {
    names: &'a Names,
    moved: Moved,
}

impl Finder<'_> {
    fn takes(&mut self, var: VarId, captured: Captured, span: Span) {
        let known = self.moved.entry(var).or_insert((captured, span));
        if known.0 < captured {
            *known = (captured, span);
        }
    }

    /// A place, some fields into a variable or an expression.
    fn place(&mut self, expr: &Expr, captured: Captured) {
        match expr {
            Expr::Field(field) => self.place(&field.base, Captured::Part),
            Expr::Paren(inner) => self.place(&inner.expr, captured),
            Expr::Group(inner) => self.place(&inner.expr, captured),
            expr => match walk::local(self.names, expr) {
                Some(var) => self.takes(var, captured, expr.span()),
                None => self.visit_expr(expr),
            },
        }
    }

    /// What these patterns are matched with, one of which may not match.
    fn looked_at<'p>(&mut self, scrutinee: &Expr, pats: impl Iterator<Item = &'p Pat> + Clone) {
        let variants = pats.clone().filter_map(variant).collect::<Vec<_>>();
        // Of an enum of several variants it has to know which one it is.
        let several = variants.iter().any(|name| *name != variants[0]) || pats.clone().any(tells_variant);
        let captured = match several {
            true => Some(Captured::Whole),
            false => pats.filter_map(by_pattern).max(),
        };
        match captured {
            Some(captured) => self.place(scrutinee, captured),
            None if walk::local(self.names, scrutinee).is_some() && edition::captures_parts() => {}
            None => self.place(scrutinee, Captured::Part),
        }
    }

    /// Names in a macro that isn't read.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    for var in self.names.in_text(&literal.to_string()) {
                        self.takes(var, Captured::Whole, literal.span());
                    }
                }
                TokenTree::Ident(ident) => {
                    let captured =
                        if is_field(&tokens[index + 1..]) { Captured::Part } else { Captured::Whole };
                    self.names.of(ident).into_iter().for_each(|var| self.takes(var, captured, ident.span()));
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
}

impl Visit<'_> for Finder<'_> {
    fn visit_local(&mut self, local: &Local) {
        match &local.init {
            Some(init) if init.diverge.is_some() => {
                self.looked_at(&init.expr, std::iter::once(&local.pat));
            }
            Some(init) => match by_pattern(&local.pat) {
                Some(captured) => self.place(&init.expr, captured),
                None => self.looked_at(&init.expr, std::iter::empty()),
            },
            None => {}
        }
        if let Some((_, diverge)) = local.init.as_ref().and_then(|init| init.diverge.as_ref()) {
            self.visit_expr(diverge);
        }
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(_) | Expr::Field(_) => match walk::root(self.names, expr) {
                Some(_) => self.place(expr, Captured::Whole),
                None => visit::visit_expr(self, expr),
            },
            Expr::Let(condition) => self.looked_at(&condition.expr, std::iter::once(&*condition.pat)),
            Expr::Match(select) => {
                self.looked_at(&select.expr, select.arms.iter().map(|arm| &arm.pat));
                select.arms.iter().for_each(|arm| self.visit_arm(arm));
            }
            Expr::Struct(literal) => {
                literal.fields.iter().for_each(|field| self.visit_expr(&field.expr));
                literal.rest.iter().for_each(|rest| self.place(rest, Captured::Part));
            }
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &Macro) {
        let reads = arguments::only_looks(mac) || arguments::takes(mac);
        match arguments::read(mac) {
            Ok((values, _)) if reads => {
                values.iter().for_each(|value| self.visit_expr(value));
                let texts = mac.tokens.clone().into_iter();
                self.tokens(texts.filter(|token| matches!(token, TokenTree::Literal(_))).collect());
            }
            _ => self.tokens(mac.tokens.clone()),
        }
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}

/// `.name` or `.0`, and no call of a method.
fn is_field(after: &[TokenTree]) -> bool {
    let is_dot = |token: &TokenTree| matches!(token, TokenTree::Punct(dot) if dot.as_char() == '.');
    let is_call = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
    match after {
        [dot, TokenTree::Literal(_), ..] => is_dot(dot),
        [dot, TokenTree::Ident(_), rest @ ..] => is_dot(dot) && !rest.first().is_some_and(is_call),
        _ => false,
    }
}

/// What a pattern captures of the variable that it matches; `_` nothing.
fn by_pattern(pat: &Pat) -> Option<Captured> {
    match pat {
        Pat::Wild(_) => None,
        Pat::Type(typed) => by_pattern(&typed.pat),
        Pat::Paren(inner) => by_pattern(&inner.pat),
        Pat::Guard(guarded) => by_pattern(&guarded.pat),
        Pat::Tuple(_) | Pat::TupleStruct(_) | Pat::Struct(_) => {
            let all = coverage::moves(pat) && coverage::taken(pat) == Taken::All;
            Some(match all {
                true if coverage::needs_check(pat) => Captured::Apart,
                true => Captured::Whole,
                false => Captured::Part,
            })
        }
        Pat::Or(or) => or.cases.iter().filter_map(by_pattern).max(),
        // Where it is all that there is, nothing is looked at.
        Pat::Path(_) => Some(Captured::Part),
        Pat::Ident(ident) if coverage::constant(&ident.ident) => Some(Captured::Part),
        Pat::Slice(slice) if slice.elems.iter().all(|elem| by_pattern(elem).is_none()) => {
            Some(Captured::Part)
        }
        _ => Some(Captured::Whole),
    }
}

/// The last name of a constructor.
fn variant(pat: &Pat) -> Option<String> {
    let path = match pat {
        Pat::TupleStruct(tuple) => &tuple.path,
        Pat::Struct(structure) => &structure.path,
        Pat::Path(path) => &path.path,
        Pat::Paren(inner) => return variant(&inner.pat),
        Pat::Or(or) => return or.cases.first().and_then(variant),
        _ => return None,
    };
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// Is the constructor surely one of several? One of the user's may be a struct's, or an enum's only one, where the pattern can't fail.
fn tells_variant(pat: &Pat) -> bool {
    match pat {
        Pat::TupleStruct(tuple) => coverage::is_of_std(&tuple.path),
        Pat::Ident(ident) => ident.ident == "None",
        Pat::Paren(inner) => tells_variant(&inner.pat),
        Pat::Or(or) => or.cases.iter().any(tells_variant),
        _ => false,
    }
}
