//! What may run after an operation: what is named there, and which segments it leads to.

use std::collections::BTreeSet;

use crate::flow::{Flow, Need};
use crate::names::{Names, VarId};
use crate::segments::{Entry, Op, Program, SegmentId};
use crate::walk::Mentions;

/// What may run after some code.
#[derive(Clone, Default)]
pub(crate) struct After {
    /// The variables that are named in the same segment.
    pub(crate) named: BTreeSet<VarId>,
    /// Where it leads to.
    targets: BTreeSet<SegmentId>,
}

/// An operation in its place.
pub(crate) struct Place<'o> {
    pub(crate) code: &'o [Op],
    pub(crate) index: usize,
    /// The variables that the code begins with: those of the segment, of a block that goes on, of an arm's pattern.
    pub(crate) brought: &'o [VarId],
    pub(crate) after: &'o After,
}

/// What may run after the operations of a program.
#[derive(Clone, Copy)]
pub(crate) struct Following<'a> {
    pub(crate) program: &'a Program,
    pub(crate) flow: &'a Flow,
    pub(crate) names: &'a Names,
}

impl Following<'_> {
    /// Shows each operation of a segment, from the last to the first.
    pub(crate) fn each(&self, segment: SegmentId, show: &mut dyn FnMut(&Place<'_>)) {
        let segment = self.program.get(segment);
        self.code(&segment.code, &segment.scope, &After::default(), show);
    }

    fn code(&self, code: &[Op], brought: &[VarId], after: &After, show: &mut dyn FnMut(&Place<'_>)) {
        let mut after = after.clone();
        for (index, op) in code.iter().enumerate().rev() {
            for (inner, brought) in op.inner().into_iter().zip(op.brought(self.names)) {
                let leaves = Op::leave(inner).then(After::default);
                self.code(inner, &brought, leaves.as_ref().unwrap_or(&after), show);
            }
            let mut mentions = Mentions::new(self.names);
            let mut targets = BTreeSet::new();
            Op::each(std::slice::from_ref(op), &mut |op| {
                mentions.visit_op(op);
                targets.extend(self.program.targets(op));
            });
            after.targets.extend(targets);
            show(&Place { code, index, brought, after: &after });
            after.named.extend(mentions.found);
        }
    }

    /// The segments that may run.
    pub(crate) fn reached(&self, after: &After) -> BTreeSet<SegmentId> {
        let later = after.targets.iter().flat_map(|to| self.program.after(*to));
        after.targets.iter().copied().chain(later).collect()
    }

    /// Is this variable only dropped after that, and a suspension comes before?
    pub(crate) fn is_left(&self, var: VarId, reached: &BTreeSet<SegmentId>) -> bool {
        let named = |id: &SegmentId| matches!(self.need(*id, var), Need::Value | Need::Declared);
        let in_scope = |id: &&SegmentId| self.program.get(**id).scope.contains(&var);
        !reached.iter().filter(in_scope).any(named)
            && self.suspensions(reached).filter(in_scope).any(|id| self.need(*id, var) == Need::Held)
    }

    pub(crate) fn need(&self, segment: SegmentId, var: VarId) -> Need {
        self.flow.need(self.names, segment, var)
    }

    pub(crate) fn suspensions<'s>(
        &'s self,
        reached: &'s BTreeSet<SegmentId>,
    ) -> impl Iterator<Item = &'s SegmentId> {
        reached.iter().filter(|id| matches!(self.program.get(**id).entry, Entry::Resume(_)))
    }
}
