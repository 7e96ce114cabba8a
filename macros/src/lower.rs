//! Cuts a body at its suspensions into segments.
//!
//! What follows a node is carried along as a continuation: the rest of its block, then the rest of
//! the block around that. A segment that resumes in the middle of blocks runs their rests, each in
//! its scope. A place that several paths lead to is a segment of its own; one that a single path
//! leads to is joined to that path again in the end.

mod joining;

use std::rc::Rc;

use syn::{Expr, Ident, Stmt};

use crate::exits;
use crate::input::mixed;
use crate::names::{Names, VarId};
use crate::normalise::has_let;
use crate::rests::{Rest, Rests};
use crate::segments::{Arm, Entry, JumpId, Jumps, Op, Program, Segment, SegmentId};
use crate::spent::{self, Spent};
use crate::tree::{Assign, Body, Branch, Dest, LoopId, Meets, Node, Suspend, Unsafe};
use crate::types::Glue;
use crate::unsafety;
use crate::walk::{self, bindings, declared};

/// What follows the end of a block.
enum Next<'t> {
    /// The rest of the block around it; that block's variables begin at `base`.
    Rest {
        nodes: &'t [Node],
        base: usize,
        next: Rc<Next<'t>>,
        unsafety: Option<Unsafe>,
    },
    Goto(SegmentId),
    /// The end of the body, which is reached only where rustc sees that it isn't.
    End,
    /// The end of a `let ... else`, which never is.
    Else,
}

/// A segment that is still to be written: `code`, then `nodes` in a block that begins at `base`, then what is
/// next.
struct Job<'t> {
    id: SegmentId,
    nodes: &'t [Node],
    base: usize,
    next: Rc<Next<'t>>,
    code: Vec<Op>,
    unsafety: Option<Unsafe>,
}

struct Lowerer<'t> {
    names: &'t Names,
    spent: &'t Spent,
    segments: Vec<Segment>,
    order: Vec<SegmentId>,
    uses: Vec<usize>,
    jump_ids: usize,
    rests: Rests,
    /// The segment after the suspension that the code at hand ends in: written when that code is, so that a
    /// long function isn't as many calls deep.
    deferred: Option<Job<'t>>,
    /// The `unsafe` block around the nodes at hand.
    unsafety: Option<Unsafe>,
    jumps: Vec<Option<Jumps>>,
    /// The variable that a segment where branches meet has the value in.
    results: Vec<Option<VarId>>,
    body: &'t Body,
}

/// The statements that are `spent` are lowered as suspensions.
pub(crate) fn lower<'t>(body: &'t Body, spent: &'t Spent, names: &'t Names) -> Program {
    let mut lowerer = Lowerer {
        names,
        spent,
        segments: Vec::new(),
        order: Vec::new(),
        uses: Vec::new(),
        jump_ids: 0,
        rests: Rests::new(),
        deferred: None,
        unsafety: None,
        jumps: vec![None; body.results.len()],
        results: Vec::new(),
        body,
    };
    let params = (0..names.params).map(VarId).collect();
    let start = lowerer.segment(Entry::Start, params, None);
    lowerer.fill(start, &body.nodes, 0, &Rc::new(Next::End), Vec::new());
    lowerer.join_single_paths();
    let Lowerer { segments, order, jumps, rests, .. } = lowerer;
    Program {
        segments,
        order,
        jumps,
        results: body.results.clone(),
        rests,
        beside: Vec::new(),
        parted: false,
    }
}

impl<'t> Lowerer<'t> {
    fn segment(&mut self, entry: Entry, scope: Vec<VarId>, result: Option<&Ident>) -> SegmentId {
        let id = SegmentId(self.segments.len());
        let result = result.and_then(|ident| self.names.of(ident));
        let mut scope = scope;
        scope.extend(result);
        self.segments.push(Segment { entry, scope, code: Vec::new(), ends: false });
        self.uses.push(0);
        self.results.push(result);
        id
    }

    fn goto(&mut self, to: SegmentId) -> Op {
        self.uses[to.0] += 1;
        Op::Goto { to, id: self.jump_id() }
    }

    fn jump_id(&mut self) -> JumpId {
        self.jump_ids += 1;
        JumpId(self.jump_ids)
    }

    /// Writes a segment, and those after the suspensions that it ends in.
    fn fill(&mut self, id: SegmentId, nodes: &'t [Node], base: usize, next: &Rc<Next<'t>>, code: Vec<Op>) {
        let unsafety = self.unsafety;
        self.fill_one(Job { id, nodes, base, next: Rc::clone(next), code, unsafety });
        self.fill_deferred();
    }

    fn fill_deferred(&mut self) {
        while let Some(job) = self.deferred.take() {
            self.fill_one(job);
        }
    }

