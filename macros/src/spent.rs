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
use crate::input::{Function, Kind};
use crate::names::{Names, VarId};
use crate::operands;
use crate::rests::{self, Used};
use crate::segments::{Entry, JumpId, Op, Program, SegmentId};
use crate::suspension::{At, Wait};
use crate::tree::Suspend;
use crate::walk::{self, Mentions};

/// The statements that are lowered so, by the number that they get.
pub(crate) type Spent = BTreeSet<JumpId>;

pub(crate) fn choose(function: &Function, program: &Program, flow: &Flow, names: &Names) -> Spent {
    let mut spent = Spent::new();
    if !rests::ARE_KEPT || matches!(function.kind, Kind::Generator { .. }) {
        return spent;
    }
    for id in &program.order {
        let code = &program.get(*id).code;
        if may_use_up(code, names) {
            Following::of(program, flow, names, *id).statements(code, &After::default(), &mut spent);
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

/// What may run after some code.
#[derive(Clone, Default)]
struct After {
    /// The variables that are named in the same segment.
    named: BTreeSet<VarId>,
    /// Where it leads to.
    targets: BTreeSet<SegmentId>,
}

/// What may run after the statements of a segment.
struct Following<'a> {
    program: &'a Program,
    flow: &'a Flow,
    names: &'a Names,
    /// The variables that are named in what is awaited, from the segment on.
    awaited: BTreeSet<VarId>,
}

impl<'a> Following<'a> {
    fn of(program: &'a Program, flow: &'a Flow, names: &'a Names, id: SegmentId) -> Following<'a> {
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
        Following { program, flow, names, awaited }
    }

    fn statements(&self, code: &[Op], after: &After, spent: &mut Spent) {
        let mut after = after.clone();
        for op in code.iter().rev() {
            op.inner().into_iter().for_each(|inner| self.statements(inner, &after, spent));
            let mut mentions = Mentions::new(self.names);
            let mut targets = BTreeSet::new();
            Op::each(std::slice::from_ref(op), &mut |op| {
                mentions.visit_op(op);
                targets.extend(self.program.targets(op));
            });
            after.targets.extend(targets);
            if let Op::Plain { stmt, id } = op
                && let Some((value, _)) = value_of(stmt)
                && let used = Used::up_by(self.names, &value)
                && !used.is_empty()
            {
                let reached = self.reached(&after);
                let left = |var: &VarId| !after.named.contains(var) && self.is_left(*var, &reached);
                let left: Vec<VarId> = used.into_iter().filter(left).collect();
                if !left.is_empty()
                    && (self.keeps_or_gives_nothing(stmt, &reached) || self.replaces(stmt, &left))
                {
                    spent.insert(*id);
                }
            }
            after.named.extend(mentions.found);
        }
    }

    /// The segments that may run.
    fn reached(&self, after: &After) -> BTreeSet<SegmentId> {
        let later = after.targets.iter().flat_map(|to| self.program.after(*to));
        after.targets.iter().copied().chain(later).collect()
    }

    /// Is this variable only dropped after that, and a suspension comes before?
    fn is_left(&self, var: VarId, reached: &BTreeSet<SegmentId>) -> bool {
        let named = |id: &SegmentId| matches!(self.need(*id, var), Need::Value | Need::Declared);
        let in_scope = |id: &&SegmentId| self.program.get(**id).scope.contains(&var);
        !reached.iter().filter(in_scope).any(named)
            && self.suspensions(reached).filter(in_scope).any(|id| self.need(*id, var) == Need::Held)
    }

    fn keeps_or_gives_nothing(&self, stmt: &Stmt, reached: &BTreeSet<SegmentId>) -> bool {
        let Stmt::Local(local) = stmt else { return true };
        let kept = |var: &VarId| {
            self.suspensions(reached).any(|id| self.need(*id, *var) == Need::Value)
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

    fn need(&self, segment: SegmentId, var: VarId) -> Need {
        self.flow.need(self.names, segment, var)
    }

    fn suspensions<'s>(&'s self, reached: &'s BTreeSet<SegmentId>) -> impl Iterator<Item = &'s SegmentId> {
        reached.iter().filter(|id| matches!(self.program.get(**id).entry, Entry::Resume(_)))
    }
}
