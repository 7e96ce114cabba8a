//! Which variables an awaited future borrows, and so takes with it while the function is suspended.
//!
//! A machine that owns its variables can't hold a reference into itself. `sock.read(&mut buf).await`
//! therefore moves `sock` and `buf` into the future, and has them back when it is done:
//!
//! ```text
//! async move { let output = sock.read(&mut buf).await; (sock, buf, output) }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use syn::Expr;
use syn::visit::{self, Visit};

use crate::flow::{self, Flow, Need};
use crate::names::{Names, VarId};
use crate::operands;
use crate::places;
use crate::receivers;
use crate::segments::{Op, Program, SegmentId};
use crate::suspension::Wait;
use crate::types::Glue;
use crate::walk::{self, Mentions};

/// The variables that go into an awaited future, in order of declaration.
#[derive(Default, Debug)]
pub(crate) struct Lend {
    pub(crate) lent: BTreeSet<VarId>,
}

/// By the segment that the await resumes; none where the future stands for itself.
pub(crate) type Lends = BTreeMap<SegmentId, Lend>;

pub(crate) fn decide(program: &Program, flow: &Flow, names: &Names) -> Lends {
    let mut lends = Lends::new();
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Suspend { suspend, to } = op
                && matches!(suspend.wait, Wait::Await | Wait::Item)
                && let Some(operand) = &suspend.operand
            {
                let lend = decide_one(operand, suspend.wait, *to, program, flow, names);
                // What isn't awaited itself is in a block that is.
                let block = suspend.ready.then(Lend::default);
                lends.extend(lend.or(block).map(|lend| (*to, lend)));
            }
        });
    }
    lends
}

fn decide_one(
    operand: &Expr,
    wait: Wait,
    to: SegmentId,
    program: &Program,
    flow: &Flow,
    names: &Names,
) -> Option<Lend> {
    let scope = &program.get(to).scope;
    let rest = program.rests.get(&to);
    let kept = |var: VarId| {
        !matches!(flow.need(names, to, var), Need::Nothing | Need::Declared)
            && rest.is_none_or(|rest| rest.var != var)
    };
    let mut borrows = Borrows { names, borrowed: BTreeSet::new(), used: BTreeSet::new(), temporaries: false };
    borrows.value(operand);
    if wait == Wait::Item {
        return Some(Lend { lent: borrows.borrowed });
    }
    let Borrows { mut borrowed, mut used, temporaries, .. } = borrows;
    borrowed.retain(|var| !names.on_loan(*var));
    used.retain(|var| !names.on_loan(*var));
    let moved = used.clone();
    // A variable that is used by value and again later is copied, or reborrowed: `f(conn).await`.
    borrowed.extend(
        used.into_iter()
            .filter(|var| names.get(*var).glue != Glue::Copy && flow.need(names, to, *var) == Need::Value),
    );
    borrowed.retain(|var| scope.contains(var));
    borrowed.extend(rest.iter().flat_map(|rest| &rest.of));
    if borrowed.is_empty() && !temporaries && rest.is_none() && !is_boxed_call(operand) {
        return None;
    }
    // What has the home of a value goes along where that is named.
    borrowed.extend(places::named_in(names, operand).into_iter().filter(|var| scope.contains(var)));
    // So is what moves into the operand: should something in it panic, it is dropped in its turn.
    borrowed
        .extend(moved.into_iter().filter(|var| scope.contains(var) && names.get(*var).glue == Glue::Unknown));
    // What was declared after a variable is dropped before it: it goes along.
    let first =
        scope.iter().copied().find(|var| borrowed.contains(var) && names.get(*var).glue == Glue::Unknown);
    if let Some(first) = first {
        let after = scope.iter().skip_while(move |var| **var != first);
        borrowed.extend(after.filter(|var| names.get(**var).glue == Glue::Unknown && kept(**var)));
    }
    Some(Lend { lent: borrowed })
}

/// `Box::pin(f(x))`, as functions are awaited that call each other: a type that has itself in it, be it
/// behind a box, is none to rustc, unless an `async` block is between.
fn is_boxed_call(operand: &Expr) -> bool {
    let Expr::Call(call) = operand else { return false };
    let Expr::Path(path) = &*call.func else { return false };
    let mut names = path.path.segments.iter().rev().map(|segment| &segment.ident);
    let boxes =
        names.next().is_some_and(|name| name == "pin") && names.next().is_some_and(|name| name == "Box");
    boxes && matches!(call.args.first(), Some(Expr::Call(_) | Expr::MethodCall(_)))
}

