//! Statements whose value is let go: `if c { Some(x) } else { None };`.
//!
//! The value of a branch is dropped when the branch's own variables have been, and its type is that of
//! the other branches. So it goes to a variable, where there may be anything to drop or to infer.

use syn::visit::{self, Visit};
use syn::{Block, Expr, Macro, Stmt, parse_quote_spanned};

use crate::frames::Extent;
use crate::input::mixed;
use crate::normalise::Normaliser;
use crate::operands::is_assignment;
use crate::suspension::{self, Wait};
use crate::tree::{Dest, Node};
use crate::walk::{self, bindings};

impl Normaliser<'_> {
    /// Evaluates a statement whose value ends with it.
    pub(crate) fn valued_statement(&mut self, expr: Expr, out: &mut Vec<Node>) {
        let var = self.names.temporary("value", true);
        let mut body = Vec::new();
        let dest = Dest::Var { var: var.clone(), mutable: true, ty: None };
        self.into(expr, Extent::Statement, &dest, &mut body);
        // Named, it is of one type on all ways.
        body.push(Node::Plain(parse_quote_spanned!(mixed()=> ::segue::machine::end(#var);)));
        out.push(Node::Scope { body, label: None, result: None, unsafety: None });
    }

    /// May this control flow have a value that matters where it is dropped?
    pub(crate) fn lets_value_go(&self, construct: &Expr) -> bool {
        self.construct_gives(construct, false)
    }

    /// `beside`: there are variables that are dropped before the value.
    fn construct_gives(&self, construct: &Expr, beside: bool) -> bool {
        match construct {
            Expr::If(branch) => branch.else_branch.as_ref().is_some_and(|(_, other)| {
                self.block_gives(&branch.then_branch, beside) || self.construct_gives(other, beside)
            }),
            Expr::Match(select) => select.arms.iter().any(|arm| {
                let binds = !bindings(self.names, &arm.pat).is_empty();
                self.gives(&arm.body, beside || binds)
            }),
            Expr::Block(block) => {
                let breaks = block.label.is_some() && breaks_with_value(construct);
                breaks || self.block_gives(&block.block, beside)
            }
            Expr::Unsafe(block) => self.block_gives(&block.block, beside),
            Expr::Loop(_) => breaks_with_value(construct),
            Expr::Paren(inner) => self.construct_gives(&inner.expr, beside),
            _ => false,
        }
    }

    fn block_gives(&self, block: &Block, beside: bool) -> bool {
        let beside = beside || block.stmts.iter().any(|stmt| matches!(stmt, Stmt::Local(_)));
        match block.stmts.last() {
            Some(Stmt::Expr(tail, None)) => self.gives(tail, beside),
            Some(Stmt::Macro(tail)) => beside && tail.semi_token.is_none() && makes_value(&tail.mac),
            _ => false,
        }
    }

    fn gives(&self, value: &Expr, beside: bool) -> bool {
        match value {
            _ if walk::leaves(value) => false,
            Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::Loop(_)
            | Expr::Paren(_) => self.construct_gives(value, beside),
            Expr::Lit(_) | Expr::Assign(_) | Expr::While(_) | Expr::ForLoop(_) => false,
            Expr::Binary(binary) => beside && !is_assignment(&binary.op),
            Expr::Yield(_) if suspension::of(value) == Some(Wait::Yield) => beside && !self.sends_plain(),
            Expr::Call(call) => beside || is_variant(&call.func),
            Expr::Path(_) => match walk::local(self.names, value) {
                Some(var) => beside && !self.names.get(var).glue.is_none(),
                None => is_variant(value),
            },
            Expr::Macro(call) => beside && makes_value(&call.mac),
            _ => beside,
        }
    }
}

/// By Rust's naming conventions a variant of an enum, or a struct: its type may have to be inferred.
fn is_variant(expr: &Expr) -> bool {
    let Expr::Path(path) = expr else { return false };
    let last = path.path.segments.last().map(|segment| segment.ident.to_string());
    last.is_some_and(|last| last.starts_with(char::is_uppercase))
}

/// A macro that gives something to drop: most others are statements.
fn makes_value(mac: &Macro) -> bool {
    ["vec", "format", "dbg"].iter().any(|name| mac.path.is_ident(name))
}

fn breaks_with_value(expr: &Expr) -> bool {
    struct Breaks(bool);
    impl Visit<'_> for Breaks {
        fn visit_expr(&mut self, expr: &Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
                Expr::Break(syn::ExprBreak { expr: Some(_), .. }) => self.0 = true,
                _ => visit::visit_expr(self, expr),
            }
        }
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut breaks = Breaks(false);
    breaks.visit_expr(expr);
    breaks.0
}
