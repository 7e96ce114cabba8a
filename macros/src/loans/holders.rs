//! Who may have a borrow of a variable when a segment begins.

use std::collections::{BTreeMap, BTreeSet};

use super::received;
use super::sources::Sources;
use crate::flow::{Flow, Need};
use crate::names::{Names, VarId};
use crate::segments::{Program, SegmentId};
use crate::walk;

/// A variable that may have a borrow of another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Holder {
    pub(crate) var: VarId,
    /// Its destructor may use what it borrows.
    pub(crate) is_guard: bool,
    /// It is bound to what the suspension gives that the segment begins with.
    pub(crate) is_new: bool,
}

/// The holders of each variable, by segment.
#[derive(Default)]
pub(crate) struct Holders(BTreeMap<(SegmentId, VarId), BTreeSet<Holder>>);

impl Holders {
    pub(crate) fn find(program: &Program, flow: &Flow, names: &Names) -> Holders {
        let sources = Sources::of(program, names);
        let mut holders = Holders::default();
        for id in &program.order {
            holders.of_segment(program, flow, names, &sources, *id);
        }
        holders
    }

    /// Who may have a borrow of the variable when this segment begins.
    pub(crate) fn of(&self, segment: SegmentId, var: VarId) -> BTreeSet<Holder> {
        self.0.get(&(segment, var)).cloned().unwrap_or_default()
    }

    /// Adds who has a borrow when this segment begins, or gets it from the suspension before.
    fn of_segment(
        &mut self,
        program: &Program,
        flow: &Flow,
        names: &Names,
        sources: &Sources,
        id: SegmentId,
    ) {
        let scope = &program.get(id).scope;
        let received = received(program, id).map_or_else(Vec::new, |into| walk::bindings(names, into));
        let kept =
            scope.iter().filter(|var| !matches!(flow.need(names, id, **var), Need::Declared | Need::Nothing));
        // It moves, and must not dangle, even if the borrow is over and what was borrowed is gone.
        for var in kept.copied().chain(received) {
            let guarded: BTreeSet<VarId> = sources.of_guard(var).all().collect();
            let owners = sources.of_var(var).all().chain(guarded.iter().copied());
            for owner in owners.filter(|owner| *owner != var && scope.contains(owner)) {
                let holder =
                    Holder { var, is_guard: guarded.contains(&owner), is_new: !scope.contains(&var) };
                self.0.entry((id, owner)).or_default().insert(holder);
            }
        }
    }
}
