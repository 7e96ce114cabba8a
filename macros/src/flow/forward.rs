//! Forward through code: which variables have their values, on each way.

use syn::visit::{self, Visit};
use syn::{Expr, Pat};

use super::{Env, Presence, taken_by};
use crate::arguments;
use crate::capturing;
use crate::coverage::{self, Taken};
use crate::names::{Captures, Names, VarId};
use crate::receivers;
use crate::segments::{JumpId, Op, Program, SegmentId};
use crate::tree::{Dest, LoopId};
use crate::types::Glue;
use crate::walk::{self, Mentions, bindings};

pub(super) struct Forward<'a> {
    program: &'a Program,
    names: &'a Names,
    pub(super) env: Env,
    pub(super) arrivals: Vec<(SegmentId, Option<JumpId>, Env)>,
    /// What holds where a variable ends early.
    pub(super) ends: Vec<(JumpId, Env)>,
    /// The statement at hand.
    at: Option<JumpId>,
    /// What has the home of a variable on loan stays until its scope ends, whatever becomes of the value.
    pub(super) homes_stay: bool,
    /// A pattern takes what it moves: that there is nothing to move isn't enough for a closure to capture it.
    pub(super) only_moves: bool,
}

impl<'a> Forward<'a> {
    pub(super) fn new(program: &'a Program, names: &'a Names, mut env: Env) -> Self {
        // Nothing is left of a variable that was just declared.
        let rests = program.rests.values().map(|rest| rest.var);
        for var in rests.chain(program.beside.iter().copied()) {
            env.entry(var).or_insert(Presence::Unset);
        }
        Forward {
            program,
            names,
            env,
            arrivals: Vec::new(),
            ends: Vec::new(),
            at: None,
            homes_stay: true,
            only_moves: false,
        }
    }
}

