//! Divides the states of a large function into groups, so that rustc infers its types group by group.
//!
//! What rustc has yet to infer it goes through again at each expression: in one piece, a function of n suspensions takes
//! it n³. In groups of a fixed size each names its own states, and those that it leads to.

use std::collections::{BTreeSet, HashMap};

use crate::input::Function;
use crate::names::Names;
use crate::segments::{Entry, Op, Program, SegmentId};
use crate::suspension::Wait;

/// A function of fewer segments than this is one piece.
const LARGE: usize = 33;

/// How many segments a group has.
const SIZE: usize = 16;

pub(crate) struct Groups {
    /// The group of each segment, by its place in `all`.
    of: HashMap<SegmentId, usize>,
    pub(crate) all: Vec<Group>,
    /// The groups that wait for something, in order.
    pub(crate) waiting: Vec<usize>,
}

/// Segments that follow one another in the source.
pub(crate) struct Group {
    pub(crate) segments: Vec<SegmentId>,
    /// The others in which it is suspended.
    pub(crate) suspends: Vec<usize>,
    /// The others for which it makes something to wait for.
    pub(crate) delegates: Vec<usize>,
    /// The others that it jumps to.
    pub(crate) jumps: Vec<usize>,
    /// Does it jump to segments of its own?
    pub(crate) loops: bool,
}

/// The groups of a large function.
///
/// One that calls itself has a step that is generic in its frames, a block's may own what it captures, and where variables
/// are on loan the state is sealed as a whole: they stay one piece.
pub(crate) fn divide(function: &Function, program: &Program, names: &Names) -> Option<Groups> {
    if program.order.len() < LARGE || function.is_recursive() || names.captures_by_step || names.lends() {
        return None;
    }
    let count = program.order.len().div_ceil(SIZE);
    let size = program.order.len().div_ceil(count);
    let chunks: Vec<&[SegmentId]> = program.order.chunks(size).collect();
    let of = chunks.iter().enumerate().flat_map(|(group, ids)| ids.iter().map(move |id| (*id, group)));
    let of: HashMap<SegmentId, usize> = of.collect();
    let all: Vec<Group> =
        chunks.iter().enumerate().map(|(number, ids)| group(number, ids, &of, program)).collect();
    let waits = |group: &Group| group.segments.iter().any(|id| waits(program, *id));
    let waiting = (0..all.len()).filter(|number| waits(&all[*number])).collect();
    Some(Groups { of, all, waiting })
}

fn group(number: usize, segments: &[SegmentId], of: &HashMap<SegmentId, usize>, program: &Program) -> Group {
    let (mut suspends, mut delegates, mut jumps) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for id in segments {
        Op::each(&program.get(*id).code, &mut |op| {
            for to in program.targets(op) {
                if !matches!(op, Op::Suspend { .. }) {
                    jumps.insert(of[&to]);
                    continue;
                }
                suspends.insert(of[&to]);
                if waits(program, to) {
                    delegates.insert(of[&to]);
                }
            }
        });
    }
    let loops = jumps.contains(&number);
    let others = |groups: BTreeSet<usize>| groups.into_iter().filter(|group| *group != number).collect();
    let (suspends, delegates, jumps) = (others(suspends), others(delegates), others(jumps));
    Group { segments: segments.to_vec(), suspends, delegates, jumps, loops }
}

/// Is something waited for in this segment, other than to be resumed?
pub(crate) fn waits(program: &Program, id: SegmentId) -> bool {
    matches!(program.get(id).entry, Entry::Resume(Wait::YieldFrom | Wait::Await | Wait::Item))
}

impl Groups {
    pub(crate) fn of(&self, id: SegmentId) -> usize {
        self.of[&id]
    }
}
