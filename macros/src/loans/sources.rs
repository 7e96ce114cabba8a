//! What each variable may borrow from, as far as syntax tells.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Expr, Pat};

use super::conventions::stores;
use super::values::{How, Value, awaited, by_pattern, called_on, looked_at, may_be_guard, value_of};
use crate::names::{Names, VarId};
use crate::receivers;
use crate::segments::{Op, Program, SegmentId};
use crate::suspension::Wait;
use crate::tree::LoopId;
use crate::types;
use crate::walk::{self, bindings};

/// What each variable may have in it.
#[derive(Default)]
pub(super) struct Sources {
    values: BTreeMap<VarId, Value>,
    /// The same, of what may be there only to be dropped.
    guards: BTreeMap<VarId, Value>,
    /// The variables that are awaited, or given to what is.
    awaited: BTreeSet<VarId>,
    /// Those that are awaited themselves, or a method of theirs is.
    waited_for: BTreeSet<VarId>,
    /// Those that may be a `&mut`.
    references: BTreeSet<VarId>,
    /// Those that a pattern is bound to.
    matched: BTreeSet<VarId>,
}

impl Sources {
    pub(super) fn of(program: &Program, names: &Names) -> Sources {
        let (awaited, given) = (BTreeMap::new(), Vec::new());
        let mut reader = Reader { program, names, awaited, given, sources: Sources::default() };
        for id in &program.order {
            Op::each(&program.get(*id).code, &mut |op| reader.awaited_by(op));
        }
        for id in &program.order {
            Op::each(&program.get(*id).code, &mut |op| reader.op(op, *id));
        }
        reader.keep_given();
        reader.sources.references = reader.references();
        reader.sources
    }

    /// Every variable that a part of this one's value, or a borrow in it, may come from; itself too.
    pub(super) fn origins(&self, var: VarId) -> BTreeSet<VarId> {
        let mut origins = BTreeSet::from([var]);
        let mut open = vec![var];
        while let Some(var) = open.pop() {
            let from = self.values.get(&var).into_iter().flat_map(Value::vars);
            open.extend(from.filter(|var| origins.insert(*var)));
        }
        origins
    }

    /// The variables that this one may borrow.
    pub(super) fn of_var(&self, var: VarId) -> Owners {
        self.reached_from(var, &self.values)
    }

    /// The same for one that is there only to be dropped: if it may be a guard.
    pub(super) fn of_guard(&self, var: VarId) -> Owners {
        self.reached_from(var, &self.guards)
    }

    fn reached_from(&self, var: VarId, values: &BTreeMap<VarId, Value>) -> Owners {
        self.reached(Some(&self.known(var, values)))
    }

    /// What a variable has in it, by what becomes of it.
    fn known(&self, var: VarId, values: &BTreeMap<VarId, Value>) -> Value {
        let value = values.get(&var).cloned().unwrap_or_default();
        value.with(|how| match how {
            How::Given if self.awaited.contains(&var) => How::Borrowed,
            How::Awaited | How::Watched if self.waited_for.contains(&var) => How::Borrowed,
            how => how,
        })
    }

    /// The variables that what is waited for may borrow, those aside that can go along into it.
    pub(super) fn of_operand(&self, names: &Names, operand: &Expr, wait: Wait) -> Owners {
        if wait == Wait::Yield || wait == Wait::Call {
            return Owners::default();
        }
        let mut value = value_of(names, operand);
        if matches!(wait, Wait::Await | Wait::Item) {
            // Should the output borrow them, they can't come back with it.
            value.0.retain(|(_, how)| *how == How::Held);
            value.add(&awaited(names, operand));
        }
        self.reached(Some(&value))
    }