    fn fill_one(&mut self, job: Job<'t>) {
        let Job { id, nodes, base, next, mut code, unsafety } = job;
        let around = std::mem::replace(&mut self.unsafety, unsafety);
        self.order.push(id);
        let entered = self.segments[id.0].scope.clone();
        let mut scope = entered.clone();
        if let Some(Op::Receive { into: Some(pat), .. }) = code.first() {
            scope.extend(bindings(self.names, pat));
        }
        let (rest, falls) = self.nodes(nodes, &mut scope, base, &next);
        code.extend(rest);
        let (mut falls, mut base, mut next) = (falls, base, next);
        let mut opened = entered.len();
        while falls {
            match &*Rc::clone(&next) {
                Next::End => {
                    self.segments[id.0].ends = true;
                    break;
                }
                Next::Else => break,
                Next::Goto(to) => {
                    let reopened = entered.get(base..opened).unwrap_or_default().to_vec();
                    code = self.closed(code, reopened, *to);
                    code = unsafety::closed(code, self.unsafety.take(), self.results[to.0], self.names);
                    let goto = self.goto(*to);
                    code.push(goto);
                    break;
                }
                Next::Rest { nodes, base: outer, next: after, unsafety } => {
                    let reopened = entered.get(base..opened).unwrap_or_default().to_vec();
                    opened = opened.min(base);
                    scope.truncate(base);
                    let left = std::mem::replace(&mut self.unsafety, *unsafety);
                    let left =
                        left.filter(|_| unsafety.is_none() && unsafety::may_need_it(&code, self.names));
                    let (rest, more) = self.nodes(nodes, &mut scope, *outer, after);
                    code = vec![Op::Scope { reopened, code, value: None, unsafety: left }];
                    code.extend(rest);
                    (falls, base, next) = (more, *outer, Rc::clone(after));
                }
            }
        }
        self.segments[id.0].code = unsafety::within(code, self.unsafety, self.names);
        self.unsafety = around;
    }

