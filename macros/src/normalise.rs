//! Writes a function so that each suspension is a statement of its own.
//!
//! Constructs that suspend are taken apart into [`Node`]s; what doesn't suspend stays as the user
//! wrote it. Jumps get labels of their own, so that no later pass asks what a bare `break` leaves.
//!
//! ```text
//! let n = f(a(), yield_!(1));      let arg = a();
//!                                  let sent = yield 1;
//!                                  let n = f(arg, sent);
//! ```

use std::collections::BTreeSet;

use proc_macro2::Span;
use quote::quote_spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Ident, Lifetime, Pat, Stmt, Type, parse_quote_spanned};

use crate::error::Errors;
use crate::input::{Function, Kind, is_unit, mixed};
use crate::names::{Names, VarId};
use crate::tree::{Assign, Body, Branch, Dest, LoopId, Meets, Node, Suspend};
use crate::types::{self, Glue};
use crate::walk::{self, Mentions, block_suspends, stmt_suspends, suspends};
use crate::{coverage, flow, operands, suspension};

/// How a value is looked at by patterns.
#[derive(Clone, Copy)]
struct Looked {
    /// Some arm suspends.
    bodies: bool,
    /// There is an `else`, for which editions differ in what still lives.
    other: bool,
    /// The arms' wildcards get names.
    named: bool,
}

/// A loop or block that a jump can leave.
struct Target {
    label: Option<String>,
    id: LoopId,
    is_loop: bool,
    dest: Dest,
}

pub(crate) struct Normaliser<'a> {
    pub(crate) names: &'a mut Names,
    pub(crate) errors: Errors,
    targets: Vec<Target>,
    /// Where the value of a `break` goes, for each construct that one can leave.
    results: Vec<Dest>,
    /// The variables that are named after the statement at hand, and whether anything suspends
    /// there, for each block around it.
    later: Vec<(BTreeSet<VarId>, bool)>,
    items: Vec<Stmt>,
    depth: usize,
    /// How many temporaries of the statement at hand have become variables.
    pub(crate) temporaries: usize,
    /// Those that are declared at the beginning of the statement, since something else is evaluated
    /// before them: Rust drops them after it.
    pub(crate) declared: Vec<Ident>,
    /// The `match` at hand is an operand of a statement.
    operand: bool,
    /// Something of the statement at hand has been evaluated and waits for the rest.
    pub(crate) pending: bool,
    /// Nothing of the statement runs after the expression at hand but `?` and the like.
    pub(crate) settles: bool,
    /// Something suspends after the statement at hand.
    pub(crate) after: bool,
    /// What dropping a value does that was sent.
    sent: Glue,
    /// The construct at hand is taken apart for a variable that one of its branches moves.
    apart: bool,
}

/// Takes the body apart; its items are hoisted to where all of the machine sees them.
pub(crate) fn normalise(function: &mut Function, names: &mut Names) -> syn::Result<Body> {
    let mut normaliser = Normaliser {
        names,
        errors: Errors::default(),
        targets: Vec::new(),
        results: Vec::new(),
        later: Vec::new(),
        items: Vec::new(),
        depth: 0,
        temporaries: 0,
        declared: Vec::new(),
        operand: false,
        pending: false,
        settles: false,
        after: false,
        sent: match &function.kind {
            Kind::Generator { resume, .. } => types::of_type(resume),
            Kind::Task => Glue::Unknown,
        },
        apart: false,
    };
    let mut nodes = Vec::new();
    normaliser.params(function, &mut nodes);
    let body = function.body.clone();
    normaliser.block(&body, &Dest::Return, &mut nodes);
    if falls_off(&body, &function.output()) {
        nodes.push(Node::Return(parse_quote_spanned!(mixed()=> ())));
    }
    let Normaliser { errors, items, results, .. } = normaliser;
    errors.finish()?;
    function.body.stmts = items;
    Ok(Body { nodes, results })
}

/// Does the end of the body return `()`? Not if it ends in a value, or in a statement that can
/// only be the last because it never ends.
fn falls_off(body: &Block, output: &Type) -> bool {
    match body.stmts.last() {
        Some(Stmt::Expr(_, None)) => false,
        Some(Stmt::Macro(mac)) if mac.semi_token.is_none() => false,
        Some(Stmt::Expr(..) | Stmt::Macro(_)) => is_unit(output),
        _ => true,
    }
}

