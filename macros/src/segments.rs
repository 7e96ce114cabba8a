//! A function as segments: what runs between two suspensions.
//!
//! Each segment ends, on every path, in a suspension, a jump to another segment, or a return. What
//! branches without suspending stays a native branch inside its segment.

use std::collections::BTreeSet;
use std::fmt;

use proc_macro2::Span;
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, Expr, Pat, Stmt, parse_quote_spanned};

use crate::exits;
use crate::input::mixed;
use crate::names::{Names, VarId};
use crate::rests::Rests;
use crate::suspension::{At, Wait};
use crate::tree::{Assign, Dest, LoopId, Suspend, Unsafe};
use crate::walk;

/// A segment, by its index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct SegmentId(pub(crate) usize);

/// A jump, or the jumps out of one statement of the user's: what holds there is known by this.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct JumpId(pub(crate) usize);

impl JumpId {
    /// No jump leaves a statement of ours.
    pub(crate) const NOWHERE: JumpId = JumpId(usize::MAX);
}

/// How a segment is entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Entry {
    Start,
    /// After a suspension.
    Resume(Wait),
    /// The head of a loop.
    Loop,
    /// Where branches meet, or a loop has ended.
    After,
}

pub(crate) struct Segment {
    pub(crate) entry: Entry,
    /// The variables in scope on entry, in order of declaration.
    pub(crate) scope: Vec<VarId>,
    pub(crate) code: Vec<Op>,
    /// The function's end is reached without a value, unless rustc knows better.
    pub(crate) ends: bool,
}

pub(crate) enum Op {
    Plain {
        stmt: Stmt,
        /// The jumps out of it.
        id: JumpId,
    },
    Assign(Assign),
    /// The operation that follows may leave these constructs on the way, or repeat them.
    Leaving {
        exits: Vec<(LoopId, bool)>,
        id: JumpId,
    },
    /// A variable comes back from its loan, in a box.
    Recall {
        var: VarId,
        into: VarId,
    },
    /// Drops a variable, if it is still there.
    End {
        var: VarId,
        id: JumpId,
    },
    /// Binds what the suspension that the segment begins with evaluates to.
    Receive {
        into: Option<Pat>,
        wait: Wait,
        at: At,
        /// It is what a `?` is applied to.
        question: Option<syn::Token![?]>,
    },
    /// A block. The variables of it that came in with the segment are bound in it again. It may have
    /// a value: the last thing it evaluates.
    Scope {
        reopened: Vec<VarId>,
        code: Vec<Op>,
        value: Option<Assign>,
        unsafety: Option<Unsafe>,
    },
    If {
        cond: Expr,
        then: Vec<Op>,
        otherwise: Vec<Op>,
    },
    Match {
        scrutinee: Expr,
        arms: Vec<Arm>,
    },
    LetElse {
        pat: Pat,
        value: Expr,
        diverge: Vec<Op>,
    },
    Suspend {
        suspend: Suspend,
        to: SegmentId,
    },
    Goto {
        to: SegmentId,
        id: JumpId,
    },
    Return(Expr),
}

impl Op {
    /// Does what follows the code run elsewhere?
    pub(crate) fn leave(code: &[Op]) -> bool {
        match code.last() {
            Some(Op::Goto { .. } | Op::Suspend { .. } | Op::Return(_)) => true,
            Some(Op::Plain { stmt, .. }) => walk::never_ends(stmt),
            Some(Op::Scope { code, .. }) => Op::leave(code),
            Some(Op::If { then, otherwise, .. }) => Op::leave(then) && Op::leave(otherwise),
            Some(Op::Match { arms, .. }) => arms.iter().all(|arm| Op::leave(&arm.code)),
            _ => false,
        }
    }

    /// The operations of its branches, or of the block that it is.
    pub(crate) fn inner(&self) -> Vec<&Vec<Op>> {
        match self {
            Op::Scope { code, .. } | Op::LetElse { diverge: code, .. } => vec![code],
            Op::If { then, otherwise, .. } => vec![then, otherwise],
            Op::Match { arms, .. } => arms.iter().map(|arm| &arm.code).collect(),
            _ => Vec::new(),
        }
    }

