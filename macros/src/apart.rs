//! Marks the constructs that move a variable on one way through them and not on another, while it
//! lives on to a suspension: what was moved must be known there.
//!
//! rustc keeps a flag for such a variable. Here the ways meet in a segment of their own, which is
//! told by each of them: a marked construct is lowered whether it suspends or not.

use std::collections::BTreeSet;

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, Item, Stmt, parse_quote_spanned};

use crate::flow;
use crate::input::{Function, mixed};
use crate::names::{Names, VarId};
use crate::walk::{self, After, block_suspends};

const MARK: &str = "segue_apart";

/// Is this construct marked?
pub(crate) fn is_marked(expr: &Expr) -> bool {
    match expr {
        Expr::Block(construct) => has_mark(&construct.attrs),
        Expr::Unsafe(construct) => has_mark(&construct.attrs),
        Expr::If(construct) => has_mark(&construct.attrs),
        Expr::Match(construct) => has_mark(&construct.attrs),
        Expr::Binary(construct) => has_mark(&construct.attrs),
        Expr::Loop(construct) => has_mark(&construct.attrs),
        Expr::While(construct) => has_mark(&construct.attrs),
        Expr::ForLoop(construct) => has_mark(&construct.attrs),
        _ => false,
    }
}

pub(crate) fn has_mark(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident(MARK))
}

/// Of the variables in `again`, which are assigned to later, it must be known as well.
pub(crate) fn mark(function: &mut Function, names: &Names, again: &BTreeSet<VarId>) {
    let mut marker = Marker { names, again, later: Vec::new() };
    marker.visit_block_mut(&mut function.body);
}

/// What follows a construct.
struct Later {
    named: BTreeSet<VarId>,
    suspends: bool,
    /// How many suspensions there are in the construct's own statement.
    beside: usize,
}

struct Marker<'a> {
    names: &'a Names,
    again: &'a BTreeSet<VarId>,
    /// What follows the statement at hand, for each block and loop around it.
    later: Vec<Later>,
}

impl Marker<'_> {
    fn mark(&self, construct: &Expr) -> Option<Attribute> {
        let inside = walk::suspensions(construct);
        if !self.later.iter().any(|later| later.suspends || later.beside > inside) {
            return None;
        }
        let named_later = |var: &VarId| self.later.iter().any(|later| later.named.contains(var));
        let moved = flow::moved_in_branches(self.names, construct);
        let unclear = moved.iter().any(|var| !named_later(var) || self.again.contains(var))
            || self.assigns_again(construct);
        unclear.then(marker)
    }

    fn assigns_again(&self, construct: &Expr) -> bool {
        !walk::assigned_in(self.names, construct).is_disjoint(self.again)
    }

    /// A loop: what follows its body is its next round.
    fn around(&mut self, body: &Block, walk: impl FnOnce(&mut Self)) {
        self.later.push(Later { named: BTreeSet::new(), suspends: block_suspends(body), beside: 0 });
        walk(self);
        self.later.pop();
    }
}

fn marker() -> Attribute {
    let mark = syn::Ident::new(MARK, mixed());
    parse_quote_spanned!(mixed()=> #[#mark])
}

impl VisitMut for Marker<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let after_each = walk::after_each(self.names, &block.stmts);
        for (stmt, After { named, suspends }) in block.stmts.iter_mut().zip(after_each) {
            let beside = match &*stmt {
                Stmt::Expr(expr, _) => walk::suspensions(expr),
                Stmt::Local(local) => local.init.as_ref().map_or(0, |init| walk::suspensions(&init.expr)),
                _ => 0,
            };
            self.later.push(Later { named, suspends, beside });
            self.visit_stmt_mut(stmt);
            self.later.pop();
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if matches!(expr, Expr::Closure(_) | Expr::Async(_) | Expr::Const(_)) {
            return;
        }
        let mark = match expr {
            Expr::If(_) | Expr::Match(_) | Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => {
                self.mark(expr)
            }
            Expr::Block(_) | Expr::Unsafe(_) if self.assigns_again(expr) => Some(marker()),
            Expr::Binary(binary) if crate::normalise::is_lazy(&binary.op) => self.mark(expr),
            _ => None,
        };
        match expr {
            Expr::Block(construct) => construct.attrs.extend(mark),
            Expr::Unsafe(construct) => construct.attrs.extend(mark),
            Expr::If(construct) => construct.attrs.extend(mark),
            Expr::Match(construct) => construct.attrs.extend(mark),
            Expr::Binary(construct) => construct.attrs.extend(mark),
            Expr::Loop(construct) => {
                construct.attrs.extend(mark);
                let body = construct.body.clone();
                return self.around(&body, |marker| visit_mut::visit_expr_loop_mut(marker, construct));
            }
            Expr::While(construct) => {
                construct.attrs.extend(mark);
                let body = construct.body.clone();
                return self.around(&body, |marker| visit_mut::visit_expr_while_mut(marker, construct));
            }
            Expr::ForLoop(construct) => {
                construct.attrs.extend(mark);
                let body = construct.body.clone();
                return self.around(&body, |marker| visit_mut::visit_expr_for_loop_mut(marker, construct));
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
