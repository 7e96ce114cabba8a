//! Which variables there are when a segment begins, and which of them it needs.
//!
//! A variable that is named again is kept. One that isn't is kept as well if it may have a
//! destructor, unless it was moved on every path: it is dropped where Rust drops it.

pub(crate) mod again;
mod backward;
mod forward;

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::Visit;
use syn::{Expr, Pat};

use self::forward::{Forward, join};
use crate::error::Errors;
use crate::names::{Names, VarId};
use crate::segments::{JumpId, Op, Program, SegmentId};
use crate::types::Glue;
use crate::walk::{self, Mentions, bindings};

/// Whether a variable has its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Presence {
    /// Declared, but nothing has been assigned to it yet.
    Unset,
    Set,
    /// Moved, or copied by its last use.
    Gone,
    /// One or the other.
    Maybe,
}

impl Presence {
    fn join(self, other: Presence) -> Presence {
        match (self, other) {
            // It isn't there on either way.
            (Presence::Unset, Presence::Gone) | (Presence::Gone, Presence::Unset) => Presence::Gone,
            (one, other) if one == other => one,
            _ => Presence::Maybe,
        }
    }
}

type Env = BTreeMap<VarId, Presence>;

/// What holds when a segment begins.
#[derive(Default, Clone)]
pub(crate) struct Facts {
    env: Option<Env>,
    /// Present on some of the ways in only, and known by a flag which.
    flagged: BTreeSet<VarId>,
    /// Named in it, or in what follows.
    pub(crate) named: BTreeSet<VarId>,
    /// Read in it or in what follows, before anything is assigned to it.
    pub(crate) read: BTreeSet<VarId>,
}

impl Facts {
    pub(crate) fn presence(&self, var: VarId) -> Presence {
        self.env.as_ref().and_then(|env| env.get(&var)).copied().unwrap_or(Presence::Set)
    }
}

/// What a segment does with a variable that is in scope when it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Need {
    /// It comes in by its name.
    Value,
    /// It comes in only to be dropped.
    Held,
    /// The same, if it is there at all: on some of the ways in it was moved.
    Flagged,
    /// It is declared anew, for what is assigned to it.
    Declared,
    Nothing,
}

pub(crate) struct Flow {
    facts: Vec<Facts>,
    /// What holds where each jump leaves, or a variable ends early.
    leaving: BTreeMap<JumpId, Env>,
}

impl Flow {
    /// Whether a variable has its value when a segment begins.
    pub(crate) fn presence(&self, segment: SegmentId, var: VarId) -> Presence {
        self.facts[segment.0].presence(var)
    }

    pub(crate) fn need(&self, names: &Names, segment: SegmentId, var: VarId) -> Need {
        let facts = &self.facts[segment.0];
        let named = facts.named.contains(&var);
        let given = named && !facts.read.contains(&var);
        match facts.presence(var) {
            Presence::Unset | Presence::Gone if given => Need::Declared,
            // No drop is seen of what it was.
            Presence::Maybe if given && names.get(var).glue == Glue::Copy => Need::Declared,
            // What it was is dropped when it gets its new value.
            Presence::Maybe if given && facts.flagged.contains(&var) => Need::Flagged,
            Presence::Unset => Need::Nothing,
            _ if named => Need::Value,
            Presence::Gone => Need::Nothing,
            _ if names.get(var).glue.is_none() => Need::Nothing,
            Presence::Maybe if facts.flagged.contains(&var) => Need::Flagged,
            _ => Need::Held,
        }
    }

    /// Does a variable that comes in only to be dropped, if it is there at all, get a new value in the segment?
    pub(crate) fn is_replaced(
        &self,
        program: &Program,
        names: &Names,
        segment: SegmentId,
        var: VarId,
    ) -> bool {
        let code = &program.get(segment).code;
        self.facts[segment.0].named.contains(&var)
            && self.need(names, segment, var) == Need::Flagged
            && walk::names_in(names, code).contains(&var)
    }

