//! Which variables there are when a segment begins, and which of them it needs.
//!
//! A variable that is named again is kept. One that isn't is kept as well if it may have a
//! destructor, unless it was moved on every path: it is dropped where Rust drops it.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Expr, Pat, Stmt};

use crate::coverage::{self, Taken};
use crate::error::Errors;
use crate::names::{Captures, Names, VarId};
use crate::receivers;
use crate::segments::{JumpId, Op, Program, SegmentId};
use crate::tree::{Dest, LoopId};
use crate::types::Glue;
use crate::walk::{self, Mentions, bindings};

/// Whether a variable has its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Presence {
    /// Declared, but nothing has been assigned to it yet.
    Unset,
    Set,
    /// Moved, or copied by its last use.
    Gone,
    /// One or the other.
    Maybe,
}

impl Presence {
    fn join(self, other: Presence) -> Presence {
        if self == other { self } else { Presence::Maybe }
    }
}

type Env = BTreeMap<VarId, Presence>;

/// What holds when a segment begins.
#[derive(Default, Clone)]
pub(crate) struct Facts {
    env: Option<Env>,
    /// Present on some of the ways in only, and known by a flag which.
    flagged: BTreeSet<VarId>,
    /// Named in it, or in what follows.
    pub(crate) named: BTreeSet<VarId>,
    /// Read in it or in what follows, before anything is assigned to it.
    pub(crate) read: BTreeSet<VarId>,
}

impl Facts {
    pub(crate) fn presence(&self, var: VarId) -> Presence {
        self.env.as_ref().and_then(|env| env.get(&var)).copied().unwrap_or(Presence::Set)
    }
}

/// What a segment does with a variable that is in scope when it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Need {
    /// It comes in by its name.
    Value,
    /// It comes in only to be dropped.
    Held,
    /// The same, if it is there at all: on some of the ways in it was moved.
    Flagged,
    /// It is declared anew, for what is assigned to it.
    Declared,
    Nothing,
}

pub(crate) struct Flow {
    facts: Vec<Facts>,
    /// What holds where each jump leaves, or a variable ends early.
    leaving: BTreeMap<JumpId, Env>,
}

impl Flow {
    pub(crate) fn need(&self, names: &Names, segment: SegmentId, var: VarId) -> Need {
        let facts = &self.facts[segment.0];
        let named = facts.named.contains(&var);
        match facts.presence(var) {
            Presence::Unset | Presence::Gone if named && !facts.read.contains(&var) => Need::Declared,
            Presence::Unset => Need::Nothing,
            _ if named => Need::Value,
            Presence::Gone => Need::Nothing,
            _ if names.get(var).glue.is_none() => Need::Nothing,
            Presence::Maybe if facts.flagged.contains(&var) => Need::Flagged,
            _ => Need::Held,
        }
    }

    /// The variables that a way from one segment to another would hand on, although they aren't there:
    /// what is there on another of the ways is only given a value again.
    pub(crate) fn lost(&self, program: &Program, names: &Names) -> BTreeSet<VarId> {
        let mut lost = BTreeSet::new();
        for from in &program.order {
            let Some(env) = self.facts[from.0].env.clone() else { continue };
            let mut walk = Forward { program, names, env, arrivals: Vec::new(), ends: Vec::new(), at: None };
            walk.code(&program.get(*from).code);
            for (to, _, env) in walk.arrivals {
                for var in program.get(to).scope.iter().filter(|var| program.get(*from).scope.contains(var)) {
                    let (brought, wanted) = (self.need(names, *from, *var), self.need(names, to, *var));
                    let given = wanted == Need::Value && !self.facts[to.0].read.contains(var);
                    let missing = match env.get(var) {
                        Some(Presence::Gone | Presence::Unset) => {
                            given && matches!(brought, Need::Nothing | Need::Declared)
                        }
                        Some(Presence::Maybe) => {
                            brought == Need::Declared
                                && (given || matches!(wanted, Need::Held | Need::Flagged))
                        }
                        _ => false,
                    };
                    if missing {
                        lost.insert(*var);
                    }
                }
            }
        }
        lost
    }

