//! A segment that a single jump leads to is joined to the one that ends in that jump.

use super::Lowerer;
use crate::names::VarId;
use crate::segments::{Entry, Op, SegmentId};
use crate::walk::declared;

impl Lowerer<'_> {
    /// Joins each segment that a single jump leads to, at the end of another, to that other.
    pub(super) fn join_single_paths(&mut self) {
        let mut index = 0;
        while index < self.order.len() {
            let id = self.order[index];
            let jumped = matches!(self.segments[id.0].entry, Entry::Loop | Entry::After);
            let from = self
                .order
                .iter()
                .copied()
                .find(|from| *from != id && last_goto(&self.segments[from.0].code, id).is_some());
            match from.filter(|_| jumped && self.uses[id.0] == 1) {
                Some(from) if self.join(from, id) => {
                    self.order.remove(index);
                }
                _ => index += 1,
            }
        }
    }

    fn join(&mut self, from: SegmentId, to: SegmentId) -> bool {
        let depth = last_goto(&self.segments[from.0].code, to).expect("just found");
        let mut at_end = self.segments[from.0].scope.clone();
        at_end.extend(declared(self.names, &self.segments[from.0].code));
        let scope = &self.segments[to.0].scope;
        let ended = ended(&self.segments[from.0].code);
        at_end.retain(|var| !ended.contains(var));
        // It goes on inside a block of the other.
        if scope.iter().any(|var| !at_end.contains(var) && self.results[to.0] != Some(*var)) {
            return false;
        }
        let extra: Vec<VarId> = at_end.iter().copied().filter(|var| !scope.contains(var)).collect();
        if self.results[to.0].is_some() && (depth > 0 || !extra.is_empty()) {
            return false;
        }
        let entered = self.segments[from.0].scope.clone();
        let reopened: Vec<VarId> = extra.iter().copied().filter(|var| entered.contains(var)).collect();
        let code = &self.segments[from.0].code;
        let begins =
            |op: &Op| declared(self.names, std::slice::from_ref(op)).iter().any(|var| extra.contains(var));
        let cut = if reopened.is_empty() { code.iter().position(begins).unwrap_or(code.len()) } else { 0 };
        if !extra.is_empty() && declared(self.names, &code[cut..]).iter().any(|var| scope.contains(var)) {
            return false;
        }
        let mut code = std::mem::take(&mut self.segments[from.0].code);
        remove_goto(&mut code, to);
        if !extra.is_empty() && (cut < code.len() || !reopened.is_empty()) {
            let inner = code.split_off(cut);
            code.push(Op::Scope { reopened, code: inner, value: None, unsafety: None });
        }
        let began = declared(self.names, &code);
        let mut rest = std::mem::take(&mut self.segments[to.0].code);
        match rest.first_mut().and_then(|op| block_that_goes_on(op, &began)) {
            Some((reopened, inner)) => {
                reopened.retain(|var| !began.contains(var));
                code.append(inner);
                *inner = code;
                code = rest;
            }
            None => code.append(&mut rest),
        }
        self.segments[from.0].code = code;
        self.segments[from.0].ends |= self.segments[to.0].ends;
        true
    }
}

/// The innermost block that the code begins with and that goes on with one of these variables.
fn block_that_goes_on<'o>(op: &'o mut Op, began: &[VarId]) -> Option<(&'o mut Vec<VarId>, &'o mut Vec<Op>)> {
    let Op::Scope { reopened, code, .. } = op else { return None };
    let deeper = code.first().is_some_and(|op| goes_on(op, began));
    if deeper {
        return block_that_goes_on(code.first_mut()?, began);
    }
    reopened.iter().any(|var| began.contains(var)).then_some((reopened, code))
}

fn goes_on(op: &Op, began: &[VarId]) -> bool {
    let Op::Scope { reopened, code, .. } = op else { return false };
    reopened.iter().any(|var| began.contains(var)) || code.first().is_some_and(|op| goes_on(op, began))
}

/// The variables that came in with a segment and ended with a block of it.
fn ended(code: &[Op]) -> Vec<VarId> {
    let scopes = code.iter().filter_map(|op| match op {
        Op::Scope { reopened, code, .. } => Some(reopened.iter().copied().chain(ended(code))),
        _ => None,
    });
    scopes.flatten().collect()
}

/// How deep in branches and blocks the jump to `to` stands, if it is the last thing done.
fn last_goto(code: &[Op], to: SegmentId) -> Option<usize> {
    let deeper = |code: &[Op]| last_goto(code, to).map(|depth| depth + 1);
    match code.last()? {
        Op::Goto { to: target, .. } => (*target == to).then_some(0),
        Op::Scope { code, .. } => deeper(code),
        Op::If { then, otherwise, .. } => deeper(then).or_else(|| deeper(otherwise)),
        Op::Match { arms, .. } => arms.iter().find_map(|arm| deeper(&arm.code)),
        _ => None,
    }
}

/// Takes that jump out: what follows the branch that it ends is then what it led to.
fn remove_goto(code: &mut Vec<Op>, to: SegmentId) {
    match code.last_mut() {
        Some(Op::Goto { to: target, .. }) if *target == to => {
            code.pop();
        }
        Some(Op::Scope { code, .. }) => remove_goto(code, to),
        Some(Op::If { then, otherwise, .. }) => {
            remove_goto(then, to);
            remove_goto(otherwise, to);
        }
        Some(Op::Match { arms, .. }) => arms.iter_mut().for_each(|arm| remove_goto(&mut arm.code, to)),
        _ => {}
    }
}
