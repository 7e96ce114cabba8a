//! Large arrays that an awaited future borrows live in a box.
//!
//! What a future borrows goes [along](crate::lend) into it and comes back with its output: of an array that would be a copy
//! of all of it, twice for each `await`.
//!
//! ```text
//! let mut buf = [0; 65536];                  let mut buf = ::segue::machine::boxed([0; 65536]);
//! while socket.read(&mut buf).await? > 0     while socket.read(&mut (*buf)).await? > 0
//! ```
//!
//! Only where the array is looked at and changed in its place: a copy of it stays one.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Local, Pat, parse_quote_spanned};

use crate::in_place;
use crate::input::{Function, Kind, first_span, mixed};
use crate::names::{Names, VarId};
use crate::places::macros::words_of;
use crate::receivers::only_looks;
use crate::rests;
use crate::types::Glue;
use crate::walk;

/// Shorter arrays go along.
const LARGE: usize = 4096;

/// Puts them into boxes.
pub(crate) fn write(function: &mut Function, names: &mut Names) {
    if !rests::ARE_KEPT || matches!(function.kind, Kind::Generator { .. }) {
        return;
    }
    let chosen = chosen(&function.body, names);
    if chosen.is_empty() {
        return;
    }
    chosen.iter().for_each(|var| names.set_glue(*var, Glue::Unknown));
    Boxes { names, chosen }.visit_block_mut(&mut function.body);
}

/// The arrays that an awaited future borrows and that are named nowhere but where they are looked at in their place.
fn chosen(body: &Block, names: &Names) -> BTreeSet<VarId> {
    let mut uses =
        Uses { names, awaited: false, declared: BTreeSet::new(), lent: BTreeSet::new(), looks: Vec::new() };
    uses.visit_block(body);
    let Uses { declared, lent, looks, .. } = uses;
    let lent: Vec<VarId> = declared.intersection(&lent).copied().collect();
    if lent.is_empty() {
        return BTreeSet::new();
    }
    // In closures and in macros too, and in their texts.
    let mut named = Vec::new();
    words_of(body.to_token_stream(), &mut |word, _| named.extend(names.entry(word).map(|(var, _)| var)));
    let count = |vars: &[VarId], var: VarId| vars.iter().filter(|other| **other == var).count();
    // Once it is named where it is declared.
    lent.into_iter().filter(|var| count(&named, *var) == count(&looks, *var) + 1).collect()
}

/// How variables are used.
struct Uses<'a> {
    names: &'a Names,
    /// Within what is awaited.
    awaited: bool,
    /// Those that are declared as large arrays.
    declared: BTreeSet<VarId>,
    /// Those that something awaited borrows.
    lent: BTreeSet<VarId>,
    /// Those that are borrowed, or of which an element is named, each time.
    looks: Vec<VarId>,
}

impl Uses<'_> {
    /// `true` if the place is a variable, or an element of one.
    fn look(&mut self, place: &Expr) -> bool {
        let Some(var) = walk::local(self.names, place) else { return false };
        self.looks.push(var);
        if self.awaited {
            self.lent.insert(var);
        }
        true
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_local(&mut self, local: &'ast Local) {
        self.declared.extend(declares(local, self.names));
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Await(awaited) => {
                let around = std::mem::replace(&mut self.awaited, true);
                self.visit_expr(&awaited.base);
                self.awaited = around;
            }
            Expr::Reference(reference) if self.look(&reference.expr) => {}
            Expr::Index(index) if self.look(&index.expr) => self.visit_expr(&index.index),
            Expr::MethodCall(call) if only_looks(&call.method) && self.look(&call.receiver) => {
                call.args.iter().for_each(|arg| self.visit_expr(arg));
            }
            // They capture the variable, or are functions of their own.
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// `let mut buf = [0; N];`
fn declares(local: &Local, names: &Names) -> Option<VarId> {
    let Pat::Ident(_) = &local.pat else { return None };
    let (var, length) = in_place::declares(local, names)?;
    in_place::known(length).is_none_or(|length| length > LARGE).then_some(var)
}

/// Makes the boxes, and writes the variables as what is in them.
struct Boxes<'a> {
    names: &'a Names,
    chosen: BTreeSet<VarId>,
}

impl VisitMut for Boxes<'_> {
    fn visit_local_mut(&mut self, local: &mut Local) {
        visit_mut::visit_local_mut(self, local);
        if declares(local, self.names).is_some_and(|var| self.chosen.contains(&var))
            && let Some(init) = &mut local.init
        {
            let array = &init.expr;
            *init.expr = parse_quote_spanned!(mixed()=> ::segue::machine::boxed(#array));
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if walk::local(self.names, expr).is_some_and(|var| self.chosen.contains(&var)) {
            *expr = parse_quote_spanned!(mixed().located_at(first_span(&*expr))=> (*#expr));
        } else {
            visit_mut::visit_expr_mut(self, expr);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