    /// The variables that a way from one segment to another would hand on, although they aren't there:
    /// what is there on another of the ways is only given a value again.
    ///
    /// Those too that may be copied where they seem to be moved, until they are in `again`.
    fn lost(&self, program: &Program, names: &Names, again: &BTreeSet<VarId>) -> BTreeSet<VarId> {
        let mut lost = BTreeSet::new();
        for from in &program.order {
            let Some(env) = self.facts[from.0].env.clone() else { continue };
            let mut walk = Forward::new(program, names, env);
            walk.code(&program.get(*from).code);
            for (to, _, env) in walk.arrivals {
                for var in &program.get(to).scope {
                    let wanted = self.need(names, to, *var);
                    let brought = match program.get(*from).scope.contains(var) {
                        true => self.need(names, *from, *var),
                        false => Need::Declared,
                    };
                    let facts = &self.facts[to.0];
                    let given = wanted == Need::Value && !facts.read.contains(var);
                    let given_again = wanted == Need::Flagged && facts.named.contains(var);
                    let missing = match env.get(var) {
                        Some(Presence::Gone | Presence::Unset) => {
                            given && matches!(brought, Need::Nothing | Need::Declared)
                        }
                        Some(Presence::Maybe) => {
                            brought == Need::Declared
                                && (given || matches!(wanted, Need::Held | Need::Flagged))
                                || (given_again && brought != Need::Flagged)
                                || (given && !again.contains(var) && names.get(*var).glue == Glue::Unknown)
                        }
                        _ => false,
                    };
                    if missing {
                        lost.insert(*var);
                    }
                }
            }
            let unclear = |var: &&VarId| {
                self.is_replaced(program, names, *from, **var)
                    && !again::is_clear(names, &program.get(*from).code, **var)
            };
            lost.extend(program.get(*from).scope.iter().filter(unclear));
        }
        lost
    }

    /// Is a variable named in a segment, or in what follows?
    pub(crate) fn names(&self, segment: SegmentId, var: VarId) -> bool {
        self.facts[segment.0].named.contains(&var)
    }

    /// Is a variable read in a segment or in what follows, before anything is assigned to it?
    pub(crate) fn reads(&self, segment: SegmentId, var: VarId) -> bool {
        self.facts[segment.0].read.contains(&var)
    }

    /// One way of coming to a jump, or to where a variable ends early.
    fn leave(&mut self, jump: JumpId, env: &Env) {
        let known = self.leaving.remove(&jump);
        self.leaving.insert(jump, known.map_or_else(|| env.clone(), |known| join(known, env)));
    }

    /// Is a variable surely gone, or not there yet, where a jump leaves?
    pub(crate) fn absent(&self, jump: JumpId, var: VarId) -> bool {
        let presence = self.leaving.get(&jump).and_then(|env| env.get(&var));
        matches!(presence, Some(Presence::Gone | Presence::Unset))
    }
}

/// Variables that are there on some of the ways to where they are assigned to, and nothing tells on which.
pub(crate) struct Lost {
    pub(crate) vars: BTreeSet<VarId>,
    pub(crate) error: syn::Error,
}

/// With `again`, the ways that the variables there are moved on have been told apart.
pub(crate) fn analyse(program: &Program, names: &Names, again: &BTreeSet<VarId>) -> Result<Flow, Lost> {
    let mut flow = Flow { facts: vec![Facts::default(); program.segments.len()], leaving: BTreeMap::new() };
    presences(program, names, &mut flow);
    backward::names_and_reads(program, names, &mut flow);
    let vars = flow.lost(program, names, again);
    let mut errors = Errors::default();
    for var in &vars {
        let name = &names.get(*var).shown;
        let message = format!(
            "`{name}` has its value on some of the ways to where it is assigned to and not on others, and the \
             function suspends between: that can't be lowered where the assignment isn't a statement; make it one, or \
             assign to a variable of its own"
        );
        errors.at(name, message);
    }
    errors.finish().map_err(|error| Lost { vars, error })?;
    Ok(flow)
}

/// The variables that one branch of a construct moves and another doesn't, if they may have a
/// destructor.
pub(crate) fn moved_in_branches(names: &Names, construct: &Expr) -> Vec<VarId> {
    let unsure = left_by(names, construct, false)
        .into_iter()
        .filter(|(var, presence)| *presence == Presence::Maybe && names.get(*var).glue == Glue::Unknown);
    unsure.map(|(var, _)| var).collect()
}

