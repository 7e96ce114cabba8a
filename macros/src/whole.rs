//! Code tells of some variables that nothing of them is left to be dropped: a pattern takes them apart, a closure takes what it names
//! of them, or a method unwraps them. So their types must have no `Drop` impl of their own, or no fields, or be what std's method is of.
//! rustc is asked, before the statement, wherever that matters later.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Ident, Macro, Pat, Stmt, parse_quote_spanned};

use crate::arguments;
use crate::capturing::{self, Captured};
use crate::coverage;
use crate::flow::{Flow, Need};
use crate::input::mixed;
use crate::names::{Names, VarId};
use crate::receivers;
use crate::segments::{JumpId, Op, Program, SegmentId};
use crate::types::Glue;
use crate::walk;

/// Asks rustc before each such statement.
pub(crate) fn ask(program: &mut Program, flow: &Flow, names: &Names) {
    for id in program.order.clone() {
        let gone = gone_after(program, flow, names, id);
        if !gone.is_empty() {
            let asking = Asking { names, gone: &gone };
            asking.code(&mut program.segments[id.0].code);
        }
    }
}

/// What is to be asked about these variables, which a closure takes.
pub(crate) fn of_closure(names: &Names, taken: &BTreeSet<VarId>, moves: bool, body: &Expr) -> Vec<Stmt> {
    Asking { names, gone: taken }.questions(|taken| taken.closure(moves, body))
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

impl<'a> Asking<'a> {
    fn code(&self, code: &mut Vec<Op>) {
        for mut op in std::mem::take(code) {
            let questions = self.questions(|taken| taken.op(&op));
            code.extend(questions.into_iter().map(|stmt| Op::Plain { stmt, id: JumpId::NOWHERE }));
            op.inner_mut().into_iter().for_each(|inner| self.code(inner));
            if let Op::Plain { stmt, .. } = &mut op {
                Blocks(self).visit_stmt_mut(stmt);
            }
            op.values_mut().into_iter().for_each(|value| Blocks(self).visit_expr_mut(value));
            code.push(op);
        }
    }

    /// What is to be asked before what `look` looks at.
    fn questions(&self, look: impl FnOnce(&mut Taken<'a>)) -> Vec<Stmt> {
        let mut taken = Taken { names: self.names, gone: self.gone, vars: BTreeMap::new(), in_blocks: false };
        look(&mut taken);
        taken.vars.into_iter().map(|(var, (question, span))| question.about(self.names, var, span)).collect()
    }
}

/// What rustc is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// Has the type no `Drop` impl of its own?
    Apart,
    /// Has it no fields of its own?
    Captured,
    /// Is it an `Option` or a `Result`?
    Unwrapped,
}

impl Question {
    fn about(self, names: &Names, var: VarId, span: Span) -> Stmt {
        let name = names.ident(var, span);
        let method = |name| Ident::new(name, mixed().located_at(span));
        let (question, method) = match self {
            Question::Apart => (quote_spanned!(mixed()=> Apart(&#name)), method("whole")),
            Question::Captured => (quote_spanned!(mixed()=> Used::of(&#name)), method("by_parts")),
            Question::Unwrapped => (quote_spanned!(mixed()=> Used::of(&#name)), method("by_unwrapping")),
        };
        parse_quote_spanned!(mixed()=> ::segue::machine::#question.#method();)
    }
}

/// The variables that a statement takes, its blocks aside.
struct Taken<'a> {
    names: &'a Names,
    gone: &'a BTreeSet<VarId>,
    /// What is to be asked of each, and where it is named.
    vars: BTreeMap<VarId, (Question, Span)>,
    /// Nothing can be asked in the blocks here: it is asked before.
    in_blocks: bool,
}

impl Taken<'_> {
    fn op(&mut self, op: &Op) {
        match op {
            Op::Plain { stmt, .. } => self.visit_stmt(stmt),
            Op::Match { scrutinee, arms } => arms.iter().for_each(|arm| self.look(scrutinee, &arm.pat)),
            Op::LetElse { pat, value, .. } => self.look(value, pat),
            _ => {}
        }
        op.values().into_iter().for_each(|value| self.visit_expr(value));
    }

    fn look(&mut self, scrutinee: &Expr, pat: &Pat) {
        if let Some(var) = walk::local(self.names, scrutinee)
            && coverage::needs_check(pat)
        {
            self.ask(var, Question::Apart, scrutinee.span());
        }
    }

    fn ask(&mut self, var: VarId, question: Question, span: Span) {
        if self.gone.contains(&var) {
            let known = self.vars.entry(var).or_insert((question, span));
            known.0 = known.0.max(question);
        }
    }

    fn closure(&mut self, moves: bool, body: &Expr) {
        if !moves {
            return self.with_blocks(|taken| taken.visit_expr(body));
        }
        for (var, (captured, span)) in capturing::moved_into(self.names, body) {
            match captured {
                Captured::Apart => self.ask(var, Question::Apart, span),
                Captured::Part => self.ask(var, Question::Captured, span),
                Captured::Whole => {}
            }
        }
    }

    fn with_blocks(&mut self, look: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.in_blocks, true);
        look(self);
        self.in_blocks = outer;
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

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if let Some(var) = walk::local(self.names, &call.receiver)
            && receivers::unwraps(call)
        {
            self.ask(var, Question::Unwrapped, call.receiver.span());
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.closure(closure.capture.is_some(), &closure.body);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.closure(block.capture.is_some(), &walk::async_body(block));
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.with_blocks(|taken| arguments::of(mac).iter().for_each(|value| taken.visit_expr(value)));
    }

    fn visit_block(&mut self, block: &'ast Block) {
        if self.in_blocks {
            visit::visit_block(self, block);
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Asks in the blocks of a statement.
struct Blocks<'a>(&'a Asking<'a>);

impl VisitMut for Blocks<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            block.stmts.extend(self.0.questions(|taken| taken.visit_stmt(&stmt)));
            visit_mut::visit_stmt_mut(self, &mut stmt);
            block.stmts.push(stmt);
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