    /// The variables that each of these begins with, from outside of the code around it.
    pub(crate) fn brought(&self, names: &Names) -> Vec<Vec<VarId>> {
        match self {
            Op::Scope { reopened, .. } => vec![reopened.clone()],
            Op::If { cond, .. } => vec![walk::bound_by(names, cond), Vec::new()],
            Op::Match { arms, .. } => arms.iter().map(|arm| walk::bindings(names, &arm.pat)).collect(),
            _ => vec![Vec::new()],
        }
    }

    pub(crate) fn inner_mut(&mut self) -> Vec<&mut Vec<Op>> {
        match self {
            Op::Scope { code, .. } | Op::LetElse { diverge: code, .. } => vec![code],
            Op::If { then, otherwise, .. } => vec![then, otherwise],
            Op::Match { arms, .. } => arms.iter_mut().map(|arm| &mut arm.code).collect(),
            _ => Vec::new(),
        }
    }

    /// The values that it evaluates itself; a statement is all its own.
    pub(crate) fn values(&self) -> Vec<&Expr> {
        match self {
            Op::Assign(assign) | Op::Scope { value: Some(assign), .. } => vec![&assign.value],
            Op::If { cond: value, .. }
            | Op::Match { scrutinee: value, .. }
            | Op::LetElse { value, .. }
            | Op::Suspend { suspend: Suspend { operand: Some(value), .. }, .. }
            | Op::Return(value) => vec![value],
            _ => Vec::new(),
        }
    }

    pub(crate) fn values_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Op::Assign(assign) | Op::Scope { value: Some(assign), .. } => vec![&mut assign.value],
            Op::If { cond: value, .. }
            | Op::Match { scrutinee: value, .. }
            | Op::LetElse { value, .. }
            | Op::Suspend { suspend: Suspend { operand: Some(value), .. }, .. }
            | Op::Return(value) => vec![value],
            _ => Vec::new(),
        }
    }

    /// `let var = var;`: it is dropped before what was declared meanwhile.
    pub(crate) fn bound_again(names: &Names, var: VarId) -> Op {
        let known = names.get(var);
        let ident = names.ident(var, known.shown.span());
        let mutable = known.mutable.then(|| quote_spanned!(mixed()=> mut));
        Op::ours(parse_quote_spanned!(mixed()=> let #mutable #ident = #ident;))
    }

    /// A statement of ours.
    pub(crate) fn ours(stmt: Stmt) -> Op {
        Op::Plain { stmt, id: JumpId::NOWHERE }
    }

    /// Shows each operation in `code`, those in blocks and branches too.
    pub(crate) fn each<'o>(code: &'o [Op], show: &mut dyn FnMut(&'o Op)) {
        for op in code {
            show(op);
            op.inner().into_iter().for_each(|code| Op::each(code, show));
        }
    }
}

pub(crate) struct Arm {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pat: Pat,
    pub(crate) code: Vec<Op>,
    pub(crate) braces: Span,
}

/// Where the jumps of a loop or a labelled block go.
#[derive(Clone, Copy)]
pub(crate) struct Jumps {
    pub(crate) again: SegmentId,
    pub(crate) after: SegmentId,
}

/// The whole function.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) segments: Vec<Segment>,
    /// The segments that can be reached, in the order of the user's source.
    pub(crate) order: Vec<SegmentId>,
    pub(crate) jumps: Vec<Option<Jumps>>,
    pub(crate) results: Vec<Dest>,
    /// What stays behind in awaited futures.
    pub(crate) rests: Rests,
    /// Variables of ours beside those of the user's of which they have something: the boxes in which they come back
    /// from their loans, and what is left of them when a part was taken. Each gets its value later.
    pub(crate) beside: Vec<VarId>,
    /// Whether a part of a variable was taken, and what is left kept.
    pub(crate) parted: bool,
}

impl Program {
    pub(crate) fn get(&self, id: SegmentId) -> &Segment {
        &self.segments[id.0]
    }