/// The variables that the body of a closure uses by value, on whatever way: the closure takes them.
pub(crate) fn taken_by(names: &Names, body: &Expr) -> BTreeSet<VarId> {
    let taken = left_by(names, body, true).into_iter().filter(|(_, presence)| *presence != Presence::Set);
    taken.map(|(var, _)| var).collect()
}

/// What an expression leaves of the variables that it mentions and that are there before it; with `only_moves`, what it finds
/// to be nothing is left.
fn left_by(names: &Names, expr: &Expr, only_moves: bool) -> Env {
    let program = Program::default();
    let mentioned = Mentions::in_expr(names, expr);
    let env: Env = mentioned.iter().map(|var| (*var, Presence::Set)).collect();
    let mut walk = Forward::new(&program, names, env);
    walk.homes_stay = false;
    walk.only_moves = only_moves;
    walk.value(expr);
    let bound = bound_in(names, expr);
    walk.env.retain(|var, _| !bound.contains(var));
    walk.env
}

/// Is `var` surely moved when `code` has run?
pub(crate) fn moved_by(program: &Program, names: &Names, code: &[Op], var: VarId) -> bool {
    let env = Env::from([(var, Presence::Set)]);
    let mut walk = Forward::new(program, names, env);
    walk.code(code);
    walk.env[&var] == Presence::Gone
}

/// The variables that are declared inside an expression.
fn bound_in(names: &Names, expr: &Expr) -> BTreeSet<VarId> {
    struct Bound<'a>(&'a Names, BTreeSet<VarId>);
    impl Visit<'_> for Bound<'_> {
        fn visit_pat(&mut self, pat: &Pat) {
            self.1.extend(bindings(self.0, pat));
        }
    }
    let mut bound = Bound(names, BTreeSet::new());
    bound.visit_expr(expr);
    bound.1
}

/// Forward: what is there when each segment begins.
fn presences(program: &Program, names: &Names, flow: &mut Flow) {
    let Some(start) = program.order.first() else { return };
    let params = program.get(*start).scope.iter().map(|var| (*var, Presence::Set)).collect();
    flow.facts[start.0].env = Some(params);
    let mut changed = true;
    while changed {
        changed = false;
        for id in &program.order {
            let Some(env) = flow.facts[id.0].env.clone() else { continue };
            let mut walk = Forward::new(program, names, env);
            walk.code(&program.get(*id).code);
            for (end, env) in &walk.ends {
                flow.leave(*end, env);
            }
            for (to, jump, env) in walk.arrivals {
                changed |= flag(program, flow, *id, to, jump.is_some(), &env);
                if let Some(jump) = jump {
                    flow.leave(jump, &env);
                }
                changed |= arrive(program, flow, to, env);
            }
        }
    }
}

/// A variable that is there on some of the jumps into a segment only gets a flag, which it keeps
/// over the suspensions that follow.
fn flag(program: &Program, flow: &mut Flow, from: SegmentId, to: SegmentId, jump: bool, env: &Env) -> bool {
    let known = flow.facts[to.0].env.clone();
    let before = flow.facts[to.0].flagged.len();
    for var in &program.get(to).scope {
        let here = env.get(var).copied().unwrap_or(Presence::Set);
        let joined = known.as_ref().and_then(|env| env.get(var)).map_or(here, |known| known.join(here));
        let carried = flow.facts[from.0].flagged.contains(var) && here == Presence::Maybe;
        if joined == Presence::Maybe && (jump || carried) {
            flow.facts[to.0].flagged.insert(*var);
        }
    }
    flow.facts[to.0].flagged.len() != before
}

/// Adds what is there on one way into a segment; `true` if that is news.
fn arrive(program: &Program, flow: &mut Flow, to: SegmentId, env: Env) -> bool {
    let scope = &program.get(to).scope;
    let arriving = scope.iter().map(|var| (*var, env.get(var).copied().unwrap_or(Presence::Set)));
    let facts = &mut flow.facts[to.0];
    let Some(known) = &mut facts.env else {
        facts.env = Some(arriving.collect());
        return true;
    };
    let mut changed = false;
    for (var, presence) in arriving {
        let old = known.get(&var).copied().unwrap_or(presence);
        let new = old.join(presence);
        changed |= new != old;
        known.insert(var, new);
    }
    changed
}
