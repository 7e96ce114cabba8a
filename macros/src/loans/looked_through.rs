//! Whether a variable, a `&mut` argument, is used only for what it refers to.

use syn::Expr;
use syn::visit::{self, Visit};

use crate::arguments;
use crate::names::{Names, VarId};
use crate::segments::{Op, Program};
use crate::walk::{self, Mentions};

/// Is a variable used only for what it refers to?
pub(super) fn is_only_looked_through(program: &Program, names: &Names, var: VarId) -> bool {
    let mut looked = LookedThrough { names, var, only: true };
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Plain { stmt, .. } = op {
                looked.visit_stmt(stmt);
            }
            op.values().into_iter().for_each(|value| looked.visit_expr(value));
        });
    }
    looked.only
}

struct LookedThrough<'a> {
    names: &'a Names,
    var: VarId,
    only: bool,
}

impl LookedThrough<'_> {
    fn is(&self, expr: &Expr) -> bool {
        walk::local(self.names, expr) == Some(self.var)
    }

    /// What is given to a call is borrowed again, and not the variable.
    fn arguments<'e>(&mut self, args: impl IntoIterator<Item = &'e Expr>) {
        for arg in args {
            if !self.is(arg) {
                self.visit_expr(arg);
            }
        }
    }
}

impl Visit<'_> for LookedThrough<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Field(field) if self.is(&field.base) => {}
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) && self.is(&unary.expr) => {}
            Expr::Index(index) if self.is(&index.expr) => self.visit_expr(&index.index),
            // Which method it is depends on whether a `&mut T` is called, or a `T`.
            Expr::MethodCall(call) => {
                self.visit_expr(&call.receiver);
                self.arguments(&call.args);
            }
            Expr::Call(call) => {
                self.visit_expr(&call.func);
                self.arguments(&call.args);
            }
            _ if self.is(expr) => self.only = false,
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &syn::Macro) {
        self.only &= match arguments::read(mac) {
            Ok((values, _)) if arguments::only_looks(mac) => {
                values.iter().for_each(|value| self.visit_expr(value));
                self.only
            }
            _ => {
                let mut mentions = Mentions::new(self.names);
                mentions.visit_macro(mac);
                !mentions.found.contains(&self.var)
            }
        };
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}
