//! Statements that may use up a variable which nothing names afterwards.
//!
//! `let pool = builder.build();` consumes `builder`, or only looks at it. If a suspension follows while
//! `builder` is in scope, what is left of it must be kept till then. Such a statement is lowered like
//! an `await`, of a block that is ready at once: the block keeps what is left, as the
//! [rest](crate::rests) of an awaited call does.
//!
//! What the statement gives then can't borrow from its operands. So this is only done where it couldn't
//! anyway, since it is kept over a suspension, or where it gives nothing; or where it goes by the name of what was used.

use std::collections::BTreeSet;

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

use crate::flow::{Flow, Need};
use crate::following::{After, Following};
use crate::input::{Function, Kind};
use crate::names::{Names, VarId};
use crate::operands;
use crate::rests;
use crate::segments::{JumpId, Op, Program, SegmentId};
use crate::suspension::{At, Wait};
use crate::tree::Suspend;
use crate::used::Used;
use crate::walk::{self, Mentions};

/// The statements that are lowered so, by the number that they get.
pub(crate) type Spent = BTreeSet<JumpId>;

pub(crate) fn choose(function: &Function, program: &Program, flow: &Flow, names: &Names) -> Spent {
    let mut spent = Spent::new();
    if !rests::ARE_KEPT || matches!(function.kind, Kind::Generator { .. }) {
        return spent;
    }
    let following = Following { program, flow, names };
    for id in &program.order {
        if may_use_up(&program.get(*id).code, names) {
            let chooser = Chooser::of(following, *id);
            following.each(*id, &mut |place| {
                if let Op::Plain { stmt, id } = &place.code[place.index]
                    && chooser.is_chosen(stmt, place.after)
                {
                    spent.insert(*id);
                }
            });
        }
    }
    spent
}

/// Is there a statement that may use up a variable?
fn may_use_up(code: &[Op], names: &Names) -> bool {
    let mut found = false;
    Op::each(code, &mut |op| {
        if let Op::Plain { stmt, .. } = op {
            found |= value_of(stmt).is_some_and(|(value, _)| !Used::up_by(names, &value).is_empty());
        }
    });
    found
}

/// What a statement evaluates, if it can be put into a block of its own, and the `?` behind it.
///
/// One under an attribute stays what it is: a `cfg` may take it away.
fn value_of(stmt: &Stmt) -> Option<(Expr, Option<syn::Token![?]>)> {
    let first = stmt.to_token_stream().into_iter().next();
    if matches!(first, Some(TokenTree::Punct(first)) if first.as_char() == '#') {
        return None;
    }
    let value = match stmt {
        Stmt::Local(local) if local.init.as_ref().is_some_and(|init| init.diverge.is_none()) => {
            local.init.as_ref().map(|init| (*init.expr).clone())
        }
        Stmt::Expr(expr, _) => Some(expr.clone()),
        Stmt::Macro(call) => Some(Expr::Macro(syn::ExprMacro { attrs: Vec::new(), mac: call.mac.clone() })),
        _ => None,
    }?;
    let borrows_made = |arg: &Expr| matches!(arg, Expr::Reference(made) if !walk::is_place(&made.expr));
    // A `?` behind it is for what it gives.
    let (value, question) = match value {
        Expr::Try(tried) => (*tried.expr, Some(tried.question_token)),
        value => (value, None),
    };
    let extends = match &value {
        Expr::Call(call) => call.args.iter().any(borrows_made),
        Expr::MethodCall(_) | Expr::Macro(_) => false,
        // Control flow, which gives nothing.
        Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::ForLoop(_) | Expr::While(_) => {
            matches!(stmt, Stmt::Local(_)) || walk::assigns(&value)
        }
        _ => true,
    };
    (!extends && !operands::has_question(&value)).then_some((value, question))
}

/// The statement as the suspension that it is lowered as.
pub(crate) fn as_suspension(stmt: &Stmt) -> Option<Suspend> {
    let (operand, question) = value_of(stmt)?;
    let into = match stmt {
        Stmt::Local(local) => Some(local.pat.clone()),
        _ => None,
    };
    let at = At { word: operand.span(), end: operand.span() };
    Some(Suspend {
        wait: Wait::Await,
        operand: Some(operand),
        into,
        at,
        lingers: None,
        ready: true,
        question,
    })
}

/// Which statements of a segment use up what nothing names afterwards.
struct Chooser<'a> {
    following: Following<'a>,
    names: &'a Names,
    /// The variables that are named in what is awaited, from the segment on.
    awaited: BTreeSet<VarId>,
}

impl<'a> Chooser<'a> {
    fn of(following: Following<'a>, id: SegmentId) -> Chooser<'a> {
        let Following { program, names, .. } = following;
        let mut awaited = BTreeSet::new();
        for id in program.after(id).into_iter().chain([id]) {
            Op::each(&program.get(id).code, &mut |op| {
                if let Op::Suspend {
                    suspend: Suspend { wait: Wait::Await, operand: Some(operand), .. },
                    ..
                } = op
                {
                    awaited.extend(Mentions::in_expr(names, operand));
                }
            });
        }
        Chooser { following, names, awaited }
    }

    fn is_chosen(&self, stmt: &Stmt, after: &After) -> bool {
        let Some((value, _)) = value_of(stmt) else { return false };
        let used = Used::up_by(self.names, &value);
        if used.is_empty() {
            return false;
        }
        let reached = self.following.reached(after);
        let left = |var: &VarId| !after.named.contains(var) && self.following.is_left(*var, &reached);
        let left: Vec<VarId> = used.into_iter().filter(left).collect();
        !left.is_empty()
            && (self.keeps_or_gives_nothing(stmt, &reached)
                || self.replaces(stmt, &left)
                || takes_a_part(self.names, &value, &left))
    }

    fn keeps_or_gives_nothing(&self, stmt: &Stmt, reached: &BTreeSet<SegmentId>) -> bool {
        let Stmt::Local(local) = stmt else { return true };
        let kept = |var: &VarId| {
            self.following.suspensions(reached).any(|id| self.following.need(*id, *var) == Need::Value)
                || self.awaited.contains(var)
        };
        walk::bindings(self.names, &local.pat).iter().any(kept)
    }

    /// `let request = request.header(..);` takes the name of what it uses up.
    fn replaces(&self, stmt: &Stmt, used: &[VarId]) -> bool {
        let Stmt::Local(local) = stmt else { return false };
        let shown = |var: &VarId| &self.names.get(*var).shown;
        let bound = walk::bindings(self.names, &local.pat);
        bound.iter().any(|bound| used.iter().any(|var| shown(var) == shown(bound)))
    }
}

/// `let told = db.publish(&message.channel, message.text);`: who takes a part of something has no borrow of another part in mind.
fn takes_a_part(names: &Names, value: &Expr, left: &[VarId]) -> bool {
    let (Expr::Call(syn::ExprCall { args, .. }) | Expr::MethodCall(syn::ExprMethodCall { args, .. })) = value
    else {
        return false;
    };
    let is_part = |arg: &Expr| {
        matches!(arg, Expr::Field(_)) && walk::root(names, arg).is_some_and(|var| left.contains(&var))
    };
    args.iter().any(is_part)
}