    /// One way of coming to a jump, or to where a variable ends early.
    fn leave(&mut self, jump: JumpId, env: &Env) {
        let known = self.leaving.remove(&jump);
        self.leaving.insert(jump, known.map_or_else(|| env.clone(), |known| join(known, env)));
    }

    /// Is a variable surely gone, or not there yet, where a jump leaves?
    pub(crate) fn absent(&self, jump: JumpId, var: VarId) -> bool {
        let presence = self.leaving.get(&jump).and_then(|env| env.get(&var));
        matches!(presence, Some(Presence::Gone | Presence::Unset))
    }
}

pub(crate) fn analyse(program: &Program, names: &Names) -> syn::Result<Flow> {
    let mut flow = Flow { facts: vec![Facts::default(); program.segments.len()], leaving: BTreeMap::new() };
    presences(program, names, &mut flow);
    names_and_reads(program, names, &mut flow);
    let mut errors = Errors::default();
    for var in flow.lost(program, names) {
        let name = &names.get(var).shown;
        let message = format!(
            "`{name}` has its value on some of the ways to where it is assigned to and not on others, and the \
             function suspends between: that can't be lowered yet; assign to a variable of its own, or drop \
             `{name}` on each way"
        );
        errors.at(name, message);
    }
    errors.finish()?;
    Ok(flow)
}

/// The variables that one branch of a construct moves and another doesn't, if they may have a
/// destructor.
pub(crate) fn moved_in_branches(names: &Names, construct: &Expr) -> Vec<VarId> {
    let unsure = left_by(names, construct)
        .into_iter()
        .filter(|(var, presence)| *presence == Presence::Maybe && names.get(*var).glue == Glue::Unknown);
    unsure.map(|(var, _)| var).collect()
}

/// The variables that the body of a closure uses by value, on whatever way: the closure takes them.
pub(crate) fn taken_by(names: &Names, body: &Expr) -> BTreeSet<VarId> {
    let taken = left_by(names, body).into_iter().filter(|(_, presence)| *presence != Presence::Set);
    taken.map(|(var, _)| var).collect()
}

/// What an expression leaves of the variables that it mentions and that are there before it.
fn left_by(names: &Names, expr: &Expr) -> Env {
    let program = Program { segments: Vec::new(), order: Vec::new(), jumps: Vec::new(), results: Vec::new() };
    let mentioned = Mentions::in_expr(names, expr);
    let env: Env = mentioned.iter().map(|var| (*var, Presence::Set)).collect();
    let mut walk =
        Forward { program: &program, names, env, arrivals: Vec::new(), ends: Vec::new(), at: None };
    walk.value(expr);
    let bound = bound_in(names, expr);
    walk.env.retain(|var, _| !bound.contains(var));
    walk.env
}

/// Is `var` surely moved when `code` has run?
pub(crate) fn moved_by(program: &Program, names: &Names, code: &[Op], var: VarId) -> bool {
    let env = Env::from([(var, Presence::Set)]);
    let mut walk = Forward { program, names, env, arrivals: Vec::new(), ends: Vec::new(), at: None };
    walk.code(code);
    walk.env[&var] == Presence::Gone
}

/// The variables that are declared inside an expression.
fn bound_in(names: &Names, expr: &Expr) -> BTreeSet<VarId> {
    struct Bound<'a>(&'a Names, BTreeSet<VarId>);
    impl Visit<'_> for Bound<'_> {
        fn visit_pat(&mut self, pat: &Pat) {
            self.1.extend(bindings(self.0, pat));
        }
    }
    let mut bound = Bound(names, BTreeSet::new());
    bound.visit_expr(expr);
    bound.1
}

/// Forward: what is there when each segment begins.
fn presences(program: &Program, names: &Names, flow: &mut Flow) {
    let Some(start) = program.order.first() else { return };
    let params = program.get(*start).scope.iter().map(|var| (*var, Presence::Set)).collect();
    flow.facts[start.0].env = Some(params);
    let mut changed = true;
    while changed {
        changed = false;
        for id in &program.order {
            let Some(env) = flow.facts[id.0].env.clone() else { continue };
            let mut walk = Forward { program, names, env, arrivals: Vec::new(), ends: Vec::new(), at: None };
            walk.code(&program.get(*id).code);
            for (end, env) in &walk.ends {
                flow.leave(*end, env);
            }
            for (to, jump, env) in walk.arrivals {
                changed |= flag(program, flow, *id, to, jump.is_some(), &env);
                if let Some(jump) = jump {
                    flow.leave(jump, &env);
                }
                changed |= arrive(program, flow, to, env);
            }
        }
    }
}

