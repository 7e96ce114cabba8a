//! Shortens the ways through a program: a segment that does nothing of its own is left out.
//!
//! A jump to a segment that only jumps on goes where that one goes; a jump to one that only returns
//! a variable, or nothing, is that return. What the segments between would drop is then dropped where
//! the jump leaves, with what that drops: only where this is the same order ([`Skipped::keeps_order`]).

use std::collections::BTreeSet;

use syn::Expr;

use crate::names::{Names, VarId};
use crate::segments::{Entry, Op, Program, Segment, SegmentId};
use crate::walk::{Mentions, declared, local};

pub(crate) fn shorten(mut program: Program, names: &Names) -> Program {
    for id in program.order.clone() {
        let segment = program.get(id);
        if !matches!(segment.entry, Entry::Loop | Entry::After) {
            continue;
        }
        match segment.code.as_slice() {
            [Op::Goto { to, .. }] if *to != id => {
                let (to, moved) = (*to, &program.get(*to).scope);
                if !(Skipped { id, moved, names }.keeps_order(&program)) {
                    continue;
                }
                redirect(&mut program, id, to);
            }
            [Op::Return(value)] if is_still(value) && !left_to(&program).contains(&id) => {
                let (value, moved) = (value.clone(), Vec::from_iter(local(names, value)));
                if !(Skipped { id, moved: &moved, names }.keeps_order(&program)) {
                    continue;
                }
                each_goto(&mut program, id, &mut |op| *op = Op::Return(value.clone()));
            }
            _ => continue,
        }
        program.order.retain(|other| *other != id);
    }
    program.segments.iter_mut().for_each(|segment| return_at_once(&mut segment.code));
    program
}

/// A segment that may be left out, and the variables that it hands on.
struct Skipped<'a> {
    id: SegmentId,
    moved: &'a [VarId],
    names: &'a Names,
}

impl Skipped<'_> {
    /// A segment that jumps here drops what isn't in scope here, then this one what it doesn't hand
    /// on. At once they are dropped in reverse order of declaration. That is the same unless this one
    /// drops something that is younger than what goes before it, as the value of a construct is
    /// younger than the temporaries on the way to it.
    fn keeps_order(&self, program: &Program) -> bool {
        let segments = program.order.iter().map(|id| program.get(*id));
        segments.filter(|from| leads(program, from, self.id)).all(|from| {
            let own = &program.get(self.id).scope;
            let dropped = self.ages(from).into_iter().filter(|(var, _)| !self.moved.contains(var));
            let (here, there): (Vec<_>, Vec<_>) = dropped.partition(|(var, _)| own.contains(var));
            here.iter().all(|(_, here)| there.iter().all(|(_, there)| here < there))
        })
    }

    /// The variables of a segment that may have a destructor, each with the place of its declaration.
    fn ages(&self, segment: &Segment) -> Vec<(VarId, usize)> {
        let mut order: Vec<Vec<VarId>> = segment.scope.iter().map(|var| vec![*var]).collect();
        Op::each(&segment.code, &mut |op| {
            let mut mentions = Mentions::new(self.names);
            mentions.visit_op(op);
            mentions.found.extend(declared(self.names, std::slice::from_ref(op)));
            mentions.found.retain(|var| !order.iter().flatten().any(|known| known == var));
            order.push(mentions.found.into_iter().collect());
        });
        let ages =
            order.into_iter().enumerate().flat_map(|(age, vars)| vars.into_iter().map(move |var| (var, age)));
        ages.filter(|(var, _)| !self.names.get(*var).glue.is_none()).collect()
    }
}

/// Does a segment jump to `to`?
fn leads(program: &Program, segment: &Segment, to: SegmentId) -> bool {
    let mut found = false;
    Op::each(&segment.code, &mut |op| found |= program.targets(op).contains(&to));
    found
}

/// `let x = value; return x` is `return value`, unless the value leaves temporaries.
fn return_at_once(code: &mut Vec<Op>) {
    if let [.., Op::Assign(assign), Op::Return(Expr::Path(returned))] = code.as_slice()
        && assign.ty.is_none()
        && returned.path.is_ident(&assign.var)
        && is_plain(&assign.value)
    {
        let value = assign.value.clone();
        code.truncate(code.len() - 2);
        code.push(Op::Return(value));
    }
    code.iter_mut().flat_map(Op::inner_mut).for_each(return_at_once);
}

/// A value that is made without temporaries.
fn is_plain(value: &Expr) -> bool {
    match value {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        Expr::Call(call) => is_plain(&call.func) && call.args.iter().all(is_plain),
        // A comparison looks at the values of calls, which are temporaries then.
        Expr::Binary(binary) => [&binary.left, &binary.right]
            .iter()
            .all(|side| matches!(***side, Expr::Path(_) | Expr::Lit(_) | Expr::Binary(_)) && is_plain(side)),
        _ => false,
    }
}

/// A value that runs nothing when it is evaluated.
fn is_still(value: &Expr) -> bool {
    match value {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Tuple(tuple) => tuple.elems.is_empty(),
        _ => false,
    }
}

/// Lets all that leads to `from` lead to `to`.
fn redirect(program: &mut Program, from: SegmentId, to: SegmentId) {
    for jumps in program.jumps.iter_mut().flatten() {
        for target in [&mut jumps.again, &mut jumps.after] {
            if *target == from {
                *target = to;
            }
        }
    }
    each_goto(program, from, &mut |op| {
        if let Op::Goto { to: target, .. } = op {
            *target = to;
        }
    });
}

/// Hands out each jump to `id`, to be changed.
fn each_goto(program: &mut Program, id: SegmentId, change: &mut dyn FnMut(&mut Op)) {
    fn in_code(code: &mut [Op], id: SegmentId, change: &mut dyn FnMut(&mut Op)) {
        for op in code {
            match op {
                Op::Goto { to, .. } if *to == id => change(op),
                _ => op.inner_mut().into_iter().for_each(|code| in_code(code, id, change)),
            }
        }
    }
    program.segments.iter_mut().for_each(|segment| in_code(&mut segment.code, id, change));
}

/// The segments that plain code leaves for: a `break` or `continue` in the middle of an expression.
fn left_to(program: &Program) -> BTreeSet<SegmentId> {
    let mut found = BTreeSet::new();
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Plain { .. } | Op::Leaving { .. } = op {
                found.extend(program.targets(op));
            }
        });
    }
    found
}