    /// The variables that the output of an await borrows, if that is more than a value: if it is waited for in turn, or a
    /// pattern looks into it and what would be borrowed is what a `&mut` argument refers to, which costs nothing.
    pub(super) fn of_output(&self, names: &Names, operand: &Expr, into: &Pat) -> Owners {
        let outputs = bindings(names, into);
        let waited_for = outputs.iter().any(|var| self.waited_for.contains(var));
        let matched = outputs.iter().any(|var| self.matched.contains(var));
        let structured = !matches!(walk::split_type(into).0, Pat::Ident(_) | Pat::Wild(_));
        let free = |var: VarId| {
            let by_type =
                matches!(&names.get(var).ty, Some(syn::Type::Reference(to)) if to.mutability.is_some());
            (matched || structured) && var.0 < names.params && by_type
        };
        let value = awaited(names, operand);
        let lent = value
            .0
            .iter()
            .filter(|(var, how)| matches!(how, How::Awaited | How::Watched) && (waited_for || free(*var)));
        Owners { borrowed: lent.map(|(var, _)| *var).collect(), ..Owners::default() }
    }

    fn reached(&self, value: Option<&Value>) -> Owners {
        let mut owners = Owners::default();
        let mut seen = BTreeSet::new();
        let mut waited_for = false;
        let mut open: Vec<(VarId, How)> = value.iter().flat_map(|value| value.0.iter().copied()).collect();
        while let Some((var, how)) = open.pop() {
            match how {
                How::Referred => owners.referred.insert(var),
                How::Borrowed => owners.borrowed.insert(var),
                How::Perhaps => owners.perhaps.insert(var),
                How::Through => self.references.contains(&var) && owners.perhaps.insert(var),
                How::Held | How::Given | How::Awaited | How::Watched => false,
            };
            if seen.insert(var) {
                let known = self.known(var, &self.values);
                waited_for |= self.waited_for.contains(&var);
                let known = known.with(|how| match how {
                    How::Awaited if waited_for => How::Perhaps,
                    How::Watched if waited_for => How::Borrowed,
                    how => how,
                });
                open.extend(known.0);
            }
        }
        owners
    }
}

/// The variables that something may borrow.
#[derive(Default)]
pub(super) struct Owners {
    /// By a `&` that is plain to see.
    pub(super) referred: BTreeSet<VarId>,
    pub(super) borrowed: BTreeSet<VarId>,
    /// Those that may have been used up instead, if nothing names them again.
    pub(super) perhaps: BTreeSet<VarId>,
}

impl Owners {
    pub(super) fn all(self) -> impl Iterator<Item = VarId> {
        self.referred.into_iter().chain(self.borrowed).chain(self.perhaps)
    }
}

struct Reader<'a> {
    program: &'a Program,
    names: &'a Names,
    /// What a suspension evaluates to, by the segment that it goes on in.
    awaited: BTreeMap<SegmentId, Value>,
    /// What methods of a variable are given.
    given: Vec<(VarId, Value)>,
    sources: Sources,
}