/// A variable that is there on some of the jumps into a segment only gets a flag, which it keeps
/// over the suspensions that follow.
fn flag(program: &Program, flow: &mut Flow, from: SegmentId, to: SegmentId, jump: bool, env: &Env) -> bool {
    let known = flow.facts[to.0].env.clone();
    let before = flow.facts[to.0].flagged.len();
    for var in &program.get(to).scope {
        let here = env.get(var).copied().unwrap_or(Presence::Set);
        let joined = known.as_ref().and_then(|env| env.get(var)).map_or(here, |known| known.join(here));
        let carried = flow.facts[from.0].flagged.contains(var) && here == Presence::Maybe;
        if joined == Presence::Maybe && (jump || carried) {
            flow.facts[to.0].flagged.insert(*var);
        }
    }
    flow.facts[to.0].flagged.len() != before
}

/// Adds what is there on one way into a segment; `true` if that is news.
fn arrive(program: &Program, flow: &mut Flow, to: SegmentId, env: Env) -> bool {
    let scope = &program.get(to).scope;
    let arriving = scope.iter().map(|var| (*var, env.get(var).copied().unwrap_or(Presence::Set)));
    let facts = &mut flow.facts[to.0];
    let Some(known) = &mut facts.env else {
        facts.env = Some(arriving.collect());
        return true;
    };
    let mut changed = false;
    for (var, presence) in arriving {
        let old = known.get(&var).copied().unwrap_or(presence);
        let new = old.join(presence);
        changed |= new != old;
        known.insert(var, new);
    }
    changed
}

struct Forward<'a> {
    program: &'a Program,
    names: &'a Names,
    env: Env,
    arrivals: Vec<(SegmentId, Option<JumpId>, Env)>,
    /// What holds where a variable ends early.
    ends: Vec<(JumpId, Env)>,
    /// The statement at hand.
    at: Option<JumpId>,
}