impl Forward<'_> {
    pub(super) fn code(&mut self, code: &[Op]) {
        code.iter().for_each(|op| self.op(op));
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Plain { stmt, id } => {
                self.at = Some(*id);
                self.visit_stmt(stmt);
            }
            Op::Assign(assign) => {
                self.value(&assign.value);
                self.set(self.names.of(&assign.var), Presence::Set);
            }
            Op::Leaving { id, .. } => self.at = Some(*id),
            Op::Recall { var, into } => {
                self.set(Some(*var), Presence::Gone);
                self.set(Some(*into), Presence::Set);
            }
            Op::End { var, id } => {
                self.ends.push((*id, self.env.clone()));
                self.set(Some(*var), Presence::Gone);
            }
            Op::Receive { into, .. } => into.iter().for_each(|pat| self.bind(pat)),
            Op::Scope { code, value, .. } => {
                self.code(code);
                if let Some(assign) = value {
                    self.value(&assign.value);
                    self.set(self.names.of(&assign.var), Presence::Set);
                }
            }
            Op::If { cond, then, otherwise } => {
                let scrutinee = scrutinee_of(cond);
                let none = none();
                self.visit_expr(cond);
                self.branches(vec![
                    Branch::new(scrutinee, Op::leave(then), |walk| walk.code(then)),
                    Branch::new(if_not_some(scrutinee, &none), Op::leave(otherwise), |walk| {
                        walk.code(otherwise);
                    }),
                ]);
            }
            Op::Match { scrutinee, arms } => {
                self.looked_at(scrutinee);
                let branches = arms.iter().map(|arm| {
                    Branch::new(Some((scrutinee, &arm.pat)), Op::leave(&arm.code), move |walk| {
                        walk.bind(&arm.pat);
                        walk.code(&arm.code);
                    })
                });
                self.branches(branches.collect());
            }
            Op::LetElse { pat, value, diverge } => {
                let (looked, none) = (Some((value, pat)), none());
                self.looked_at(value);
                self.branches(vec![
                    Branch::new(if_not_some(looked, &none), true, |walk| walk.code(diverge)),
                    Branch::new(looked, false, |walk| walk.bind(pat)),
                ]);
            }
            Op::Suspend { suspend, to } => {
                if let Some(operand) = &suspend.operand {
                    self.value(operand);
                    let named = Mentions::in_expr(self.names, operand).into_iter();
                    let spent = named.filter(|var| self.names.get(*var).spent);
                    spent.for_each(|var| self.set(Some(var), Presence::Gone));
                }
                if let Some(rest) = self.program.rests.get(to) {
                    rest.of.iter().for_each(|var| self.set(Some(*var), Presence::Gone));
                    self.set(Some(rest.var), Presence::Set);
                }
                self.arrive(*to, None);
            }
            Op::Goto { to, id } => self.arrive(*to, Some(*id)),
            Op::Return(value) => self.value(value),
        }
    }

    fn arrive(&mut self, to: SegmentId, jump: Option<JumpId>) {
        self.arrivals.push((to, jump, self.env.clone()));
    }

    fn jump(&mut self, id: LoopId, breaks: bool) {
        let Some(Some(jumps)) = self.program.jumps.get(id.0).copied() else { return };
        if breaks && let Dest::Var { var, .. } = &self.program.results[id.0] {
            self.set(self.names.of(var), Presence::Set);
        }
        self.arrive(if breaks { jumps.after } else { jumps.again }, self.at);
    }

    fn set(&mut self, var: Option<VarId>, presence: Presence) {
        if let Some(var) = var {
            self.env.insert(var, presence);
        }
    }

    /// A variable is moved out, or copied.
    fn used_up(&mut self, var: VarId) {
        if !(self.homes_stay && self.names.on_loan(var)) {
            self.set(Some(var), Presence::Gone);
        }
    }

    fn bind(&mut self, pat: &Pat) {
        if let Pat::Guard(guarded) = pat {
            self.visit_expr(&guarded.guard);
        }
        for var in bindings(self.names, pat) {
            self.set(Some(var), Presence::Set);
        }
    }

    /// The variable that a pattern takes apart.
    fn take(&mut self, scrutinee: &Expr, pat: &Pat) {
        let Some(var) = walk::local(self.names, scrutinee) else { return };
        let takes = coverage::taken(pat) == Taken::All && (coverage::moves(pat) || !self.only_moves);
        if takes && self.names.get(var).glue == Glue::Unknown {
            self.used_up(var);
        }
    }

    /// An expression whose value is used: a variable is moved out, or copied.
    pub(super) fn value(&mut self, expr: &Expr) {
        match walk::local(self.names, expr) {
            Some(var) if self.names.get(var).glue == Glue::Copy => {}
            Some(var) => self.used_up(var),
            None => self.visit_expr(expr),
        }
    }

    /// An expression that is looked at in place.
    fn looked_at(&mut self, expr: &Expr) {
        if walk::local(self.names, expr).is_none() {
            self.visit_expr(expr);
        }
    }

    /// Code that may run any number of times, or not at all.
    fn perhaps(&mut self, run: impl FnOnce(&mut Self)) {
        let before = self.env.clone();
        run(self);
        self.env = join(before, &self.env);
    }

    /// A closure takes what it names if it is told to, and else what its body uses by value.
    fn closure(&mut self, moves: bool, body: &Expr) {
        let taken = match moves {
            true => capturing::moved_into(self.names, body).into_keys().collect(),
            false => taken_by(self.names, body),
        };
        for var in taken {
            if self.env.contains_key(&var) && self.names.get(var).glue != Glue::Copy {
                self.used_up(var);
            }
        }
    }
}

pub(super) fn join(mut one: Env, other: &Env) -> Env {
    for (var, presence) in other {
        one.entry(*var).and_modify(|known| *known = known.join(*presence)).or_insert(*presence);
    }
    one
}

/// What an `if let` looks at.
fn scrutinee_of(cond: &Expr) -> Option<(&Expr, &Pat)> {
    match cond {
        Expr::Let(condition) => Some((&condition.expr, &condition.pat)),
        _ => None,
    }
}

fn none() -> Pat {
    syn::parse_quote_spanned!(crate::input::mixed()=> None)
}

/// What the `let`s of a chain look at.
fn scrutinees_of<'a>(cond: &'a Expr, found: &mut Vec<(&'a Expr, &'a Pat)>) {
    if let Expr::Binary(binary) = cond {
        for side in [&binary.left, &binary.right] {
            found.extend(scrutinee_of(side));
            scrutinees_of(side, found);
        }
    }
}