impl Reader<'_> {
    /// A variable that borrows something may keep what its methods are given too.
    fn keep_given(&mut self) {
        for (var, value) in std::mem::take(&mut self.given) {
            if let Some(known) = self.sources.values.get_mut(&var)
                && known.0.iter().any(|(_, how)| how.is_borrow())
            {
                known.add(&value);
            }
        }
    }

    /// The variables that may be a `&mut`: by their types, or as they have a borrow in them.
    fn references(&self) -> BTreeSet<VarId> {
        let by_type = |var: &VarId| matches!(&self.names.get(*var).ty, Some(syn::Type::Reference(to)) if to.mutability.is_some());
        let by_value = |var: &VarId| {
            let value = self.sources.values.get(var);
            value.is_some_and(|value| value.0.iter().any(|(_, how)| how.is_borrow()))
        };
        self.names.all().filter(|var| by_type(var) || by_value(var)).collect()
    }

    fn awaited_by(&mut self, op: &Op) {
        if let Op::Suspend { suspend, to } = op
            && let Some(operand) = &suspend.operand
            && suspend.wait != Wait::Yield
        {
            self.sources.awaited.extend(value_of(self.names, operand).vars());
            self.sources.waited_for.extend(called_on(self.names, operand));
            let value = awaited(self.names, operand);
            self.awaited.insert(*to, value);
        }
    }

    fn op(&mut self, op: &Op, id: SegmentId) {
        match op {
            Op::Plain { stmt, .. } => return self.visit_stmt(stmt),
            Op::Assign(assign) | Op::Scope { value: Some(assign), .. } => {
                let (var, value) = (self.names.of(&assign.var), value_of(self.names, &assign.value));
                if let Some(var) = var {
                    self.adds(var, value.surely(), may_be_guard(&assign.value));
                }
            }
            Op::Receive { into: Some(pat), .. } => {
                let value = self.awaited.get(&id).cloned().unwrap_or_default();
                self.binds(pat, &value, true);
            }
            Op::Match { scrutinee, arms } => {
                arms.iter().for_each(|arm| self.looks_into(&arm.pat, scrutinee));
            }
            Op::LetElse { pat, value, .. } => self.looks_into(pat, value),
            _ => {}
        }
        op.values().into_iter().for_each(|value| self.visit_expr(value));
    }

    /// A variable gets the value of an expression.
    fn gives(&mut self, var: Option<VarId>, expr: &Expr) {
        let Some(var) = var else { return };
        let value = value_of(self.names, expr);
        self.adds(var, value, may_be_guard(expr));
    }

    /// A pattern is bound to what an expression is, where it is.
    fn looks_into(&mut self, pat: &Pat, expr: &Expr) {
        if !bindings(self.names, pat).is_empty() {
            self.sources.matched.extend(called_on(self.names, expr));
        }
        let value = looked_at(self.names, expr, by_pattern(pat)).surely();
        self.binds(pat, &value, false);
    }

    fn binds(&mut self, pat: &Pat, value: &Value, guard: bool) {
        for var in bindings(self.names, pat) {
            self.adds(var, value.clone(), guard);
        }
    }

    fn adds(&mut self, var: VarId, value: Value, guard: bool) {
        if self.names.get(var).ty.as_ref().is_some_and(types::owns) {
            return;
        }
        if guard {
            self.sources.guards.entry(var).or_default().add(&value);
        }
        self.sources.values.entry(var).or_default().add(&value);
    }
}

impl Visit<'_> for Reader<'_> {
    fn visit_local(&mut self, local: &syn::Local) {
        if let Some(init) = &local.init {
            let value = match walk::split_type(&local.pat).0 {
                Pat::Ident(ident) if ident.by_ref.is_none() => value_of(self.names, &init.expr),
                pat => looked_at(self.names, &init.expr, by_pattern(pat)),
            };
            self.binds(&local.pat, &value, may_be_guard(&init.expr));
        }
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Let(condition) => {
                self.looks_into(&condition.pat, &condition.expr);
            }
            Expr::Match(select) => {
                select.arms.iter().for_each(|arm| self.looks_into(&arm.pat, &select.expr));
            }
            Expr::ForLoop(repeat) => {
                let value = value_of(self.names, &repeat.expr);
                self.binds(&repeat.pat, &value, false);
            }
            Expr::Assign(assign) => self.gives(walk::root(self.names, &assign.left), &assign.right),
            Expr::MethodCall(call) if stores(&call.method) => {
                if let Some(var) = walk::root(self.names, &call.receiver) {
                    call.args.iter().for_each(|arg| self.gives(Some(var), arg));
                }
            }
            Expr::MethodCall(call) if !receivers::consumes(call) => {
                if let Some(var) = walk::local(self.names, &call.receiver) {
                    let borrows = call.args.iter().filter(|arg| matches!(arg, Expr::Reference(_)));
                    self.given.extend(borrows.map(|arg| (var, value_of(self.names, arg))));
                }
            }
            Expr::Break(jump) => {
                if let (Some(id), Some(value)) = (jump.label.as_ref().and_then(LoopId::of), &jump.expr)
                    && let Some(var) = self.program.results.get(id.0).and_then(|result| result.var())
                {
                    self.gives(self.names.of(&var), value);
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}