pub(crate) fn path(ident: &Ident) -> Expr {
    parse_quote_spanned!(ident.span()=> #ident)
}

impl Normaliser<'_> {
    /// Binds the patterns among the parameters.
    fn params(&mut self, function: &Function, out: &mut Vec<Node>) {
        for param in &function.params {
            let Some(pat) = &param.pat else { continue };
            let mut pat = pat.clone();
            let mut ident = param.ident.clone();
            if !matches!(pat, Pat::Ident(_)) {
                // It comes after the names that are bound before it.
                let again = self.names.temporary(&self.names.shown(&ident), true);
                out.push(Node::Plain(parse_quote_spanned!(mixed()=> let #again = #ident;)));
                ident = again;
            }
            let mut after = Vec::new();
            self.name_wildcards(&mut pat, true, &mut after);
            out.push(Node::Plain(parse_quote_spanned!(mixed()=> let #pat = #ident;)));
            out.append(&mut after);
        }
    }

    pub(crate) fn block(&mut self, block: &Block, dest: &Dest, out: &mut Vec<Node>) {
        self.depth += 1;
        for (index, stmt) in block.stmts.iter().enumerate() {
            let rest = &block.stmts[index + 1..];
            let after = self.suspends_after(rest);
            self.after = after;
            let apart = after && self.moves_in_a_branch(stmt, rest);
            if !stmt_suspends(stmt) && !apart {
                self.stmt(stmt, rest.is_empty(), dest, out);
                continue;
            }
            let mut later = Mentions::new(self.names);
            for stmt in rest {
                syn::visit::Visit::visit_stmt(&mut later, stmt);
            }
            let later = later.found;
            self.later.push((later, rest.iter().any(stmt_suspends)));
            self.framed(out, |normaliser, out| match stmt {
                Stmt::Expr(expr, _) if apart => normaliser.apart(expr.clone(), out),
                stmt => normaliser.stmt(stmt, rest.is_empty(), dest, out),
            });
            self.later.pop();
        }
        if let (Dest::Var { .. }, false) = (dest, has_tail(block)) {
            self.unit(dest, out);
        }
        self.depth -= 1;
    }

    fn suspends_after(&self, rest: &[Stmt]) -> bool {
        rest.iter().any(stmt_suspends) || self.later.iter().any(|(_, suspends)| *suspends)
    }

    /// Does a branch of this statement move a variable that lives on to a suspension otherwise?
    fn moves_in_a_branch(&self, stmt: &Stmt, rest: &[Stmt]) -> bool {
        let Stmt::Expr(expr @ (Expr::If(_) | Expr::Match(_)), _) = stmt else { return false };
        let moved = flow::moved_in_branches(self.names, expr);
        let later = |var: &VarId| rest.iter().any(|stmt| Mentions::in_stmt(self.names, stmt).contains(var));
        moved.iter().any(|var| !self.named_later(*var) && !later(var))
    }

    /// Takes an `if` or a `match` apart, whether it suspends or not.
    fn apart(&mut self, expr: Expr, out: &mut Vec<Node>) {
        self.apart = true;
        match expr {
            Expr::If(branch) => self.branch(branch, &Dest::Ignore, out),
            Expr::Match(select) => self.select(select, &Dest::Ignore, out),
            _ => unreachable!("only these have branches"),
        }
    }

    /// A block without a tail is `()`, unless it never ends.
    fn unit(&mut self, dest: &Dest, out: &mut Vec<Node>) {
        let ends = matches!(out.last(), Some(Node::Return(_) | Node::Break(_) | Node::Continue(_)));
        if !ends {
            self.give(parse_quote_spanned!(mixed()=> ()), dest, out);
        }
    }

    /// Is `var` named again after the statement at hand?
    pub(crate) fn named_later(&self, var: VarId) -> bool {
        self.later.iter().any(|(later, _)| later.contains(&var))
    }

    fn stmt(&mut self, stmt: &Stmt, last: bool, dest: &Dest, out: &mut Vec<Node>) {
        match stmt {
            Stmt::Local(local) => self.local(local, out),
            Stmt::Item(item) if self.depth == 1 => self.items.push(Stmt::Item(item.clone())),
            Stmt::Item(item) => self.errors.at(
                item,
                "an item in a block that suspends can't be lowered; move it to the top of the function, or out of it",
            ),
            Stmt::Expr(expr, None) if last => self.into(expr.clone(), dest, out),
            Stmt::Expr(expr, semi) => {
                if suspends(expr) || is_jump(expr) {
                    self.into(expr.clone(), &Dest::Ignore, out);
                } else {
                    out.push(Node::Plain(Stmt::Expr(self.jumps(expr.clone()), *semi)));
                }
            }
            Stmt::Macro(mac) if last && mac.semi_token.is_none() && !matches!(dest, Dest::Ignore) => {
                let expr = Expr::Macro(syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() });
                self.into(expr, dest, out);
            }
            Stmt::Macro(_) => out.push(Node::Plain(stmt.clone())),
        }
    }

    /// Writes the suspension that `expr` is.
    ///
    /// Unless it `settles` the statement, what its operand makes on the way lives on after it.
    pub(crate) fn suspend(&mut self, expr: Expr, into: Option<Pat>, settles: bool, out: &mut Vec<Node>) {
        let wait = suspension::of(&expr).expect("the caller has asked");
        let (operand, span) = match expr {
            Expr::Yield(yielded) => (yielded.expr.map(|expr| *expr), yielded.yield_token.span),
            Expr::Await(awaited) => (Some(*awaited.base), awaited.await_token.span),
            _ => unreachable!("the caller has asked"),
        };
        let operand = operand.map(|operand| {
            // What an awaited future borrows lives as long as it; what is yielded is a value.
            let awaits = wait == suspension::Wait::Await;
            if !awaits {
                return self.scoped_value(operand, out);
            }
            let mut operand = self.value(operand, out);
            self.hoist_questions(&mut operand, out);
            if !settles {
                self.lift(&mut operand, out);
            }
            operand
        });
        if let (suspension::Wait::Yield, Some(pat)) = (wait, &into) {
            self.tell_glue(pat);
        }
        out.push(Node::Suspend(Suspend { wait, operand, into, span }));
    }

    /// What is sent has the type that the attribute says.
    fn tell_glue(&mut self, pat: &Pat) {
        let Pat::Ident(name) = pat else { return };
        if let Some(var) = self.names.of(&name.ident)
            && self.names.get(var).glue == Glue::Unknown
        {
            self.names.set_glue(var, self.sent);
        }
    }

    /// Evaluates `expr`; what is left of it doesn't suspend.
    pub(crate) fn value(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        let settles = std::mem::take(&mut self.settles);
        if !suspends(&expr) {
            return self.jumps(expr);
        }
        if suspension::of(&expr).is_some() {
            let role = match suspension::of(&expr) {
                Some(suspension::Wait::Yield) => "sent",
                Some(suspension::Wait::YieldFrom) => "returned",
                _ => "output",
            };
            let var = self.names.temporary(role, true);
            let into = parse_quote_spanned!(mixed()=> mut #var);
            self.suspend(expr, Some(into), settles, out);
            self.pending = true;
            return path(&var);
        }
        if is_construct(&expr) {
            let var = self.names.temporary("value", true);
            self.operand = is_match(&expr);
            self.refuse_looking(&expr);
            self.into(expr, &Dest::Var { var: var.clone(), mutable: true, ty: None }, out);
            self.pending = true;
            return path(&var);
        }
        self.settles = settles;
        self.operands(expr, out)
    }

    /// A construct that is an operand, and looks at a value while other operands wait.
    fn refuse_looking(&mut self, construct: &Expr) {
        let value = match construct {
            Expr::Match(select) if operands::looks_on(select) => &select.expr,
            Expr::If(branch) => match &*branch.cond {
                Expr::Let(condition) => &condition.expr,
                _ => return,
            },
            Expr::ForLoop(repeat) => &repeat.expr,
            Expr::Paren(inner) => return self.refuse_looking(&inner.expr),
            Expr::Block(block) if block.label.is_some() && self.pending => {
                self.errors.at(
                    &block.label,
                    "a labelled block that suspends in the middle of an expression can't be lowered yet; \
                     bind its value with a `let` first",
                );
                return;
            }
            _ => return,
        };
        let sent = suspension::of(value) == Some(suspension::Wait::Yield) && self.sent.is_none();
        let leaves = match construct {
            Expr::Match(select) => select.arms.iter().any(|arm| coverage::leaves_rest(&arm.pat, false)),
            _ => false,
        };
        if (self.pending || leaves) && !sent && !walk::is_place(value) && !matches!(**value, Expr::Lit(_)) {
            self.errors.at(value, operands::LOOKS_INTO_A_VALUE);
        }
    }

    /// Gives a value that doesn't suspend to `dest`.
    pub(crate) fn give(&mut self, value: Expr, dest: &Dest, out: &mut Vec<Node>) {
        out.push(match dest {
            Dest::Ignore => Node::Plain(Stmt::Expr(value, Some(syn::Token![;](mixed())))),
            Dest::Return => Node::Return(value),
            Dest::Var { var, mutable, ty } => {
                Node::Assign(Assign { var: var.clone(), mutable: *mutable, ty: ty.clone(), value })
            }
        });
    }

    /// Evaluates `expr` and gives its value to `dest`.
    pub(crate) fn into(&mut self, expr: Expr, dest: &Dest, out: &mut Vec<Node>) {
        match expr {
            Expr::Return(returned) => {
                let unit = || Box::new(parse_quote_spanned!(returned.return_token.span=> ()));
                self.into(*returned.expr.unwrap_or_else(unit), &Dest::Return, out);
            }
            Expr::Break(jump) if self.target(jump.label.as_ref()).is_some() => {
                let target = self.target(jump.label.as_ref()).expect("just found");
                let (id, dest) = (self.targets[target].id, self.targets[target].dest.clone());
                match jump.expr {
                    Some(value) => self.into(*value, &dest, out),
                    None if dest.is_var() => self.unit(&dest, out),
                    None => {}
                }
                // The end of the function is a target as well: then the value has been returned.
                if !matches!(dest, Dest::Return) {
                    out.push(Node::Break(id));
                } else if !matches!(out.last(), Some(Node::Return(_))) {
                    out.push(Node::Return(parse_quote_spanned!(mixed()=> ())));
                }
            }
            Expr::Continue(jump) if self.target(jump.label.as_ref()).is_some() => {
                let target = self.target(jump.label.as_ref()).expect("just found");
                out.push(Node::Continue(self.targets[target].id));
            }
            expr if !suspends(&expr) => {
                let expr = self.jumps(expr);
                self.give(expr, dest, out);
            }
            Expr::Paren(inner) if is_construct(&inner.expr) => self.into(*inner.expr, dest, out),
            Expr::Group(inner) => self.into(*inner.expr, dest, out),
            Expr::Block(block) => self.block_expr(block, dest, out),
            Expr::If(branch) => self.branch(branch, dest, out),
            Expr::Match(select) => self.select(select, dest, out),
            Expr::Loop(repeat) => {
                let body = repeat.body;
                self.repeat(repeat.label, dest, out, |normaliser, _, nodes| {
                    normaliser.block(&body, &Dest::Ignore, nodes);
                });
            }
            Expr::While(repeat) => self.while_loop(repeat, dest, out),
            Expr::ForLoop(repeat) => self.for_loop(repeat, dest, out),
            Expr::Binary(binary) if is_lazy(&binary.op) => self.lazy(binary, dest, out),
            expr if matches!(dest, Dest::Ignore) && is_plain_suspension(&expr) => {
                self.suspend(expr, None, true, out)
            }
            expr => self.statement(expr, dest, out),
        }
    }

    /// A statement that suspends: what it makes on the way ends with it.
    pub(crate) fn statement(&mut self, expr: Expr, dest: &Dest, out: &mut Vec<Node>) {
        let mut nodes = Vec::new();
        let temporaries = self.framed(&mut nodes, |normaliser, nodes| {
            normaliser.settles = true;
            let value = normaliser.value(expr, nodes);
            normaliser.give(value, dest, nodes);
        });
        if temporaries && !matches!(dest, Dest::Return) {
            out.push(Node::Scope { body: nodes, label: None, result: dest.var() });
        } else {
            out.append(&mut nodes);
        }
    }

    /// A value on its own: what is made on the way to it ends with its evaluation.
    pub(crate) fn scoped_value(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        let mut nodes = Vec::new();
        let mut value = None;
        let temporaries = self.framed(&mut nodes, |normaliser, nodes| {
            normaliser.settles = true;
            value = Some(normaliser.value(expr, nodes));
        });
        let value = value.expect("it has been evaluated");
        if !temporaries {
            out.append(&mut nodes);
            return value;
        }
        let var = self.names.temporary("value", true);
        nodes.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value }));
        out.push(Node::Scope { body: nodes, label: None, result: Some(var.clone()) });
        path(&var)
    }

    /// Evaluates what a construct looks at: its temporaries are the construct's own.
    fn on_its_own<T>(
        &mut self,
        nodes: &mut Vec<Node>,
        run: impl FnOnce(&mut Self, &mut Vec<Node>) -> T,
    ) -> T {
        let mut value = None;
        self.framed(nodes, |normaliser, nodes| value = Some(run(normaliser, nodes)));
        value.expect("it has been evaluated")
    }

    fn is_temporary(&self, node: &Node) -> bool {
        let Node::Assign(assign) = node else { return false };
        self.names.of(&assign.var).is_some_and(|var| self.names.get(var).looked_at)
    }

    /// What `run` writes is a statement of its own; `true` if temporaries of it became variables.
    fn framed(&mut self, out: &mut Vec<Node>, run: impl FnOnce(&mut Self, &mut Vec<Node>)) -> bool {
        let outer = (
            std::mem::take(&mut self.temporaries),
            std::mem::take(&mut self.declared),
            std::mem::take(&mut self.pending),
            std::mem::take(&mut self.settles),
        );
        let start = out.len();
        run(self, out);
        let declared = std::mem::take(&mut self.declared);
        let declarations =
            declared.iter().map(|var| Node::Plain(parse_quote_spanned!(mixed()=> let mut #var;)));
        let first =
            out[start..].iter().position(|node| !self.is_temporary(node)).unwrap_or(out.len() - start);
        let at = start + first;
        let declarations: Vec<_> = declarations.collect();
        out.splice(at..at, declarations);
        let temporaries = self.temporaries > 0;
        (self.temporaries, self.declared, self.pending, self.settles) = outer;
        temporaries
    }

    fn block_expr(&mut self, block: syn::ExprBlock, dest: &Dest, out: &mut Vec<Node>) {
        let mut body = Vec::new();
        let id =
            block.label.as_ref().map(|label| self.enter(Some(label.name.ident.to_string()), false, dest));
        self.block(&block.block, dest, &mut body);
        if id.is_some() {
            self.targets.pop();
        }
        if matches!(dest, Dest::Return) && !has_tail(&block.block) {
            body.push(Node::Return(parse_quote_spanned!(mixed()=> ())));
        }
        out.push(Node::Scope { body, label: id, result: dest.var() });
    }

    fn branch_block(&mut self, block: &Block, dest: &Dest) -> Vec<Node> {
        let mut nodes = Vec::new();
        self.block(block, dest, &mut nodes);
        if matches!(dest, Dest::Return) && !has_tail(block) {
            let ends = matches!(nodes.last(), Some(Node::Return(_) | Node::Break(_) | Node::Continue(_)));
            if !ends {
                nodes.push(Node::Return(parse_quote_spanned!(mixed()=> ())));
            }
        }
        nodes
    }

    fn branch(&mut self, branch: syn::ExprIf, dest: &Dest, out: &mut Vec<Node>) {
        let syn::ExprIf { cond, then_branch, else_branch, .. } = branch;
        let apart = std::mem::take(&mut self.apart);
        let bodies =
            block_suspends(&then_branch) || else_branch.as_ref().is_some_and(|(_, other)| suspends(other));
        let mut nodes = Vec::new();
        let other = else_branch.is_some();
        let cond = self
            .on_its_own(&mut nodes, |normaliser, nodes| normaliser.condition(*cond, bodies, other, nodes));
        let then = self.branch_block(&then_branch, dest);
        let mut otherwise = Vec::new();
        match else_branch {
            Some((_, other)) => self.arm_body(*other, dest, &mut otherwise),
            None if matches!(dest, Dest::Ignore) => {}
            None => self.give(parse_quote_spanned!(mixed()=> ()), dest, &mut otherwise),
        }
        // An `else` that is a block opens no scope of its own inside the branch.
        if let [Node::Scope { label: None, .. }] = &otherwise[..] {
            let Some(Node::Scope { body, .. }) = otherwise.pop() else { unreachable!() };
            otherwise = body;
        }
        let meets = Meets { result: dest.var(), apart };
        nodes.push(Node::If { cond, then, otherwise, meets });
        self.scope_or_flat(nodes, dest, out);
    }

    /// More than the construct itself means variables of its own: they end with it.
    fn scope_or_flat(&mut self, mut nodes: Vec<Node>, dest: &Dest, out: &mut Vec<Node>) {
        if nodes.len() == 1 {
            out.append(&mut nodes);
        } else {
            out.push(Node::Scope { body: nodes, label: None, result: dest.var() });
        }
    }

    /// The condition of an `if` or `while`, evaluated down to what doesn't suspend.
    fn condition(&mut self, cond: Expr, bodies: bool, other: bool, out: &mut Vec<Node>) -> Expr {
        match cond {
            Expr::Let(mut condition) => {
                let arms = [((*condition.pat).clone(), bodies)];
                let looked = Looked { bodies, other, named: false };
                *condition.expr = self.scrutinee(*condition.expr, &arms, looked, out);
                Expr::Let(condition)
            }
            cond if suspends(&cond) && has_let(&cond) => {
                self.errors.at(
                    &cond,
                    "a suspension in a chain of `let` conditions can't be lowered yet; bind its value before the `if`",
                );
                cond
            }
            cond => self.scoped_value(cond, out),
        }
    }

    /// What a `match` or `if let` looks at. It lives to the end of the construct, and so does what
    /// was made on the way: where an arm suspends, both become variables.
    fn scrutinee(&mut self, expr: Expr, arms: &[(Pat, bool)], looked: Looked, out: &mut Vec<Node>) -> Expr {
        let Looked { bodies, other, named } = looked;
        let suspended = suspends(&expr);
        if !bodies {
            return if suspended { self.operand_value(expr, out) } else { self.jumps(expr) };
        }
        let before = out.len();
        let expr = self.lifted(expr, out);
        if other && out.len() > before && !suspended {
            self.errors.at(
                &expr,
                "what is made on the way to this value may live on while the function is suspended; \
                 bind the value with a `let` of its own before the `if`",
            );
        }
        let taken: Vec<&Pat> = arms.iter().filter(|(_, suspends)| *suspends).map(|(pat, _)| pat).collect();
        let check = taken.iter().any(|pat| coverage::needs_check(pat));
        if walk::is_place(&expr) {
            if let Some(var) = walk::local(self.names, &expr)
                && check
                && !self.names.get(var).glue.is_none()
                && !self.named_later(var)
            {
                out.push(Node::Plain(
                    parse_quote_spanned!(mixed()=> ::segue::machine::matched_whole(&#expr);),
                ));
            }
            return expr;
        }
        if !check && !taken.iter().any(|pat| coverage::leaves_rest(pat, named)) {
            return expr;
        }
        let var = self.names.temporary("matched", true);
        out.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value: expr }));
        if check {
            out.push(Node::Plain(parse_quote_spanned!(mixed()=> ::segue::machine::matched_whole(&#var);)));
        }
        path(&var)
    }

    fn select(&mut self, select: syn::ExprMatch, dest: &Dest, out: &mut Vec<Node>) {
        let apart = std::mem::take(&mut self.apart);
        let operand = std::mem::take(&mut self.operand);
        let mut nodes = Vec::new();
        let arms: Vec<_> = select.arms.iter().map(|arm| (arm.pat.clone(), suspends(&arm.body))).collect();
        let bodies = arms.iter().any(|(_, suspends)| *suspends);
        let looked = Looked { bodies, other: false, named: true };
        let scrutinee = if operand {
            let mut scrutinee = self.scrutinee(*select.expr, &arms, looked, &mut nodes);
            self.lift(&mut scrutinee, &mut nodes);
            scrutinee
        } else {
            self.on_its_own(&mut nodes, |normaliser, nodes| {
                normaliser.scrutinee(*select.expr, &arms, looked, nodes)
            })
        };
        let ours = walk::local(self.names, &scrutinee).is_some_and(|var| self.names.get(var).ours);
        let mut branches = Vec::new();
        for arm in select.arms {
            let mut body = Vec::new();
            let mut pat = arm.pat;
            if ours || !walk::is_place(&scrutinee) {
                self.name_wildcards(&mut pat, suspends(&arm.body), &mut body);
            }
            self.jumps_in_pat(&mut pat);
            self.arm_body(*arm.body, dest, &mut body);
            branches.push(Branch { attrs: arm.attrs, pat, body });
        }
        let meets = Meets { result: dest.var(), apart };
        nodes.push(Node::Match { scrutinee, arms: branches, meets });
        if operand {
            // What it looks at lives to the end of the statement that it is an operand in.
            return out.append(&mut nodes);
        }
        self.scope_or_flat(nodes, dest, out);
    }

    fn arm_body(&mut self, body: Expr, dest: &Dest, out: &mut Vec<Node>) {
        match body {
            Expr::Block(block) if block.label.is_none() => out.extend(self.branch_block(&block.block, dest)),
            body => {
                self.framed(out, |normaliser, out| normaliser.into(body, dest, out));
            }
        }
    }

    /// `Some((a, _))` leaves a part of the value behind, to be dropped after the arm: it gets a name,
    /// and the user's bindings come after it.
    fn name_wildcards(&mut self, pat: &mut Pat, suspends: bool, out: &mut Vec<Node>) {
        if !suspends {
            return;
        }
        let inner = match pat {
            Pat::Guard(_) => return,
            pat => pat,
        };
        if !coverage::only_wildcards_left(inner) {
            return;
        }
        let rebinds = coverage::name_wildcards(inner, self.names);
        for coverage::Rebound { var, mutable, from } in rebinds {
            let mutability = mutable.then(|| quote_spanned!(mixed()=> mut));
            out.push(Node::Plain(parse_quote_spanned!(mixed()=> let #mutability #var = #from;)));
        }
    }

    fn enter(&mut self, label: Option<String>, is_loop: bool, dest: &Dest) -> LoopId {
        let id = LoopId(self.results.len());
        self.results.push(dest.clone());
        self.targets.push(Target { label, id, is_loop, dest: dest.clone() });
        id
    }

    /// An endless loop; `body` writes what it repeats.
    fn repeat(
        &mut self,
        label: Option<syn::Label>,
        dest: &Dest,
        out: &mut Vec<Node>,
        body: impl FnOnce(&mut Self, LoopId, &mut Vec<Node>),
    ) {
        let id = self.enter(label.map(|label| label.name.ident.to_string()), true, dest);
        let mut nodes = Vec::new();
        // What the loop names at all it may name again in its next round.
        self.later.push((BTreeSet::new(), true));
        body(self, id, &mut nodes);
        self.later.pop();
        self.targets.pop();
        out.push(Node::Loop { id, body: nodes });
    }

    fn while_loop(&mut self, repeat: syn::ExprWhile, dest: &Dest, out: &mut Vec<Node>) {
        let syn::ExprWhile { label, cond, body, .. } = repeat;
        let bodies = block_suspends(&body);
        self.repeat(label, &Dest::Ignore, out, |normaliser, id, nodes| {
            let cond = normaliser
                .on_its_own(nodes, |normaliser, nodes| normaliser.condition(*cond, bodies, false, nodes));
            let then = normaliser.branch_block(&body, &Dest::Ignore);
            nodes.push(Node::If {
                cond,
                then,
                otherwise: vec![Node::Break(id)],
                meets: Meets { result: None, apart: false },
            });
        });
        self.unit_after(dest, out);
    }

    fn for_loop(&mut self, repeat: syn::ExprForLoop, dest: &Dest, out: &mut Vec<Node>) {
        let syn::ExprForLoop { label, pat, expr, body, .. } = repeat;
        let mut nodes = Vec::new();
        let expr = self.on_its_own(&mut nodes, |normaliser, nodes| normaliser.lifted(*expr, nodes));
        let iter = self.names.temporary("iter", true);
        let into_iter = parse_quote_spanned!(mixed()=> ::core::iter::IntoIterator::into_iter(#expr));
        nodes.push(Node::Assign(Assign { var: iter.clone(), mutable: true, ty: None, value: into_iter }));
        self.repeat(label, &Dest::Ignore, &mut nodes, |normaliser, id, nodes| {
            let mut bound = (*pat).clone();
            let mut then = Vec::new();
            normaliser.name_wildcards(&mut bound, true, &mut then);
            let mut scrutinee: Expr =
                parse_quote_spanned!(mixed()=> ::core::iter::Iterator::next(&mut #iter));
            if coverage::leaves_rest(&bound, true) {
                let var = normaliser.names.temporary("item", true);
                nodes.push(Node::Assign(Assign {
                    var: var.clone(),
                    mutable: true,
                    ty: None,
                    value: scrutinee,
                }));
                scrutinee = path(&var);
            }
            then.extend(normaliser.branch_block(&body, &Dest::Ignore));
            let some = parse_quote_spanned!(mixed()=> ::core::option::Option::Some(#bound));
            let none = parse_quote_spanned!(mixed()=> ::core::option::Option::None);
            let arms = vec![
                Branch { attrs: Vec::new(), pat: some, body: then },
                Branch { attrs: Vec::new(), pat: none, body: vec![Node::Break(id)] },
            ];
            nodes.push(Node::Match { scrutinee, arms, meets: Meets { result: None, apart: false } });
        });
        out.push(Node::Scope { body: nodes, label: None, result: None });
        self.unit_after(dest, out);
    }

    /// `while` and `for` are `()`: what waits for their value gets it after them.
    fn unit_after(&mut self, dest: &Dest, out: &mut Vec<Node>) {
        if !matches!(dest, Dest::Ignore) {
            self.give(parse_quote_spanned!(mixed()=> ()), dest, out);
        }
    }

    /// `a && b` where `b` suspends: `if a { b } else { false }`.
    fn lazy(&mut self, binary: syn::ExprBinary, dest: &Dest, out: &mut Vec<Node>) {
        let and = matches!(binary.op, syn::BinOp::And(_));
        let cond = self.scoped_value(*binary.left, out);
        let (mut evaluated, mut known) = (Vec::new(), Vec::new());
        self.into(*binary.right, dest, &mut evaluated);
        if !matches!(dest, Dest::Ignore) {
            let constant = !and;
            self.give(parse_quote_spanned!(mixed()=> #constant), dest, &mut known);
        }
        let (then, otherwise) = if and { (evaluated, known) } else { (known, evaluated) };
        out.push(Node::If { cond, then, otherwise, meets: Meets { result: dest.var(), apart: false } });
    }

    /// The construct that a jump with this label leaves, if it is one of ours.
    fn target(&self, label: Option<&Lifetime>) -> Option<usize> {
        match label {
            Some(label) => {
                let label = label.ident.to_string();
                self.targets.iter().rposition(|target| target.label.as_deref() == Some(&*label))
            }
            None => self.targets.iter().rposition(|target| target.is_loop),
        }
    }

    /// Labels the jumps in an expression that doesn't suspend.
    pub(crate) fn jumps(&mut self, mut expr: Expr) -> Expr {
        self.jumper().visit_expr_mut(&mut expr);
        expr
    }

    pub(crate) fn jumps_in(&mut self, stmt: &mut Stmt) {
        self.jumper().visit_stmt_mut(stmt);
    }

    fn jumps_in_pat(&mut self, pat: &mut Pat) {
        self.jumper().visit_pat_mut(pat);
    }

    fn jumper(&self) -> Jumper<'_, '_> {
        Jumper { normaliser: self, native_loops: 0, native_labels: Vec::new() }
    }
}

/// Gives a jump out of plain code the label of the construct of ours that it leaves.
struct Jumper<'a, 'n> {
    normaliser: &'a Normaliser<'n>,
    native_loops: usize,
    native_labels: Vec<String>,
}

impl Jumper<'_, '_> {
    fn label(&self, label: Option<&Lifetime>, span: Span) -> Option<Lifetime> {
        let native = match label {
            Some(label) => self.native_labels.contains(&label.ident.to_string()),
            None => self.native_loops > 0,
        };
        if native {
            return None;
        }
        let target = self.normaliser.target(label)?;
        Some(Lifetime::new(&self.normaliser.targets[target].id.label(), span))
    }

    fn native(&mut self, label: Option<&syn::Label>, is_loop: bool, walk: impl FnOnce(&mut Self)) {
        let labels = self.native_labels.len();
        self.native_labels.extend(label.map(|label| label.name.ident.to_string()));
        self.native_loops += usize::from(is_loop);
        walk(self);
        self.native_loops -= usize::from(is_loop);
        self.native_labels.truncate(labels);
    }
}

impl VisitMut for Jumper<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            Expr::Loop(repeat) => {
                let label = repeat.label.clone();
                self.native(label.as_ref(), true, |jumper| visit_mut::visit_expr_loop_mut(jumper, repeat));
            }
            Expr::While(repeat) => {
                let label = repeat.label.clone();
                self.native(label.as_ref(), true, |jumper| visit_mut::visit_expr_while_mut(jumper, repeat));
            }
            Expr::ForLoop(repeat) => {
                self.visit_expr_mut(&mut repeat.expr);
                let label = repeat.label.clone();
                self.native(label.as_ref(), true, |jumper| jumper.visit_block_mut(&mut repeat.body));
            }
            Expr::Block(block) => {
                let label = block.label.clone();
                self.native(label.as_ref(), false, |jumper| visit_mut::visit_expr_block_mut(jumper, block));
            }
            Expr::Break(jump) => {
                if let Some(label) = self.label(jump.label.as_ref(), jump.break_token.span) {
                    jump.label = Some(label);
                }
                visit_mut::visit_expr_break_mut(self, jump);
            }
            Expr::Continue(jump) => {
                if let Some(label) = self.label(jump.label.as_ref(), jump.continue_token.span) {
                    jump.label = Some(label);
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

fn has_tail(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(_, None)) => true,
        Some(Stmt::Macro(mac)) => mac.semi_token.is_none(),
        _ => false,
    }
}

pub(crate) fn split_type(pat: &Pat) -> (&Pat, Option<Type>) {
    match pat {
        Pat::Type(typed) => (&typed.pat, Some((*typed.ty).clone())),
        pat => (pat, None),
    }
}

fn is_jump(expr: &Expr) -> bool {
    matches!(expr, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}

fn is_lazy(op: &syn::BinOp) -> bool {
    matches!(op, syn::BinOp::And(_) | syn::BinOp::Or(_))
}

fn is_match(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_match(&inner.expr),
        Expr::Group(inner) => is_match(&inner.expr),
        expr => matches!(expr, Expr::Match(_)),
    }
}

/// A suspension in whose operand nothing suspends.
pub(crate) fn is_plain_suspension(expr: &Expr) -> bool {
    match expr {
        Expr::Yield(yielded) => !yielded.expr.as_ref().is_some_and(|operand| suspends(operand)),
        Expr::Await(awaited) => !suspends(&awaited.base),
        _ => false,
    }
}

/// Control flow: its value is given, not computed.
pub(crate) fn is_construct(expr: &Expr) -> bool {
    match expr {
        Expr::If(_) | Expr::Match(_) | Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) | Expr::Block(_) => {
            true
        }
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Binary(binary) => is_lazy(&binary.op),
        Expr::Paren(inner) => is_construct(&inner.expr),
        Expr::Group(inner) => is_construct(&inner.expr),
        _ => false,
    }
}

fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        Expr::Paren(inner) => has_let(&inner.expr),
        _ => false,
    }
}
