//! What an awaited future may leave of a variable that it used.
//!
//! `client.subscribe(channel).await` consumes `client`, or only borrows it: without types nobody but
//! rustc can tell. If it is named again, it comes back from the future ([`lend`](crate::lend)). If it
//! isn't, whatever is left of it has only to be dropped where its scope ends: it stays behind in the
//! future, which is kept until then for its sake. So rustc itself knows whether anything is left.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Expr, Ident, Macro};

use crate::arguments;
use crate::flow::{Flow, Need};
use crate::input::mixed;
use crate::names::{Names, VarId};
use crate::receivers;
use crate::segments::{Op, Program, SegmentId};
use crate::suspension::Wait;
use crate::walk::{self, Mentions};

/// What stays behind in one awaited future.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    /// The variables that may be used up, in order of declaration; none where it is for temporaries.
    pub(crate) of: Vec<VarId>,
    /// The variable that has what is left of them.
    pub(crate) var: VarId,
}

/// By the segment that the await resumes.
pub(crate) type Rests = BTreeMap<SegmentId, Rest>;

/// Without an allocator nothing can be kept in its future.
pub(crate) const ARE_KEPT: bool = cfg!(feature = "std");

/// Lets each awaited future keep what it may have used up; `true` if there is any.
pub(crate) fn leave(program: &mut Program, flow: &Flow, names: &mut Names) -> bool {
    let chosen = if ARE_KEPT { chosen(program, flow, names) } else { Vec::new() };
    let any = !chosen.is_empty();
    for (to, of) in chosen {
        let var = variable(names, of[0]);
        declare_after(program, of[0], var);
        program.rests.insert(to, Rest { of, var });
    }
    any
}

/// What tells by the type of a variable whether anything may be left of it.
pub(crate) fn by_type_ident(names: &Names) -> Ident {
    Ident::new(&names.free("Rest"), mixed())
}

/// A variable for what is left of another.
pub(crate) fn variable(names: &mut Names, of: VarId) -> VarId {
    let shown = names.get(of).shown.to_string();
    let role = format!("rest_of_{}", shown.trim_start_matches("r#").trim_start_matches('_'));
    let rest = names.temporary(&role, false);
    names.of(&rest).expect("it was just added")
}

fn chosen(program: &Program, flow: &Flow, names: &Names) -> Vec<(SegmentId, Vec<VarId>)> {
    let mut chosen = Vec::new();
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            let Op::Suspend { suspend, to } = op else { return };
            let (Wait::Await, Some(operand)) = (suspend.wait, &suspend.operand) else { return };
            let used = Used::up_by(names, operand);
            let is_left = |var: &VarId| {
                used.contains(var) && !names.get(*var).spent && flow.need(names, *to, *var) == Need::Held
            };
            let of: Vec<VarId> = program.get(*to).scope.iter().copied().filter(is_left).collect();
            let taken = program.rests.contains_key(to);
            if !taken && !of.is_empty() && drop_as_one(program, flow, names, *to, &of) {
                chosen.push((*to, of));
            }
        });
    }
    chosen
}

/// Are these dropped one right after the other?
fn drop_as_one(program: &Program, flow: &Flow, names: &Names, to: SegmentId, of: &[VarId]) -> bool {
    let kept = |var: &&VarId| {
        !names.get(**var).glue.is_none()
            && !matches!(flow.need(names, to, **var), Need::Nothing | Need::Declared)
    };
    let scope: Vec<VarId> = program.get(to).scope.iter().filter(kept).copied().collect();
    let together = |vars: &[VarId]| of.iter().all(|var| vars.contains(var));
    let blocks = program.order.iter().flat_map(|id| scopes(program, *id));
    scope.windows(of.len()).any(|window| window == of)
        && blocks.into_iter().all(|vars| together(&vars) || !of.iter().any(|var| vars.contains(var)))
}

/// The variables that come in with a segment, then those of each of its blocks.
fn scopes(program: &Program, id: SegmentId) -> Vec<Vec<VarId>> {
    let segment = program.get(id);
    let mut found = vec![segment.scope.clone()];
    Op::each(&segment.code, &mut |op| {
        if let Op::Scope { reopened, .. } = op
            && !reopened.is_empty()
        {
            found.push(reopened.clone());
        }
    });
    found
}

/// Puts `rest` into every scope that `var` is in, next to it.
pub(crate) fn declare_after(program: &mut Program, var: VarId, rest: VarId) {
    let beside = |vars: &mut Vec<VarId>| {
        if let Some(index) = vars.iter().position(|other| *other == var) {
            vars.insert(index + 1, rest);
        }
    };
    let start = program.order.first().copied();
    for id in program.order.clone() {
        let segment = &mut program.segments[id.0];
        if Some(id) != start {
            beside(&mut segment.scope);
        }
        each_code(&mut segment.code, &mut |code| {
            let mut index = 0;
            while index < code.len() {
                match &mut code[index] {
                    Op::Scope { reopened, .. } => beside(reopened),
                    Op::End { var: ended, id } if *ended == var => {
                        let id = *id;
                        code.insert(index, Op::End { var: rest, id });
                        index += 1;
                    }
                    _ => {}
                }
                index += 1;
            }
        });
    }
}

pub(crate) fn each_code(code: &mut Vec<Op>, change: &mut dyn FnMut(&mut Vec<Op>)) {
    change(code);
    for op in code {
        op.inner_mut().into_iter().for_each(|code| each_code(code, change));
    }
}

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
