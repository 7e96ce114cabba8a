//! Refuses to leave from the middle of an expression with a value that is made with temporaries.
//!
//! `f(a, g(return &make().part).await)` drops what is made after `a`, which was evaluated before it: Rust ends operands
//! before temporaries. In the machine such an operand may be a variable, which ends later.

use syn::visit::{self, Visit};
use syn::{Block, Expr, Stmt};

use crate::error::Errors;
use crate::input::Function;
use crate::normalise::is_lazy;
use crate::operands;
use crate::walk;

pub(crate) fn check(function: &Function) -> syn::Result<()> {
    let mut finder = Finder { is_operand: false, errors: Errors::default() };
    finder.visit_block(&function.body);
    finder.errors.finish()
}

struct Finder {
    /// What stands here is evaluated for an expression around it, in whose temporaries' scope it is.
    is_operand: bool,
    errors: Errors,
}

impl Finder {
    fn within(&mut self, is_operand: bool, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.is_operand, is_operand);
        visit(self);
        self.is_operand = outer;
    }

    fn leaves_with(&mut self, leaving: &Expr, value: Option<&Expr>) {
        if self.is_operand && value.is_some_and(operands::makes_temporaries) {
            self.errors.at(
                leaving,
                "this leaves from the middle of an expression that suspends, with a value that is made with temporaries; \
                 bind what is evaluated before to names, or leave in a statement of its own",
            );
        }
    }
}

impl Visit<'_> for Finder {
    fn visit_block(&mut self, block: &Block) {
        self.within(false, |finder| visit::visit_block(finder, block));
    }

    fn visit_stmt(&mut self, stmt: &Stmt) {
        if walk::stmt_suspends(stmt) {
            visit::visit_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Return(leaving) => self.leaves_with(expr, leaving.expr.as_deref()),
            Expr::Break(leaving) => self.leaves_with(expr, leaving.expr.as_deref()),
            _ => {}
        }
        match expr {
            Expr::Paren(inner) => self.visit_expr(&inner.expr),
            Expr::Group(inner) => self.visit_expr(&inner.expr),
            Expr::Match(select) => {
                self.within(true, |finder| finder.visit_expr(&select.expr));
                self.within(false, |finder| select.arms.iter().for_each(|arm| finder.visit_expr(&arm.body)));
            }
            Expr::Binary(lazy) if is_lazy(&lazy.op) => {
                self.within(true, |finder| finder.visit_expr(&lazy.left));
                self.within(false, |finder| finder.visit_expr(&lazy.right));
            }
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            expr => self.within(true, |finder| visit::visit_expr(finder, expr)),
        }
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}
