//! Shortens the ways through a program: a segment that does nothing of its own is left out.
//!
//! A jump to a segment that only jumps on goes where that one goes; a jump to one that only returns
//! a variable, or nothing, is that return. What the segments between would drop is dropped where the
//! jump leaves, in the same order: from the inside out.

use std::collections::BTreeSet;

use syn::Expr;

use crate::exits;
use crate::segments::{Entry, Op, Program, SegmentId};

pub(crate) fn shorten(mut program: Program) -> Program {
    for id in program.order.clone() {
        if !matches!(program.get(id).entry, Entry::Loop | Entry::After) {
            continue;
        }
        match program.get(id).code.as_slice() {
            [Op::Goto { to, .. }] if *to != id => {
                let to = *to;
                redirect(&mut program, id, to);
            }
            [Op::Return(value)] if is_still(value) && !left_to(&program).contains(&id) => {
                let value = value.clone();
                each_goto(&mut program, id, &mut |op| *op = Op::Return(value.clone()));
            }
            _ => continue,
        }
        program.order.retain(|other| *other != id);
    }
    program.segments.iter_mut().for_each(|segment| return_at_once(&mut segment.code));
    program
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
            if let Op::Plain { stmt, .. } = op {
                found.extend(exits::of_stmt(stmt).into_iter().map(|(id, breaks)| {
                    let jumps = program.jumps_of(id);
                    if breaks { jumps.after } else { jumps.again }
                }));
            }
        });
    }
    found
}
