//! A pattern that takes a variable apart tells that nothing of it is left to be dropped: so its type must have no `Drop`
//! impl of its own. rustc is asked, before the statement, wherever that matters later.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Ident, Pat, Stmt, parse_quote_spanned};

use crate::coverage;
use crate::flow::{Flow, Need};
use crate::input::mixed;
use crate::names::{Names, VarId};
use crate::segments::{JumpId, Op, Program, SegmentId};
use crate::types::Glue;
use crate::walk;

/// Asks rustc before each such pattern.
pub(crate) fn ask(program: &mut Program, flow: &Flow, names: &Names) {
    for id in program.order.clone() {
        let gone = gone_after(program, flow, names, id);
        if !gone.is_empty() {
            let asking = Asking { names, gone: &gone };
            asking.code(&mut program.segments[id.0].code);
        }
    }
}

/// The variables of which nothing is kept, or dropped, where a segment leads to.
fn gone_after(program: &Program, flow: &Flow, names: &Names, id: SegmentId) -> BTreeSet<VarId> {
    let mut gone = BTreeSet::new();
    Op::each(&program.get(id).code, &mut |op| {
        for to in program.targets(op) {
            let left = |var: &&VarId| !matches!(flow.need(names, to, **var), Need::Value | Need::Held);
            gone.extend(program.get(to).scope.iter().filter(left));
        }
        if let Op::End { var, id } = op
            && flow.absent(*id, *var)
        {
            gone.insert(*var);
        }
    });
    gone.retain(|var| names.get(*var).glue == Glue::Unknown);
    gone
}

struct Asking<'a> {
    names: &'a Names,
    gone: &'a BTreeSet<VarId>,
}

impl Asking<'_> {
    fn code(&self, code: &mut Vec<Op>) {
        for mut op in std::mem::take(code) {
            let mut taken = Taken { asking: self, vars: BTreeMap::new() };
            match &op {
                Op::Plain { stmt, .. } => taken.visit_stmt(stmt),
                Op::Match { scrutinee, arms } => {
                    arms.iter().for_each(|arm| taken.look(scrutinee, &arm.pat));
                }
                Op::LetElse { pat, value, .. } => taken.look(value, pat),
                _ => {}
            }
            op.values().into_iter().for_each(|value| taken.visit_expr(value));
            code.extend(taken.questions().map(|stmt| Op::Plain { stmt, id: JumpId::NOWHERE }));
            op.inner_mut().into_iter().for_each(|inner| self.code(inner));
            if let Op::Plain { stmt, .. } = &mut op {
                Blocks(self).visit_stmt_mut(stmt);
            }
            code.push(op);
        }
    }
}

/// The variables that a statement takes apart, its blocks aside.
struct Taken<'a> {
    asking: &'a Asking<'a>,
    /// Where each is matched.
    vars: BTreeMap<VarId, Span>,
}

impl Taken<'_> {
    fn look(&mut self, scrutinee: &Expr, pat: &Pat) {
        let var = walk::local(self.asking.names, scrutinee).filter(|var| self.asking.gone.contains(var));
        let var = var.filter(|_| coverage::needs_check(pat));
        self.vars.extend(var.map(|var| (var, scrutinee.span())));
    }

    fn questions(self) -> impl Iterator<Item = Stmt> {
        self.vars.into_iter().map(|(var, span)| {
            let (name, whole) =
                (self.asking.names.ident(var, span), Ident::new("whole", mixed().located_at(span)));
            parse_quote_spanned!(mixed()=> ::segue::machine::Apart(&#name).#whole();)
        })
    }
}

impl<'ast> Visit<'ast> for Taken<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        local.init.iter().for_each(|init| self.look(&init.expr, &local.pat));
        visit::visit_local(self, local);
    }

    fn visit_expr_let(&mut self, condition: &'ast syn::ExprLet) {
        self.look(&condition.expr, &condition.pat);
        visit::visit_expr_let(self, condition);
    }

    fn visit_expr_match(&mut self, select: &'ast syn::ExprMatch) {
        select.arms.iter().for_each(|arm| self.look(&select.expr, &arm.pat));
        visit::visit_expr_match(self, select);
    }

    fn visit_block(&mut self, _: &'ast Block) {}
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Asks in the blocks of a statement.
struct Blocks<'a>(&'a Asking<'a>);

impl VisitMut for Blocks<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            let mut taken = Taken { asking: self.0, vars: BTreeMap::new() };
            taken.visit_stmt(&stmt);
            block.stmts.extend(taken.questions());
            visit_mut::visit_stmt_mut(self, &mut stmt);
            block.stmts.push(stmt);
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