impl Forward<'_> {
    fn code(&mut self, code: &[Op]) {
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
                self.value(value);
                let before = self.env.clone();
                self.code(diverge);
                self.env = before;
                self.bind(pat);
            }
            Op::Suspend { suspend, to } => {
                if let Some(operand) = &suspend.operand {
                    self.value(operand);
                    let named = Mentions::in_expr(self.names, operand).into_iter();
                    let spent = named.filter(|var| self.names.get(*var).spent);
                    spent.for_each(|var| self.set(Some(var), Presence::Gone));
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
        if coverage::taken(pat) == Taken::All && self.names.get(var).glue == Glue::Unknown {
            self.set(Some(var), Presence::Gone);
        }
    }

    /// An expression whose value is used: a variable is moved out, or copied.
    fn value(&mut self, expr: &Expr) {
        match walk::local(self.names, expr) {
            Some(var) if self.names.get(var).glue == Glue::Copy => {}
            Some(var) => self.set(Some(var), Presence::Gone),
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

    /// A closure takes all that it mentions if it is told to, and else what its body uses by value.
    fn closure(&mut self, moves: bool, body: &Expr) {
        let taken = if moves { Mentions::in_expr(self.names, body) } else { taken_by(self.names, body) };
        for var in taken {
            if self.env.contains_key(&var) && self.names.get(var).glue != Glue::Copy {
                self.set(Some(var), Presence::Gone);
            }
        }
    }
}

fn join(mut one: Env, other: &Env) -> Env {
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
                self.value(&assign.right);
                match walk::local(self.names, &assign.left) {
                    Some(var) => self.set(Some(var), Presence::Set),
                    None => self.looked_at(&assign.left),
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
                if receivers::consumes(&call.method) {
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
            Expr::Async(block) => {
                let body = Expr::Block(syn::ExprBlock {
                    attrs: Vec::new(),
                    label: None,
                    block: block.block.clone(),
                });
                self.closure(block.capture.is_some(), &body);
            }
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
    /// `vec![a, b]` and `dbg!(x)` take their operands by value; other macros only look, for all we know.
    fn macro_values(&mut self, mac: &syn::Macro) {
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
        if !matches!(name.as_deref(), Some("vec" | "dbg")) {
            return;
        }
        let parser = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        if let Ok(values) = mac.parse_body_with(parser) {
            values.iter().for_each(|value| self.value(value));
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

/// Backward: what each segment, and what follows it, names and reads.
fn names_and_reads(program: &Program, names: &Names, flow: &mut Flow) {
    let mut changed = true;
    while changed {
        changed = false;
        for id in program.order.iter().rev() {
            let segment = program.get(*id);
            let mut named = name_code(program, names, flow, &segment.code);
            let mut read = BTreeSet::new();
            read_code(program, names, flow, &segment.code, &mut read);
            named.retain(|var| segment.scope.contains(var));
            read.retain(|var| segment.scope.contains(var));
            let facts = &mut flow.facts[id.0];
            changed |= facts.named != named || facts.read != read;
            facts.named = named;
            facts.read = read;
        }
    }
}

/// The variables that code names, or what follows it.
fn name_code(program: &Program, names: &Names, flow: &Flow, code: &[Op]) -> BTreeSet<VarId> {
    let mut mentions = Mentions::new(names);
    Op::each(code, &mut |op| {
        mentions.visit_op(op);
        program.targets(op).iter().for_each(|to| mentions.found.extend(&flow.facts[to.0].named));
    });
    mentions.found
}

/// `live` is what is read after `code`; it becomes what is read from its beginning on.
fn read_code(program: &Program, names: &Names, flow: &Flow, code: &[Op], live: &mut BTreeSet<VarId>) {
    for op in code.iter().rev() {
        match op {
            Op::Plain { stmt, .. } => {
                for to in program.targets(op) {
                    live.extend(&flow.facts[to.0].read);
                }
                match assigned(names, stmt) {
                    Some((var, value)) => {
                        live.remove(&var);
                        live.extend(Mentions::in_expr(names, value));
                    }
                    None => live.extend(Mentions::in_stmt(names, stmt)),
                }
            }
            Op::Assign(assign) => live.extend(Mentions::in_expr(names, &assign.value)),
            Op::Leaving { exits, .. } => {
                exits.iter().for_each(|exit| live.extend(&flow.facts[program.target(*exit).0].read));
            }
            Op::Receive { .. } | Op::End { .. } => {}
            Op::Scope { code, value, .. } => {
                value.iter().for_each(|assign| live.extend(Mentions::in_expr(names, &assign.value)));
                read_code(program, names, flow, code, live);
            }
            Op::If { cond, then, otherwise } => {
                let mut other = live.clone();
                read_code(program, names, flow, then, live);
                read_code(program, names, flow, otherwise, &mut other);
                live.extend(other);
                live.extend(Mentions::in_expr(names, cond));
            }
            Op::Match { scrutinee, arms } => {
                let after = std::mem::take(live);
                for arm in arms {
                    let mut inner = after.clone();
                    read_code(program, names, flow, &arm.code, &mut inner);
                    let mut mentions = Mentions::new(names);
                    mentions.visit_pat(&arm.pat);
                    live.extend(inner);
                    live.extend(mentions.found);
                }
                live.extend(Mentions::in_expr(names, scrutinee));
            }
            Op::LetElse { value, diverge, .. } => {
                let mut other = BTreeSet::new();
                read_code(program, names, flow, diverge, &mut other);
                live.extend(other);
                live.extend(Mentions::in_expr(names, value));
            }
            Op::Suspend { suspend, to } => {
                *live = flow.facts[to.0].read.clone();
                suspend.operand.iter().for_each(|operand| live.extend(Mentions::in_expr(names, operand)));
            }
            Op::Goto { to, .. } => *live = flow.facts[to.0].read.clone(),
            Op::Return(value) => *live = Mentions::in_expr(names, value),
        }
    }
}

/// `x = value;`
fn assigned<'s>(names: &Names, stmt: &'s Stmt) -> Option<(VarId, &'s Expr)> {
    match stmt {
        Stmt::Expr(Expr::Assign(assign), _) => Some((walk::local(names, &assign.left)?, &assign.right)),
        _ => None,
    }
}