    /// The segments that an operation leads to, what is inside it aside.
    pub(crate) fn targets(&self, op: &Op) -> Vec<SegmentId> {
        let exits = match op {
            Op::Suspend { to, .. } | Op::Goto { to, .. } => return vec![*to],
            Op::Plain { stmt, .. } => exits::of_stmt(stmt),
            Op::Leaving { exits, .. } => exits.clone(),
            _ => Vec::new(),
        };
        exits.into_iter().map(|exit| self.target(exit)).collect()
    }

    /// The segments that may run after this one.
    pub(crate) fn after(&self, id: SegmentId) -> BTreeSet<SegmentId> {
        let mut reached = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            Op::each(&self.get(id).code, &mut |op| {
                open.extend(self.targets(op).into_iter().filter(|to| reached.insert(*to)));
            });
        }
        reached
    }

    pub(crate) fn jumps_of(&self, id: LoopId) -> Jumps {
        self.jumps[id.0].expect("a jump leaves a construct that was lowered")
    }

    /// Where a `break` out of this construct goes, or a `continue`.
    pub(crate) fn target(&self, (id, breaks): (LoopId, bool)) -> SegmentId {
        let jumps = self.jumps_of(id);
        if breaks { jumps.after } else { jumps.again }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for id in &self.order {
            let segment = self.get(*id);
            writeln!(f, "{id}: {:?}", segment.entry)?;
            write_code(f, &segment.code, 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s{}", self.0)
    }
}

fn write_code(f: &mut fmt::Formatter<'_>, code: &[Op], depth: usize) -> fmt::Result {
    let indent = "  ".repeat(depth);
    for op in code {
        match op {
            Op::Plain { stmt, .. } => writeln!(f, "{indent}{}", stmt.to_token_stream())?,
            Op::Assign(assign) => {
                writeln!(f, "{indent}let {} = {}", assign.var, assign.value.to_token_stream())?
            }
            Op::Leaving { exits, .. } => {
                let labels: Vec<_> = exits.iter().map(|(id, _)| id.label()).collect();
                writeln!(f, "{indent}may leave {}", labels.join(", "))?;
            }
            Op::Recall { var, into } => writeln!(f, "{indent}v{} = recall v{}", into.0, var.0)?,
            Op::End { var, .. } => writeln!(f, "{indent}end v{}", var.0)?,
            Op::Receive { into, .. } => writeln!(
                f,
                "{indent}receive {}",
                into.as_ref().map_or("_".to_owned(), |pat| pat.to_token_stream().to_string())
            )?,
            Op::Scope { code, value, unsafety, .. } => {
                writeln!(f, "{indent}{}", if unsafety.is_some() { "unsafe" } else { "scope" })?;
                write_code(f, code, depth + 1)?;
                if let Some(assign) = value {
                    writeln!(f, "{indent}  let {} = {}", assign.var, assign.value.to_token_stream())?;
                }
            }
            Op::If { cond, then, otherwise } => {
                writeln!(f, "{indent}if {}", cond.to_token_stream())?;
                write_code(f, then, depth + 1)?;
                writeln!(f, "{indent}else")?;
                write_code(f, otherwise, depth + 1)?;
            }
            Op::Match { scrutinee, arms } => {
                writeln!(f, "{indent}match {}", scrutinee.to_token_stream())?;
                for arm in arms {
                    writeln!(f, "{indent}  {} =>", arm.pat.to_token_stream())?;
                    write_code(f, &arm.code, depth + 2)?;
                }
            }
            Op::LetElse { pat, value, diverge } => {
                writeln!(f, "{indent}let {} = {} else", pat.to_token_stream(), value.to_token_stream())?;
                write_code(f, diverge, depth + 1)?;
            }
            Op::Suspend { suspend, to } => {
                let operand = suspend
                    .operand
                    .as_ref()
                    .map_or("()".to_owned(), |expr| expr.to_token_stream().to_string());
                writeln!(f, "{indent}{:?} {operand}, then {to}", suspend.wait)?;
            }
            Op::Goto { to, .. } => writeln!(f, "{indent}goto {to}")?,
            Op::Return(value) => writeln!(f, "{indent}return {}", value.to_token_stream())?,
        }
    }
    Ok(())
}