/// What an `else` finds where `if let Some(x)` looked at a variable.
fn if_not_some<'a>(looked: Option<(&'a Expr, &Pat)>, none: &'a Pat) -> Option<(&'a Expr, &'a Pat)> {
    let (scrutinee, pat) = looked?;
    coverage::is_any_some(pat).then_some((scrutinee, none))
}

impl<'ast> Visit<'ast> for Forward<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        match &local.init {
            Some(init) => {
                match walk::local(self.names, &init.expr) {
                    Some(_) if matches!(local.pat, Pat::Wild(_)) => {}
                    Some(_) if !matches!(local.pat, Pat::Ident(_) | Pat::Type(_)) => {
                        self.take(&init.expr, &local.pat);
                    }
                    _ => self.value(&init.expr),
                }
                if let Some((_, diverge)) = &init.diverge {
                    let before = self.env.clone();
                    self.visit_expr(diverge);
                    self.env = before;
                }
                self.bind(&local.pat);
            }
            None => {
                for var in bindings(self.names, &local.pat) {
                    self.set(Some(var), Presence::Unset);
                }
            }
        }
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Path(_) if walk::local(self.names, expr).is_some() => self.value(expr),
            Expr::Path(_) => {}
            Expr::Assign(assign) => {
                // What a pattern takes of a variable is told by a `let`, or else by rustc.
                match walk::is_place(&assign.left) {
                    true => self.value(&assign.right),
                    false => self.looked_at(&assign.right),
                }
                for place in walk::assignees(&assign.left) {
                    match walk::local(self.names, place) {
                        Some(var) => self.set(Some(var), Presence::Set),
                        None => self.looked_at(place),
                    }
                }
            }
            Expr::Reference(reference) => self.looked_at(&reference.expr),
            Expr::RawAddr(address) => self.looked_at(&address.expr),
            Expr::Field(field) => self.looked_at(&field.base),
            Expr::Index(index) => {
                self.looked_at(&index.expr);
                self.value(&index.index);
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.looked_at(&unary.expr),
            Expr::MethodCall(call) => {
                let spent =
                    walk::local(self.names, &call.receiver).is_some_and(|var| self.names.get(var).spent);
                if spent || receivers::consumes(call) {
                    self.value(&call.receiver);
                } else {
                    self.looked_at(&call.receiver);
                }
                call.args.iter().for_each(|arg| self.value(arg));
            }
            Expr::Struct(literal) => {
                literal.fields.iter().for_each(|field| self.value(&field.expr));
                // `..rest` takes some of its fields: rustc tells if what is left can be kept.
                literal.rest.iter().for_each(|rest| self.looked_at(rest));
            }
            Expr::Call(call) => {
                // A closure may be called again; one that can't be is told so by rustc.
                match walk::local(self.names, &call.func) {
                    Some(var) if self.names.get(var).closure == Some(Captures::ByUse) => {
                        self.value(&call.func);
                    }
                    _ => self.looked_at(&call.func),
                }
                call.args.iter().for_each(|arg| self.value(arg));
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::If(branch) => {
                let looked = scrutinee_of(&branch.cond);
                let mut chain = Vec::new();
                scrutinees_of(&branch.cond, &mut chain);
                let take = |walk: &mut Self| chain.iter().for_each(|(value, pat)| walk.take(value, pat));
                let none = none();
                self.visit_expr(&branch.cond);
                let otherwise = branch.else_branch.as_ref();
                self.branches(vec![
                    Branch::new(looked, walk::ends_in_leaving(&branch.then_branch), |walk| {
                        take(walk);
                        walk.visit_block(&branch.then_branch);
                    }),
                    Branch::new(if_not_some(looked, &none), false, |walk| {
                        // A link after the one that takes may have failed.
                        walk.perhaps(take);
                        if let Some((_, other)) = otherwise {
                            walk.visit_expr(other);
                        }
                    }),
                ]);
            }
            Expr::Let(condition) => {
                self.looked_at(&condition.expr);
                self.bind(&condition.pat);
            }
            Expr::Match(select) => {
                self.looked_at(&select.expr);
                let arms = select.arms.iter().map(|arm| {
                    let looked = Some((&*select.expr, &arm.pat));
                    Branch::new(looked, walk::leaves(&arm.body), move |walk| {
                        walk.bind(&arm.pat);
                        walk.visit_expr(&arm.body);
                    })
                });
                self.branches(arms.collect());
            }
            Expr::Loop(repeat) => self.perhaps(|walk| walk.visit_block(&repeat.body)),
            Expr::While(repeat) => self.perhaps(|walk| {
                walk.visit_expr(&repeat.cond);
                walk.visit_block(&repeat.body);
            }),
            Expr::ForLoop(repeat) => {
                self.value(&repeat.expr);
                self.perhaps(|walk| {
                    walk.bind(&repeat.pat);
                    walk.visit_block(&repeat.body);
                });
            }
            Expr::Closure(closure) => self.closure(closure.capture.is_some(), &closure.body),
            Expr::Async(block) => self.closure(block.capture.is_some(), &walk::async_body(block)),
            Expr::Break(jump) => {
                jump.expr.iter().for_each(|value| self.value(value));
                if let Some(id) = jump.label.as_ref().and_then(LoopId::of) {
                    self.jump(id, true);
                }
            }
            Expr::Continue(jump) => {
                if let Some(id) = jump.label.as_ref().and_then(LoopId::of) {
                    self.jump(id, false);
                }
            }
            Expr::Macro(call) => self.macro_values(&call.mac),
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_stmt_macro(&mut self, mac: &'ast syn::StmtMacro) {
        self.macro_values(&mac.mac);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
}

impl<'w> Forward<'w> {
    /// `vec![a, b]` and `dbg!(x)` take their operands by value, those that format look at theirs; other
    /// macros only look at all they are given, for all we know.
    fn macro_values(&mut self, mac: &syn::Macro) {
        let takes = arguments::takes(mac);
        if !takes && !arguments::only_looks(mac) {
            return;
        }
        let evaluate = |walk: &mut Self| {
            for value in arguments::of(mac) {
                if takes {
                    walk.value(&value);
                } else {
                    walk.looked_at(&value);
                }
            }
        };
        if arguments::only_when_debugging(mac) {
            self.perhaps(evaluate);
        } else {
            evaluate(self);
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) {
        use syn::BinOp::*;
        match binary.op {
            Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_) => {
                self.looked_at(&binary.left);
                self.looked_at(&binary.right);
            }
            And(_) | Or(_) => {
                self.value(&binary.left);
                self.perhaps(|walk| walk.value(&binary.right));
            }
            Add(_) | Sub(_) | Mul(_) | Div(_) | Rem(_) | BitXor(_) | BitAnd(_) | BitOr(_) | Shl(_)
            | Shr(_) => {
                self.value(&binary.left);
                self.value(&binary.right);
            }
            _ => {
                self.looked_at(&binary.left);
                self.value(&binary.right);
            }
        }
    }

    /// Branches that may each take the value they look at. Those that leave have no part in what is
    /// there afterwards.
    fn branches(&mut self, branches: Vec<Branch<'_, 'w>>) {
        let before = self.env.clone();
        let mut after: Option<Env> = None;
        for branch in branches {
            self.env = before.clone();
            if let Some((scrutinee, pat)) = branch.looked {
                self.take(scrutinee, pat);
            }
            (branch.run)(self);
            if !branch.leaves {
                after = Some(match after {
                    None => self.env.clone(),
                    Some(joined) => join(joined, &self.env),
                });
            }
        }
        self.env = after.unwrap_or(before);
    }
}

/// A branch of an `if` or a `match`.
struct Branch<'b, 'w> {
    /// What it looks at, by which pattern.
    looked: Option<(&'b Expr, &'b Pat)>,
    /// What follows the construct doesn't follow it.
    leaves: bool,
    run: Box<dyn FnOnce(&mut Forward<'w>) + 'b>,
}

impl<'b, 'w> Branch<'b, 'w> {
    fn new(
        looked: Option<(&'b Expr, &'b Pat)>,
        leaves: bool,
        run: impl FnOnce(&mut Forward<'w>) + 'b,
    ) -> Self {
        Branch { looked, leaves, run: Box::new(run) }
    }
}
