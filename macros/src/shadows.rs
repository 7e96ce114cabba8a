//! Tells variables of one name apart where both have to be named.
//!
//! A variable is shown under the user's name for it, unless it hides another of that name that is
//! stored while both are in scope: then it gets a number.

use std::collections::{BTreeSet, HashMap};

use syn::Stmt;

use crate::exits;
use crate::in_place::InPlace;
use crate::layout::State;
use crate::names::{Names, VarId};
use crate::segments::{Op, Program, SegmentId};
use crate::tree::LoopId;
use crate::walk::{Mentions, bindings, names_in};

/// The variables that are shown under another name than the user's.
pub(crate) fn rename(
    program: &Program,
    states: &HashMap<SegmentId, State>,
    in_place: &InPlace,
    names: &Names,
) -> HashMap<VarId, String> {
    let mut shadows = Shadows { names, states, program, hiding: BTreeSet::new() };
    // What stays in place can be seen everywhere.
    let shared = |var: &&VarId| names.share_name(**var);
    shadows.hiding.extend(in_place.keys().filter(shared));
    for id in &program.order {
        let segment = program.get(*id);
        shadows.code(&segment.code, &mut segment.scope.clone());
    }
    let mut shown: HashMap<VarId, String> = HashMap::new();
    let mut taken: BTreeSet<String> = names.taken.iter().cloned().collect();
    for inner in shadows.hiding {
        let stem = names.get(inner).shown.to_string();
        let stem = stem.strip_prefix("r#").unwrap_or(&stem);
        let free = (2..).map(|number| format!("{stem}_{number}")).find(|name| !taken.contains(name));
        let name = free.expect("numbers don't end");
        taken.insert(name.clone());
        shown.insert(inner, name);
    }
    shown
}

struct Shadows<'a> {
    names: &'a Names,
    states: &'a HashMap<SegmentId, State>,
    program: &'a Program,
    /// The variables that hide one that is stored.
    hiding: BTreeSet<VarId>,
}

impl Shadows<'_> {
    /// The name without what tells `x` from `_x`: a variable `x` that is held is shown as `_x`.
    fn stem(&self, var: VarId) -> String {
        self.names.get(var).shown.to_string().trim_start_matches('_').to_owned()
    }

    /// The state `to` is built where the variables of `scope` can be seen.
    fn leave(&mut self, to: SegmentId, scope: &[VarId]) {
        let Some(state) = self.states.get(&to) else { return };
        state.fields.iter().chain(&state.returned).for_each(|field| self.named(field.var, scope));
    }

    /// `var` is named where the variables of `scope` can be seen.
    fn named(&mut self, var: VarId, scope: &[VarId]) {
        let stem = self.stem(var);
        let at = scope.iter().position(|other| *other == var).map_or(0, |at| at + 1);
        let later: Vec<VarId> = scope[at..].iter().copied().filter(|other| *other != var).collect();
        let hiding: Vec<VarId> = later.into_iter().filter(|other| self.stem(*other) == stem).collect();
        self.hiding.extend(hiding);
    }

    fn code(&mut self, code: &[Op], scope: &mut Vec<VarId>) {
        for (index, op) in code.iter().enumerate() {
            if let Op::Leaving { exits, .. } = op {
                let binds = names_in(self.names, code.get(index + 1).map_or(&[], std::slice::from_ref));
                self.exits(exits, binds, scope);
            }
            self.op(op, scope);
        }
    }

    fn op(&mut self, op: &Op, scope: &mut Vec<VarId>) {
        match op {
            Op::Plain { stmt, .. } => self.plain(stmt, scope),
            Op::Assign(assign) => scope.extend(self.names.of(&assign.var)),
            Op::Receive { into, .. } => into.iter().for_each(|pat| scope.extend(bindings(self.names, pat))),
            Op::Scope { code, value, .. } => {
                self.code(code, &mut scope.clone());
                scope.extend(value.as_ref().and_then(|assign| self.names.of(&assign.var)));
            }
            Op::If { cond, then, otherwise } => {
                let bound = Mentions::in_expr(self.names, cond);
                let bound: Vec<VarId> = bound.into_iter().filter(|var| !scope.contains(var)).collect();
                self.code(then, &mut [&scope[..], &bound].concat());
                self.code(otherwise, &mut scope.clone());
            }
            Op::Match { arms, .. } => {
                for arm in arms {
                    let bound = bindings(self.names, &arm.pat);
                    self.code(&arm.code, &mut [&scope[..], &bound].concat());
                }
            }
            Op::LetElse { pat, diverge, .. } => {
                self.code(diverge, &mut scope.clone());
                scope.extend(bindings(self.names, pat));
            }
            Op::Suspend { to, .. } | Op::Goto { to, .. } => self.leave(*to, scope),
            Op::End { var, .. } | Op::Recall { var, .. } => self.named(*var, scope),
            Op::Leaving { .. } => {}
            // It may have stood further out.
            Op::Return(value) => {
                let named = Mentions::in_expr(self.names, value);
                named.iter().filter(|var| scope.contains(var)).for_each(|var| self.named(*var, scope));
            }
        }
    }

    /// Whatever is bound on the way may hide something where it jumps.
    fn exits(&mut self, exits: &[(LoopId, bool)], binds: BTreeSet<VarId>, scope: &[VarId]) {
        for exit in exits {
            // A `break` with a value binds the variable that gets it.
            let (id, breaks) = exit;
            let value = self.program.results[id.0].var().filter(|_| *breaks);
            let value = value.and_then(|var| self.names.of(&var));
            let inner: Vec<VarId> = scope.iter().chain(&binds).copied().chain(value).collect();
            self.leave(self.program.target(*exit), &inner);
        }
    }

    fn plain(&mut self, stmt: &Stmt, scope: &mut Vec<VarId>) {
        self.exits(&exits::of_stmt(stmt), Mentions::in_stmt(self.names, stmt), scope);
        if let Stmt::Local(local) = stmt {
            scope.extend(bindings(self.names, &local.pat));
        }
    }
}
