//! Backward through code: which variables each segment, and what follows it, names and reads.

use std::collections::BTreeSet;

use syn::visit::Visit;
use syn::{Block, Expr, Local, LocalInit, Stmt};

use super::Flow;
use crate::names::{Names, VarId};
use crate::segments::{Op, Program};
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
            read_code(program, names, flow, &segment.code, &mut read);
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

/// `live` is what is read after `code`; it becomes what is read from its beginning on.
fn read_code(program: &Program, names: &Names, flow: &Flow, code: &[Op], live: &mut BTreeSet<VarId>) {
    for op in code.iter().rev() {
        match op {
            Op::Plain { stmt, .. } => {
                for to in program.targets(op) {
                    live.extend(&flow.facts[to.0].read);
                }
                read_stmt(names, stmt, live);
            }
            Op::Assign(assign) => live.extend(Mentions::in_expr(names, &assign.value)),
            Op::Leaving { exits, .. } => {
                exits.iter().for_each(|exit| live.extend(&flow.facts[program.target(*exit).0].read));
            }
            Op::Receive { .. } | Op::End { .. } => {}
            Op::Recall { var, into } => {
                live.remove(into);
                live.insert(*var);
            }
            Op::Scope { code, value, .. } => {
                value.iter().for_each(|assign| live.extend(Mentions::in_expr(names, &assign.value)));
                read_code(program, names, flow, code, live);
            }
            Op::If { cond, then, otherwise } => {
                let mut other = live.clone();
                read_code(program, names, flow, then, live);
                read_code(program, names, flow, otherwise, &mut other);
                live.extend(other);
                live.extend(Mentions::in_expr(names, cond));
            }
            Op::Match { scrutinee, arms } => {
                let after = std::mem::take(live);
                for arm in arms {
                    let mut inner = after.clone();
                    read_code(program, names, flow, &arm.code, &mut inner);
                    let mut mentions = Mentions::new(names);
                    mentions.visit_pat(&arm.pat);
                    live.extend(inner);
                    live.extend(mentions.found);
                }
                live.extend(Mentions::in_expr(names, scrutinee));
            }
            Op::LetElse { value, diverge, .. } => {
                let mut other = BTreeSet::new();
                read_code(program, names, flow, diverge, &mut other);
                live.extend(other);
                live.extend(Mentions::in_expr(names, value));
            }
            Op::Suspend { suspend, to } => {
                *live = flow.facts[to.0].read.clone();
                suspend.operand.iter().for_each(|operand| live.extend(Mentions::in_expr(names, operand)));
            }
            Op::Goto { to, .. } => *live = flow.facts[to.0].read.clone(),
            Op::Return(value) => *live = Mentions::in_expr(names, value),
        }
    }
}

/// The same for a statement: a block, or branches, may begin by assigning.
fn read_stmt(names: &Names, stmt: &Stmt, live: &mut BTreeSet<VarId>) {
    match stmt {
        Stmt::Expr(expr, _) => read_expr(names, expr, live),
        Stmt::Local(Local { init: Some(LocalInit { expr, diverge: None, .. }), .. }) => {
            read_expr(names, expr, live);
        }
        _ => live.extend(Mentions::in_stmt(names, stmt)),
    }
}

fn read_expr(names: &Names, expr: &Expr, live: &mut BTreeSet<VarId>) {
    let block = |block: &Block, live: &mut BTreeSet<VarId>| {
        block.stmts.iter().rev().for_each(|stmt| read_stmt(names, stmt, live));
    };
    match expr {
        Expr::Assign(assign) => match walk::local(names, &assign.left) {
            Some(var) => {
                live.remove(&var);
                live.extend(Mentions::in_expr(names, &assign.right));
            }
            None => live.extend(Mentions::in_expr(names, expr)),
        },
        Expr::Block(inner) if inner.label.is_none() => block(&inner.block, live),
        Expr::Unsafe(inner) => block(&inner.block, live),
        Expr::If(branch) => {
            let mut other = live.clone();
            block(&branch.then_branch, live);
            branch.else_branch.iter().for_each(|(_, branch)| read_expr(names, branch, &mut other));
            live.extend(other);
            live.extend(Mentions::in_expr(names, &branch.cond));
        }
        _ => live.extend(Mentions::in_expr(names, expr)),
    }
}