    /// The operations of `nodes`, and whether their end is reached.
    fn nodes(
        &mut self,
        nodes: &'t [Node],
        scope: &mut Vec<VarId>,
        base: usize,
        next: &Rc<Next<'t>>,
    ) -> (Vec<Op>, bool) {
        let mut code = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let here = Here { rest: &nodes[index + 1..], base, next };
            if !self.node(node, &here, scope, &mut code) {
                return (code, false);
            }
        }
        (code, true)
    }

    /// Adds one node; `false` when what follows it is elsewhere, or never reached.
    fn node(
        &mut self,
        node: &'t Node,
        here: &Here<'_, 't>,
        scope: &mut Vec<VarId>,
        code: &mut Vec<Op>,
    ) -> bool {
        self.exits(node, code);
        if let Some(value) = without_end(node) {
            let stmt = Stmt::Expr(value.clone(), Some(syn::Token![;](mixed())));
            code.push(Op::Plain { stmt, id: self.jump_id() });
            return false;
        }
        match node {
            Node::Plain(stmt) => {
                let id = self.jump_id();
                if self.spent.contains(&id)
                    && let Some(suspend) = spent::as_suspension(stmt)
                {
                    return self.suspend(suspend, here, scope, code);
                }
                if let syn::Stmt::Local(local) = stmt {
                    scope.extend(bindings(self.names, &local.pat));
                }
                code.push(Op::Plain { stmt: stmt.clone(), id });
                !walk::never_ends(stmt)
            }
            Node::Assign(assign) => {
                scope.extend(self.names.of(&assign.var));
                code.push(Op::Assign(assign.clone()));
                true
            }
            Node::End(ident) => {
                if let Some(var) = self.names.of(ident) {
                    let id = self.jump_id();
                    code.push(Op::End { var, id });
                }
                true
            }
            Node::Return(value) => {
                code.push(Op::Return(value.clone()));
                false
            }
            Node::Break(id) => self.jump(*id, |jumps| jumps.after, code),
            Node::Continue(id) => self.jump(*id, |jumps| jumps.again, code),
            Node::Suspend(suspend) => self.suspend(suspend.clone(), here, scope, code),
            Node::LetElse { pat, value, diverge } => {
                let base = scope.len();
                let (diverge, _) = self.nodes(diverge, &mut scope.clone(), base, &Rc::new(Next::Else));
                self.fill_deferred();
                code.push(Op::LetElse { pat: pat.clone(), value: value.clone(), diverge });
                scope.extend(bindings(self.names, pat));
                true
            }
            Node::Scope { .. } => self.scope(node, here, scope, code),
            Node::If { cond, then, otherwise, meets } => {
                let arms = [(conditions(self.names, cond), &then[..]), (Vec::new(), &otherwise[..])];
                let build = |mut codes: Vec<Vec<Op>>| {
                    let otherwise = codes.pop().expect("two branches");
                    let then = codes.pop().expect("two branches");
                    Op::If { cond: cond.clone(), then, otherwise }
                };
                self.branches(&arms, meets, build, here, scope, code)
            }
            Node::Match { scrutinee, arms, meets } => {
                let bodies: Vec<_> =
                    arms.iter().map(|arm| (bindings(self.names, &arm.pat), &arm.body[..])).collect();
                let build = |codes: Vec<Vec<Op>>| Op::Match {
                    scrutinee: scrutinee.clone(),
                    arms: arms.iter().zip(codes).map(|(arm, code)| to_arm(arm, code)).collect(),
                };
                self.branches(&bodies, meets, build, here, scope, code)
            }
            Node::Loop { id, body } => self.repeat(*id, body, here, scope, code),
        }
    }

    /// Counts the jumps out of what a node evaluates: twice, since such a jump is never joined to what
    /// it leads to.
    fn exits(&mut self, node: &Node, code: &mut Vec<Op>) {
        let mut exits = exits::of_node(node);
        // A `break` whose value is the function's returns.
        exits.retain(|(id, breaks)| !(*breaks && matches!(self.body.results[id.0], Dest::Return)));
        for (id, breaks) in &exits {
            let jumps = self.jumps[id.0].expect("a jump is inside what it leaves");
            self.uses[if *breaks { jumps.after.0 } else { jumps.again.0 }] += 2;
        }
        if !exits.is_empty() && !matches!(node, Node::Plain(_)) {
            let id = self.jump_id();
            code.push(Op::Leaving { exits, id });
        }
    }

    /// The same code, its variables out of scope where it ends: what they borrow may be moved on.
    fn closed(&self, mut code: Vec<Op>, reopened: Vec<VarId>, to: SegmentId) -> Vec<Op> {
        let result = self.results[to.0];
        let value = match code.last() {
            Some(Op::Assign(assign)) if result.is_some() && self.names.of(&assign.var) == result => {
                match code.pop() {
                    Some(Op::Assign(assign)) => Some(assign),
                    _ => unreachable!("just looked at"),
                }
            }
            _ => None,
        };
        let may_drop = |var: &VarId| self.names.get(*var).glue == Glue::Unknown;
        let mut inner = declared(self.names, &code);
        inner.extend(&reopened);
        if !code.is_empty() && inner.iter().any(may_drop) {
            return vec![Op::Scope { reopened, code, value, unsafety: None }];
        }
        code.extend(value.map(Op::Assign));
        code
    }

    fn suspend(
        &mut self,
        suspend: Suspend,
        here: &Here<'_, 't>,
        scope: &[VarId],
        code: &mut Vec<Op>,
    ) -> bool {
        let to = self.segment(Entry::Resume(suspend.wait), scope.to_vec(), None);
        self.uses[to.0] += 1;
        let Suspend { into, wait, at, lingers, question, .. } = suspend.clone();
        code.push(Op::Suspend { suspend, to });
        if let Some(var) = lingers.and_then(|ident| self.names.of(&ident)) {
            self.rests.insert(to, Rest { of: Vec::new(), var });
        }
        self.go_on_in(to, here, vec![Op::Receive { into, wait, at, question }]);
        false
    }

    /// What follows is in another segment, which begins with `code`.
    fn go_on_in(&mut self, id: SegmentId, here: &Here<'_, 't>, code: Vec<Op>) {
        let Here { rest: nodes, base, next } = *here;
        let unsafety = self.unsafety;
        let job = Job { id, nodes, base, next: Rc::clone(next), code, unsafety };
        let before = self.deferred.replace(job);
        debug_assert!(before.is_none(), "code ends once");
    }

    fn jump(&mut self, id: LoopId, to: impl FnOnce(Jumps) -> SegmentId, code: &mut Vec<Op>) -> bool {
        let to = to(self.jumps[id.0].expect("a jump is inside what it leaves"));
        let goto = self.goto(to);
        code.push(goto);
        false
    }

    fn scope(&mut self, node: &'t Node, here: &Here<'_, 't>, scope: &[VarId], code: &mut Vec<Op>) -> bool {
        let Node::Scope { body, label, result, unsafety } = node else {
            unreachable!("the caller has looked")
        };
        let (label, result, around) = (*label, result.as_ref(), self.unsafety);
        // In another such block it is one already.
        let unsafety = unsafety.filter(|_| around.is_none());
        let base = scope.len();
        let meets = label.is_some() || result.is_some();
        let after = meets.then(|| self.segment(Entry::After, scope.to_vec(), result));
        if let (Some(id), Some(after)) = (label, after) {
            self.jumps[id.0] = Some(Jumps { again: after, after });
        }
        let next = after.map_or_else(|| here.as_next(self.unsafety), Next::Goto);
        self.unsafety = around.or(unsafety);
        let (mut inner, falls) = self.nodes(body, &mut scope.to_vec(), base, &Rc::new(next));
        self.unsafety = around;
        let Some(after) = after else {
            code.push(Op::Scope { reopened: Vec::new(), code: inner, value: None, unsafety });
            return falls;
        };
        self.fill_deferred();
        if falls && (result.is_some() || self.uses[after.0] > 0) {
            inner = self.closed(inner, Vec::new(), after);
            let goto = self.goto(after);
            inner.push(goto);
        }
        code.push(Op::Scope { reopened: Vec::new(), code: inner, value: None, unsafety });
        self.meet(after, falls, here)
    }

    fn branches(
        &mut self,
        arms: &[(Vec<VarId>, &'t [Node])],
        meets: &Meets,
        build: impl FnOnce(Vec<Vec<Op>>) -> Op,
        here: &Here<'_, 't>,
        scope: &[VarId],
        code: &mut Vec<Op>,
    ) -> bool {
        let after = self.segment(Entry::After, scope.to_vec(), meets.result.as_ref());
        let next = Rc::new(Next::Goto(after));
        let mut lowered = Vec::new();
        for (bound, nodes) in arms {
            let mut inner: Vec<VarId> = scope.iter().chain(bound).copied().collect();
            lowered.push(self.nodes(nodes, &mut inner, scope.len(), &next));
            self.fill_deferred();
        }
        let elsewhere = meets.result.is_some() || meets.apart || self.uses[after.0] > 0;
        let falls = lowered.iter().any(|(_, falls)| *falls);
        let mut codes = Vec::new();
        for (mut arm, falls) in lowered {
            if falls && elsewhere {
                arm = self.closed(arm, Vec::new(), after);
                let goto = self.goto(after);
                arm.push(goto);
            }
            codes.push(arm);
        }
        code.push(build(codes));
        self.meet(after, falls, here)
    }

    /// Goes on where branches meet: natively, or in a segment if one of them comes from elsewhere.
    fn meet(&mut self, after: SegmentId, falls: bool, here: &Here<'_, 't>) -> bool {
        if self.uses[after.0] == 0 {
            return falls;
        }
        self.go_on_in(after, here, Vec::new());
        false
    }

    fn repeat(
        &mut self,
        id: LoopId,
        body: &'t [Node],
        here: &Here<'_, 't>,
        scope: &[VarId],
        code: &mut Vec<Op>,
    ) -> bool {
        let again = self.segment(Entry::Loop, scope.to_vec(), None);
        let after = self.segment(Entry::After, scope.to_vec(), self.result_of(id).as_ref());
        self.jumps[id.0] = Some(Jumps { again, after });
        let goto = self.goto(again);
        code.push(goto);
        self.fill(again, body, scope.len(), &Rc::new(Next::Goto(again)), Vec::new());
        self.meet(after, false, here)
    }

    fn result_of(&self, id: LoopId) -> Option<Ident> {
        self.body.results[id.0].var()
    }
}

/// Where a node stands: the rest of its block, and what follows that.
struct Here<'a, 't> {
    rest: &'t [Node],
    base: usize,
    next: &'a Rc<Next<'t>>,
}

impl<'t> Here<'_, 't> {
    fn as_next(&self, unsafety: Option<Unsafe>) -> Next<'t> {
        Next::Rest { nodes: self.rest, base: self.base, next: Rc::clone(self.next), unsafety }
    }
}

fn to_arm(arm: &Branch, code: Vec<Op>) -> Arm {
    Arm { attrs: arm.attrs.clone(), pat: arm.pat.clone(), code, braces: arm.braces }
}

/// What a node evaluates, if that never ends: nothing is done with it then.
fn without_end(node: &Node) -> Option<&Expr> {
    let value = match node {
        Node::Assign(Assign { value, .. })
        | Node::Suspend(Suspend { operand: Some(value), .. })
        | Node::LetElse { value, .. }
        | Node::Match { scrutinee: value, .. }
        | Node::If { cond: value, .. } => value,
        _ => return None,
    };
    (!has_let(value) && walk::has_no_value(value)).then_some(value)
}

/// What the `let`s of a condition bind.
fn conditions(names: &Names, cond: &Expr) -> Vec<VarId> {
    match cond {
        Expr::Let(condition) => bindings(names, &condition.pat),
        Expr::Binary(binary) => {
            let mut bound = conditions(names, &binary.left);
            bound.extend(conditions(names, &binary.right));
            bound
        }
        Expr::Paren(inner) => conditions(names, &inner.expr),
        _ => Vec::new(),
    }
}