/// Finds the variables that the value of an expression may borrow.
struct Borrows<'a> {
    names: &'a Names,
    borrowed: BTreeSet<VarId>,
    used: BTreeSet<VarId>,
    /// Something made on the way lives as long as the future.
    temporaries: bool,
}

impl Borrows<'_> {
    fn value(&mut self, expr: &Expr) {
        match walk::local(self.names, expr) {
            Some(var) => {
                self.used.insert(var);
            }
            None => self.visit_expr(expr),
        }
    }

    fn place(&mut self, expr: &Expr, by_reference: bool) {
        match expr {
            // The variable is where it is.
            Expr::MethodCall(call) if self.is_on_loan(&call.receiver) => self.visit_expr(expr),
            Expr::Path(_) => {
                let Some(var) = walk::local(self.names, expr) else { return };
                // A method may move a `mut text: &[u8]` itself on, as `text.read(&mut buf)` does.
                let itself = by_reference || self.names.get(var).mutable;
                if itself || !walk::is_shared_reference(self.names, var) {
                    self.borrowed.insert(var);
                }
            }
            Expr::Field(field) => self.place(&field.base, false),
            Expr::Paren(inner) => self.place(&inner.expr, by_reference),
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.place(&unary.expr, false),
            Expr::Index(index) => {
                self.place(&index.expr, false);
                self.value(&index.index);
            }
            Expr::Lit(_) => {}
            expr => {
                self.temporaries |= !walk::is_place(expr);
                self.value(expr);
            }
        }
    }

    /// What a closure uses by value it takes, and it borrows the rest, unless it takes all.
    fn closure(&mut self, moves: bool, body: &Expr) {
        let mut mentions = Mentions::in_expr(self.names, body);
        if !moves {
            let taken = flow::taken_by(self.names, body);
            mentions.retain(|var| !taken.contains(var));
            self.used.extend(taken);
        }
        self.captured(moves, mentions);
    }

    fn is_on_loan(&self, expr: &Expr) -> bool {
        walk::local(self.names, expr).is_some_and(|var| self.names.on_loan(var))
    }

    fn captured(&mut self, moves: bool, mentions: BTreeSet<VarId>) {
        if moves {
            self.used.extend(mentions);
        } else {
            self.borrowed.extend(mentions);
        }
    }
}

impl<'ast> Visit<'ast> for Borrows<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Path(_) if walk::local(self.names, expr).is_some() => self.value(expr),
            Expr::Path(_) => {}
            Expr::Reference(reference) => self.place(&reference.expr, true),
            // What is written to has to come back.
            Expr::Assign(assign) => {
                self.place(&assign.left, true);
                self.value(&assign.right);
            }
            Expr::Binary(binary) if operands::is_assignment(&binary.op) => {
                self.place(&binary.left, true);
                self.value(&binary.right);
            }
            Expr::MethodCall(call) => {
                if self.is_on_loan(&call.receiver) {
                    // Where it is, it stays.
                } else if receivers::consumes(call) {
                    self.value(&call.receiver);
                } else {
                    self.place(&call.receiver, false);
                }
                call.args.iter().for_each(|arg| self.value(arg));
            }
            Expr::Match(select) => {
                // What is looked at lives to the end of the statement.
                self.temporaries |= !walk::is_place(&select.expr);
                visit::visit_expr(self, expr);
            }
            Expr::Call(call) => {
                match walk::local(self.names, &call.func) {
                    Some(_) => self.place(&call.func, false),
                    None => self.visit_expr(&call.func),
                }
                call.args.iter().for_each(|arg| self.value(arg));
            }
            Expr::Struct(literal) => {
                literal.fields.iter().for_each(|field| self.value(&field.expr));
                // What is not taken of a value that is made in place lives to the end of the statement.
                if let Some(rest) = &literal.rest {
                    match walk::is_place(rest) {
                        true => self.value(rest),
                        false => self.place(rest, false),
                    }
                }
            }
            Expr::Closure(closure) => self.closure(closure.capture.is_some(), &closure.body),
            Expr::Async(block) => self.closure(block.capture.is_some(), &walk::async_body(block)),
            Expr::Macro(_) => self.captured(false, Mentions::in_expr(self.names, expr)),
            Expr::Field(field) => {
                // The value of a field: copied out, or moved out of its variable.
                let place = Expr::Field(field.clone());
                if walk::is_still_place(&place) {
                    self.captured(true, BTreeSet::new());
                } else {
                    self.place(&field.base, false);
                }
            }
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
