//! References to a local that another local keeps over a suspension.
//!
//! A machine owns its variables, so none of them can refer to another while it is suspended. Where that is
//! plain to see, `let held = &mut total;`, it is told at the borrow; where it takes the types to see it,
//! rustc tells it at the suspension.

use syn::{Expr, Pat, Stmt};

use crate::error::Errors;
use crate::flow::Flow;
use crate::names::{Names, VarId};
use crate::segments::{Entry, Op, Program, SegmentId};
use crate::suspension::Wait;
use crate::walk;

pub(crate) fn check(program: &Program, flow: &Flow, names: &Names) -> syn::Result<()> {
    let mut errors = Errors::default();
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Plain { stmt, .. } = op
                && let Some((held, borrow, owner)) = borrowed(stmt, names)
                && let Some(wait) = kept_over(program, flow, *id, held, owner)
            {
                errors.at(borrow, message(names, held, owner, wait));
            }
        });
    }
    errors.finish()
}

/// `let held = &owner;`
fn borrowed<'s>(stmt: &'s Stmt, names: &Names) -> Option<(VarId, &'s Expr, VarId)> {
    let Stmt::Local(local) = stmt else { return None };
    let Pat::Ident(held) = walk::split_type(&local.pat).0 else { return None };
    let borrow = &*local.init.as_ref()?.expr;
    let Expr::Reference(reference) = borrow else { return None };
    Some((names.of(&held.ident)?, borrow, walk::local(names, &reference.expr)?))
}

/// The kind of suspension after which `held` is read, if there is one while both are in scope.
fn kept_over(program: &Program, flow: &Flow, from: SegmentId, held: VarId, owner: VarId) -> Option<Wait> {
    let keeps_both = |id: &SegmentId| {
        let scope = &program.get(*id).scope;
        scope.contains(&held) && scope.contains(&owner) && flow.reads(*id, held)
    };
    program.after(from).into_iter().filter(keeps_both).find_map(|id| match program.get(id).entry {
        Entry::Resume(wait) => Some(wait),
        _ => None,
    })
}

fn message(names: &Names, held: VarId, owner: VarId, wait: Wait) -> String {
    let (held, owner) = (&names.get(held).shown, &names.get(owner).shown);
    let suspension = match wait {
        Wait::Yield => "`yield_!`",
        Wait::YieldFrom => "`yield_from!`",
        Wait::Await => "`.await`",
        Wait::Item => "`for_await!`",
        Wait::Call => "call of the function itself",
    };
    format!(
        "`{held}` borrows `{owner}` and is used after a {suspension}: a suspended coroutine owns its \
         variables, and none of them can refer to another; borrow `{owner}` again after it, name it in place of \
         `{held}`, or keep the value in an `Rc`"
    )
}
