//! `f(make().unwrap(), other().await)`: what was made is used up by its method, if that is one of an `Option` or a `Result`. One of
//! another type may only look at it, and what was made is dropped when the statement ends. So rustc is asked.

use std::collections::BTreeSet;

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, Local, Stmt};

use crate::input::first_span;
use crate::names::{Names, VarId};
use crate::receivers;
use crate::segments::{Op, Program};
use crate::suspension::Wait;
use crate::tree::Suspend;
use crate::walk;

/// Asks wherever a statement goes on behind such a call: what is a statement by itself is dropped where that ends anyway.
pub(crate) fn ask(program: &mut Program, names: &Names) {
    let mut asked = Asked { names, outputs: BTreeSet::new() };
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Receive { into: Some(pat), .. } = op {
                asked
                    .outputs
                    .extend(walk::bindings(names, pat).into_iter().filter(|var| names.get(*var).ours));
            }
        });
    }
    for id in program.order.clone() {
        code(&mut asked, &mut program.segments[id.0].code);
    }
}

fn code(asked: &mut Asked<'_>, ops: &mut [Op]) {
    for op in ops {
        if let Op::Plain { stmt, .. } = op
            && let Some(value) = operand(asked.names, stmt)
        {
            asked.visit_expr_mut(value);
        }
        let is_over = match op {
            Op::Return(_) => true,
            // Its temporaries are gone when the function is suspended.
            Op::Suspend { suspend: Suspend { wait, .. }, .. } => *wait == Wait::Yield,
            _ => false,
        };
        if !is_over {
            op.values_mut().into_iter().for_each(|value| asked.visit_expr_mut(value));
        }
        op.inner_mut().into_iter().for_each(|inner| code(asked, inner));
    }
}

/// What a variable of ours is given: it is an operand of a statement that goes on.
fn operand<'s>(names: &Names, stmt: &'s mut Stmt) -> Option<&'s mut Expr> {
    let is_ours = |var| names.get(var).ours;
    match stmt {
        Stmt::Expr(Expr::Assign(assign), _) => {
            walk::local(names, &assign.left).is_some_and(is_ours).then_some(&mut *assign.right)
        }
        Stmt::Local(Local { pat, init: Some(init), .. }) => {
            walk::bindings(names, pat).into_iter().any(is_ours).then_some(&mut *init.expr)
        }
        _ => None,
    }
}

struct Asked<'a> {
    names: &'a Names,
    /// What suspensions evaluated to, in the middle of something.
    outputs: BTreeSet<VarId>,
}

impl Asked<'_> {
    fn is_awaited(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Try(_) => true,
            Expr::Paren(inner) => self.is_awaited(&inner.expr),
            expr => walk::local(self.names, expr).is_some_and(|var| self.outputs.contains(&var)),
        }
    }
}

impl VisitMut for Asked<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let awaited = receivers::unwraps_awaited(call) && self.is_awaited(&call.receiver);
        if awaited || receivers::unwraps_made(call) {
            *call.receiver = receivers::unwrapped(&call.receiver, first_span(&call.receiver));
        }
    }

    fn visit_block_mut(&mut self, _: &mut syn::Block) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
