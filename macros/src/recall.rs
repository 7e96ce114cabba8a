//! Brings variables back from their [loans](crate::loans) where nothing borrows them any more and they may be used up.
//!
//! ```text
//! writer.close().await;       writer2 = recall(writer);
//!                             (*writer2).close().await;
//! ```
//!
//! Whether `close` takes the writer or borrows it, rustc knows alone. Out of a place nothing can be moved, but out of a `Box`
//! something can. So the home becomes a box at the last operation that names the variable: a variable of its own, declared beside
//! the one on loan, to be dropped in its turn if anything is left of it.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Macro, parse_quote_spanned};

use crate::beside;
use crate::flow::{self, Flow};
use crate::input::{first_span, mixed};
use crate::loans::{Holder, Holders};
use crate::names::{Loan, Names, Var, VarId};
use crate::segments::{Op, Program};
use crate::types;
use crate::used::Used;
use crate::walk::{self, Mentions, names_in};

/// The variables that come back, and what they are then.
pub(crate) type Recalls = BTreeMap<VarId, VarId>;

/// Which variables come back.
pub(crate) fn choose(program: &mut Program, flow: &Flow, holders: &Holders, names: &mut Names) -> Recalls {
    // What is copied isn't used up.
    let is_copied = |var: &Var| var.copies || var.ty.as_ref().is_some_and(types::is_primitive);
    let homes = names.all().filter(|var| {
        let var = names.get(*var);
        var.loan == Some(Loan::Home) && !is_copied(var)
    });
    let homes: Vec<VarId> = homes.collect();
    let mut recalls = Recalls::new();
    for var in homes {
        let mut any = false;
        Search { flow, holders, names, var }.program(program, &mut |_, _| any = true);
        if any {
            recalls.insert(var, names.boxed(var));
        }
    }
    recalls
}

/// Writes where they do.
pub(crate) fn write(program: &mut Program, flow: &Flow, holders: &Holders, recalls: &Recalls, names: &Names) {
    for (var, into) in recalls {
        let (var, into) = (*var, *into);
        Search { flow, holders, names, var }.program(program, &mut |code, index| {
            Boxed { names, var, into }.op(&mut code[index]);
            code.insert(index, Op::Recall { var, into });
        });
        beside::declare(program, var, into);
        program.beside.push(into);
    }
}

/// Looks for the last operations that name a variable, on all ways.
struct Search<'a> {
    flow: &'a Flow,
    holders: &'a Holders,
    names: &'a Names,
    var: VarId,
}

/// What is done with such an operation: in this code, at this index.
type Found<'f> = &'f mut dyn FnMut(&mut Vec<Op>, usize);

impl Search<'_> {
    fn program(&self, program: &mut Program, found: Found<'_>) {
        for id in program.order.clone().into_iter().skip(1) {
            if program.get(id).scope.contains(&self.var) {
                let mut code = std::mem::take(&mut program.segments[id.0].code);
                self.code(program, &mut code, true, &self.holders.of(id, self.var), found);
                program.segments[id.0].code = code;
            }
        }
    }

    /// Code, which `leaves` the segment in the end. These have a borrow of the variable when it begins.
    fn code(
        &self,
        program: &Program,
        code: &mut Vec<Op>,
        leaves: bool,
        holders: &BTreeSet<Holder>,
        found: Found<'_>,
    ) {
        let Some(last) = code.iter().rposition(|op| self.mentions(op)) else { return };
        let left = |code: &[Op]| -> BTreeSet<Holder> {
            let is_left = |holder: &&Holder| !flow::moved_by(program, self.names, code, holder.var);
            holders.iter().filter(is_left).copied().collect()
        };
        let is_over = leaves && self.is_over_after(program, &code[last..]);
        let ends =
            |holder: &Holder| !holder.is_guard && !names_in(self.names, &code[last..]).contains(&holder.var);
        if is_over && left(&code[..last]).iter().all(ends) && uses_up(self.names, &code[last], self.var) {
            return found(code, last);
        }
        for index in 0..=last {
            if code[index].inner().is_empty() || !self.mentions(&code[index]) {
                continue;
            }
            let left = left(&code[..index]);
            for inner in code[index].inner_mut() {
                let leaves = Op::leave(inner);
                self.code(program, inner, leaves, &left, found);
            }
        }
    }

    fn mentions(&self, op: &Op) -> bool {
        names_in(self.names, std::slice::from_ref(op)).contains(&self.var)
    }

    /// Is it neither named nor borrowed where the code leads to? What the code itself binds would borrow the box: rustc tells.
    fn is_over_after(&self, program: &Program, code: &[Op]) -> bool {
        let bound = walk::declared(self.names, code);
        let lasts = |to| {
            let holders = self.holders.of(to, self.var);
            let before = |holder: &Holder| !holder.is_new && !bound.contains(&holder.var);
            self.flow.names(to, self.var) || holders.iter().any(before)
        };
        let mut over = true;
        Op::each(code, &mut |op| over &= !program.targets(op).into_iter().any(lasts));
        over
    }
}

/// May the operation use up the variable, and can what it does with that be written otherwise?
fn uses_up(names: &Names, op: &Op, var: VarId) -> bool {
    let mut obstacle = Obstacle { names, var, found: false };
    Op::each(std::slice::from_ref(op), &mut |op| {
        match op {
            Op::Plain { stmt, .. } => obstacle.visit_stmt(stmt),
            Op::Match { arms, .. } => arms.iter().for_each(|arm| obstacle.visit_pat(&arm.pat)),
            Op::LetElse { pat, .. } => obstacle.visit_pat(pat),
            _ => {}
        }
        op.values().into_iter().for_each(|value| obstacle.visit_expr(value));
    });
    !obstacle.found && Used::up_by_op(names, op).contains(&var)
}

/// Finds what can't be written otherwise: the variable is assigned to, or named in a macro.
struct Obstacle<'a> {
    names: &'a Names,
    var: VarId,
    found: bool,
}

impl<'ast> Visit<'ast> for Obstacle<'_> {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.found |= walk::local(self.names, &assign.left) == Some(self.var);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        let mut mentions = Mentions::new(self.names);
        mentions.visit_macro(mac);
        self.found |= mentions.found.contains(&self.var);
    }
}

/// Writes the variable as what is in its box.
struct Boxed<'a> {
    names: &'a Names,
    var: VarId,
    into: VarId,
}

impl Boxed<'_> {
    fn op(&mut self, op: &mut Op) {
        match op {
            Op::Plain { stmt, .. } => self.visit_stmt_mut(stmt),
            Op::Match { arms, .. } => arms.iter_mut().for_each(|arm| self.visit_pat_mut(&mut arm.pat)),
            _ => {}
        }
        op.values_mut().into_iter().for_each(|value| self.visit_expr_mut(value));
        op.inner_mut().into_iter().flatten().for_each(|op| self.op(op));
    }
}

impl VisitMut for Boxed<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(_) if walk::local(self.names, expr) == Some(self.var) => {
                let span = first_span(expr);
                let name = self.names.ident(self.into, mixed().located_at(span));
                *expr = parse_quote_spanned!(mixed().located_at(span)=> (*#name));
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if walk::local(self.names, &field.expr) == Some(self.var) {
            field.colon_token.get_or_insert(syn::Token![:](mixed()));
        }
        visit_mut::visit_field_value_mut(self, field);
    }
}
