//! What an expression may use up.
//!
//! Without types a `client.subscribe(channel)` may take `client`, or only look at it. What is here *may* be taken; what isn't
//! is only looked at.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{Expr, Macro};

use crate::names::{Names, VarId};
use crate::segments::Op;
use crate::walk::{self, Mentions};
use crate::{arguments, receivers};

/// Finds the variables that an expression may use up, or only look at.
pub(crate) struct Used<'a> {
    names: &'a Names,
    /// Those on loan too.
    any: bool,
    found: BTreeSet<VarId>,
}

impl<'a> Used<'a> {
    pub(crate) fn up_by(names: &'a Names, expr: &Expr) -> BTreeSet<VarId> {
        let mut used = Used { names, any: false, found: BTreeSet::new() };
        used.visit_expr(expr);
        used.found
    }

    /// The same for an operation and those inside it, whether the variables are on loan or not.
    pub(crate) fn up_by_op(names: &'a Names, op: &Op) -> BTreeSet<VarId> {
        let mut used = Used { names, any: true, found: BTreeSet::new() };
        Op::each(std::slice::from_ref(op), &mut |op| {
            if let Op::Plain { stmt, .. } = op {
                used.visit_stmt(stmt);
            }
            op.values().into_iter().for_each(|value| used.visit_expr(value));
        });
        used.found
    }

    /// What is here may be taken, if it is a place.
    fn place(&mut self, expr: &Expr) {
        match walk::root(self.names, expr) {
            Some(var) => drop(self.found.insert(var)),
            None => self.visit_expr(expr),
        }
    }

    /// Nothing is taken here, if it is a place.
    fn looked_at(&mut self, expr: &Expr) {
        if walk::root(self.names, expr).is_none() {
            self.visit_expr(expr);
        }
    }
}

impl<'ast> Visit<'ast> for Used<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.found.extend(local.init.iter().filter_map(|init| walk::root(self.names, &init.expr)));
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::MethodCall(call) => {
                let on_loan = |var| self.names.on_loan(var) && !self.any;
                if walk::local(self.names, &call.receiver).is_some_and(on_loan) {
                    // It tells where the value is, or has been told that the value is taken.
                } else if receivers::only_looks(&call.method) {
                    self.looked_at(&call.receiver);
                } else {
                    self.place(&call.receiver);
                }
                call.args.iter().for_each(|arg| self.visit_expr(arg));
            }
            // What is called may be an `FnOnce`, unless it is a closure that is known.
            Expr::Call(call) => {
                match walk::local(self.names, &call.func) {
                    Some(var) if self.names.get(var).closure.is_some() => {}
                    Some(var) => drop(self.found.insert(var)),
                    None => self.visit_expr(&call.func),
                }
                call.args.iter().for_each(|arg| self.visit_expr(arg));
            }
            Expr::Reference(reference) => self.looked_at(&reference.expr),
            Expr::Binary(binary) => {
                self.looked_at(&binary.left);
                self.looked_at(&binary.right);
            }
            Expr::Index(index) => {
                self.looked_at(&index.expr);
                self.visit_expr(&index.index);
            }
            Expr::Assign(assign) => {
                self.looked_at(&assign.left);
                self.visit_expr(&assign.right);
            }
            Expr::Field(field) => self.place(&field.base),
            Expr::Match(select) => {
                self.place(&select.expr);
                select.arms.iter().for_each(|arm| self.visit_arm(arm));
            }
            Expr::Let(condition) => self.place(&condition.expr),
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        if arguments::only_looks(mac) {
            arguments::of(mac).iter().for_each(|argument| self.looked_at(argument));
            return;
        }
        let mut mentions = Mentions::new(self.names);
        mentions.visit_macro(mac);
        self.found.extend(mentions.found);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
