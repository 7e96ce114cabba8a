//! Backward through code: which variables each segment, and what follows it, names and reads.

use std::collections::BTreeSet;

use syn::visit::Visit;
use syn::{Block, Expr, Lifetime, Local, LocalInit, Pat, Stmt};

use super::Flow;
use crate::names::{Names, VarId};
use crate::segments::{Op, Program, SegmentId};
use crate::tree::LoopId;
use crate::walk::{self, Mentions};

/// Backward: what each segment, and what follows it, names and reads.
pub(super) fn names_and_reads(program: &Program, names: &Names, flow: &mut Flow) {
    let mut changed = true;
    while changed {
        changed = false;
        for id in program.order.iter().rev() {
            let segment = program.get(*id);
            let mut named = name_code(program, names, flow, &segment.code);
            let mut read = BTreeSet::new();
            Reads { program, names, flow }.code(&segment.code, &mut read);
            named.retain(|var| segment.scope.contains(var));
            read.retain(|var| segment.scope.contains(var));
            let facts = &mut flow.facts[id.0];
            changed |= facts.named != named || facts.read != read;
            facts.named = named;
            facts.read = read;
        }
    }
}

/// The variables that code names, or what follows it.
fn name_code(program: &Program, names: &Names, flow: &Flow, code: &[Op]) -> BTreeSet<VarId> {
    let mut mentions = Mentions::new(names);
    Op::each(code, &mut |op| {
        mentions.visit_op(op);
        program.targets(op).iter().for_each(|to| mentions.found.extend(&flow.facts[to.0].named));
    });
    mentions.found
}

/// What is read before it is assigned to.
struct Reads<'a> {
    program: &'a Program,
    names: &'a Names,
    flow: &'a Flow,
}

impl Reads<'_> {
    /// `live` is what is read after `code`; it becomes what is read from its beginning on.
    fn code(&self, code: &[Op], live: &mut BTreeSet<VarId>) {
        code.iter().rev().for_each(|op| self.op(op, live));
    }

    fn op(&self, op: &Op, live: &mut BTreeSet<VarId>) {
        match op {
            Op::Plain { stmt, .. } => {
                for to in self.program.targets(op) {
                    live.extend(self.from(to));
                }
                self.stmt(stmt, live);
            }
            Op::Assign(assign) => live.extend(self.named(&assign.value)),
            Op::Leaving { exits, .. } => {
                exits.iter().for_each(|exit| live.extend(self.from(self.program.target(*exit))));
            }
            Op::Receive { .. } | Op::End { .. } => {}
            Op::Recall { var, into } => {
                live.remove(into);
                live.insert(*var);
            }
            Op::Scope { code, value, .. } => {
                value.iter().for_each(|assign| live.extend(self.named(&assign.value)));
                self.code(code, live);
            }
            Op::If { cond, then, otherwise } => {
                let mut other = live.clone();
                self.code(then, live);
                self.code(otherwise, &mut other);
                live.extend(other);
                live.extend(self.named(cond));
            }
            Op::Match { scrutinee, arms } => {
                let arms = arms.iter().map(|arm| (&arm.pat, &arm.code));
                self.arms(arms, live, |code, live| self.code(code, live));
                live.extend(self.named(scrutinee));
            }
            Op::LetElse { value, diverge, .. } => {
                let mut other = BTreeSet::new();
                self.code(diverge, &mut other);
                live.extend(other);
                live.extend(self.named(value));
            }
            Op::Suspend { suspend, to } => {
                *live = self.from(*to).clone();
                suspend.operand.iter().for_each(|operand| live.extend(self.named(operand)));
            }
            Op::Goto { to, .. } => *live = self.from(*to).clone(),
            Op::Return(value) => *live = self.named(value),
        }
    }

    /// The same for a statement: a block, or branches, may begin by assigning.
    fn stmt(&self, stmt: &Stmt, live: &mut BTreeSet<VarId>) {
        match stmt {
            Stmt::Expr(expr, _) => self.expr(expr, live),
            Stmt::Local(Local { init: Some(LocalInit { expr, diverge: None, .. }), .. }) => {
                self.expr(expr, live);
            }
            _ => live.extend(Mentions::in_stmt(self.names, stmt)),
        }
    }

    fn expr(&self, expr: &Expr, live: &mut BTreeSet<VarId>) {
        match expr {
            Expr::Assign(assign) => match walk::local(self.names, &assign.left) {
                Some(var) => {
                    live.remove(&var);
                    live.extend(self.named(&assign.right));
                }
                None => live.extend(self.named(expr)),
            },
            Expr::Block(inner) if inner.label.is_none() => self.block(&inner.block, live),
            Expr::Unsafe(inner) => self.block(&inner.block, live),
            Expr::If(branch) => {
                let mut other = live.clone();
                self.block(&branch.then_branch, live);
                branch.else_branch.iter().for_each(|(_, branch)| self.expr(branch, &mut other));
                live.extend(other);
                live.extend(self.named(&branch.cond));
            }
            Expr::Match(select) => {
                let arms = select.arms.iter().map(|arm| (&arm.pat, &*arm.body));
                self.arms(arms, live, |body, live| self.expr(body, live));
                live.extend(self.named(&select.expr));
            }
            Expr::Break(jump) => self.jump(&jump.label, true, expr, live),
            Expr::Continue(jump) => self.jump(&jump.label, false, expr, live),
            Expr::Return(_) => *live = self.named(expr),
            _ => live.extend(self.named(expr)),
        }
    }

    fn block(&self, block: &Block, live: &mut BTreeSet<VarId>) {
        block.stmts.iter().rev().for_each(|stmt| self.stmt(stmt, live));
    }

    /// What is read on any of the arms, whose bodies `read` reads.
    fn arms<'p, T>(
        &self,
        arms: impl Iterator<Item = (&'p Pat, T)>,
        live: &mut BTreeSet<VarId>,
        read: impl Fn(T, &mut BTreeSet<VarId>),
    ) {
        let after = std::mem::take(live);
        for (pat, body) in arms {
            let mut inner = after.clone();
            read(body, &mut inner);
            let mut mentions = Mentions::new(self.names);
            mentions.visit_pat(pat);
            live.extend(inner);
            live.extend(mentions.found);
        }
    }

    /// Of what follows a jump nothing is read on this way, but what is read where it leads to.
    fn jump(&self, label: &Option<Lifetime>, breaks: bool, expr: &Expr, live: &mut BTreeSet<VarId>) {
        let id = label.as_ref().and_then(LoopId::of);
        if let Some(Some(jumps)) = id.and_then(|id| self.program.jumps.get(id.0)) {
            *live = self.from(if breaks { jumps.after } else { jumps.again }).clone();
        }
        live.extend(self.named(expr));
    }

    /// What is read from the beginning of a segment on.
    fn from(&self, segment: SegmentId) -> &BTreeSet<VarId> {
        &self.flow.facts[segment.0].read
    }

    fn named(&self, expr: &Expr) -> BTreeSet<VarId> {
        Mentions::in_expr(self.names, expr)
    }
}
