//! What an awaited future may leave of a variable that it used.
//!
//! `client.subscribe(channel).await` consumes `client`, or only borrows it: without types nobody but
//! rustc can tell. If it is named again, it comes back from the future ([`lend`](crate::lend)). If it
//! isn't, whatever is left of it has only to be dropped where its scope ends: it stays behind in the
//! future, which is kept until then for its sake. So rustc itself knows whether anything is left.

use std::collections::BTreeMap;

use crate::beside;
use crate::flow::{Flow, Need};
use crate::names::{Names, VarId};
use crate::segments::{Op, Program, SegmentId};
use crate::suspension::Wait;
use crate::used::Used;

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
        let var = beside::rest(names, of[0]);
        beside::declare(program, of[0], var);
        program.rests.insert(to, Rest { of, var });
    }
    any
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
