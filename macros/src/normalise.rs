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

use proc_macro2::TokenStream;
use syn::{Block, Expr, Ident, Pat, Stmt, Type, parse_quote_spanned};

use crate::error::Errors;
use crate::frames::{self, Extent, Frame};
use crate::input::{Function, Kind, is_unit, mixed};
use crate::names::{Names, VarId};
use crate::tree::{Assign, Body, Dest, LoopId, Node, Suspend, Unsafe};
use crate::types::{self, Glue};
use crate::walk::{self, Mentions, stmt_suspends, suspends};
use crate::{apart, locals, operands, rests, suspension};

/// A loop or block that a jump can leave.
pub(crate) struct Target {
    pub(crate) label: Option<String>,
    pub(crate) id: LoopId,
    pub(crate) is_loop: bool,
    pub(crate) dest: Dest,
}

pub(crate) struct Normaliser<'a> {
    pub(crate) names: &'a mut Names,
    pub(crate) errors: Errors,
    pub(crate) targets: Vec<Target>,
    /// Where the value of a `break` goes, for each construct that one can leave.
    pub(crate) results: Vec<Dest>,
    /// The variables that are named after the statement at hand, and whether anything suspends
    /// there, for each block around it.
    pub(crate) later: Vec<(BTreeSet<VarId>, bool)>,
    pub(crate) items: Vec<Stmt>,
    /// How many blocks are around the statement at hand.
    pub(crate) depth: usize,
    /// The function as the user wrote it, but for the names of its variables.
    pub(crate) whole: TokenStream,
    /// The variables that something is assigned to, after their declaration.
    pub(crate) assigned: BTreeSet<VarId>,
    /// The variables of which it isn't clear whether they are named again, or another in a macro.
    pub(crate) unclear: BTreeSet<VarId>,
    /// The scope of the expression at hand.
    pub(crate) frame: Frame,
    /// Something suspends after the statement at hand.
    pub(crate) after: bool,
    /// What dropping a value does that was sent.
    sent: Glue,
}

/// Takes the body apart; its items are hoisted to where all of the machine sees them.
pub(crate) fn normalise(function: &mut Function, names: &mut Names) -> syn::Result<Body> {
    let assigned = walk::assigned(names, &function.body);
    let unclear = walk::unclear(names, &function.body);
    let mut normaliser = Normaliser {
        names,
        assigned,
        unclear,
        errors: Errors::default(),
        targets: Vec::new(),
        results: Vec::new(),
        later: Vec::new(),
        items: Vec::new(),
        depth: 0,
        whole: {
            let (sig, body) = (&function.sig, &function.body);
            quote::quote!(#sig #body)
        },
        frame: Frame::default(),
        after: false,
        sent: match &function.kind {
            Kind::Generator { resume, .. } => types::of_type(resume),
            Kind::Stream { .. } => Glue::Copy,
            Kind::Task => Glue::Unknown,
        },
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
        let mut after_each = walk::after_each(self.names, &block.stmts).into_iter();
        for (index, stmt) in block.stmts.iter().enumerate() {
            let after = after_each.next().unwrap_or_default();
            if let Stmt::Item(item) = stmt {
                self.item(item, block);
                continue;
            }
            let last = index + 1 == block.stmts.len();
            self.after = after.suspends || self.later.iter().any(|(_, suspends)| *suspends);
            if !stmt_suspends(stmt) {
                self.stmt(stmt, last, dest, out);
                continue;
            }
            self.later.push((after.named, after.suspends));
            self.framed(Extent::Statement, out, |normaliser, out| {
                normaliser.stmt(stmt, last, dest, out);
            });
            self.later.pop();
        }
        if let (Dest::Var { .. }, false) = (dest, has_value(block)) {
            self.unit(dest, out);
        }
        self.depth -= 1;
    }

    /// Does nothing happen when what is sent is dropped?
    pub(crate) fn sends_plain(&self) -> bool {
        self.sent.is_none()
    }

    /// A block without a tail is `()`, unless it never ends.
    fn unit(&mut self, dest: &Dest, out: &mut Vec<Node>) {
        let ends = matches!(out.last(), Some(Node::Return(_) | Node::Break(_) | Node::Continue(_)));
        if !ends {
            self.give(parse_quote_spanned!(mixed()=> ()), Extent::Statement, dest, out);
        }
    }

    /// Is `var` named again after the statement at hand?
    pub(crate) fn named_later(&self, var: VarId) -> bool {
        self.later.iter().any(|(later, _)| later.contains(&var))
    }

    fn stmt(&mut self, stmt: &Stmt, last: bool, dest: &Dest, out: &mut Vec<Node>) {
        match stmt {
            Stmt::Local(local) => self.local(local, out),
            Stmt::Item(_) => {}
            Stmt::Expr(expr, None) if last => self.into(expr.clone(), Extent::Itself, dest, out),
            Stmt::Expr(expr, _) if last && !matches!(dest, Dest::Ignore) && walk::leaves(expr) => {
                self.into(expr.clone(), Extent::Statement, dest, out);
            }
            Stmt::Expr(expr, Some(_)) if suspends(expr) && self.lets_value_go(expr) => {
                self.valued_statement(expr.clone(), out);
            }
            Stmt::Expr(expr, semi) => {
                if suspends(expr) || is_jump(expr) {
                    self.into(expr.clone(), Extent::Statement, &Dest::Ignore, out);
                } else {
                    out.push(Node::Plain(Stmt::Expr(self.jumps(expr.clone()), *semi)));
                }
            }
            Stmt::Macro(mac) if last && !matches!(dest, Dest::Ignore) => {
                let expr = Expr::Macro(syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() });
                if mac.semi_token.is_none() || walk::leaves(&expr) {
                    self.into(expr, Extent::Itself, dest, out);
                } else {
                    out.push(Node::Plain(stmt.clone()));
                }
            }
            Stmt::Macro(_) => out.push(Node::Plain(stmt.clone())),
        }
    }

    /// Writes the suspension that `expr` is.
    ///
    /// Unless it `settles` the statement, what its operand makes on the way lives on after it.
    pub(crate) fn suspend(&mut self, expr: Expr, into: Option<Pat>, settles: bool, out: &mut Vec<Node>) {
        let wait = suspension::of(&expr).expect("the caller has asked");
        let at = suspension::at(&expr);
        let operand = match expr {
            Expr::Yield(yielded) => yielded.expr.map(|expr| *expr),
            Expr::Await(awaited) => Some(*awaited.base),
            _ => unreachable!("the caller has asked"),
        };
        let mut lingers = None;
        let operand = operand.map(|operand| {
            // What an awaited future borrows lives as long as it; what is yielded is a value.
            let awaits = wait == suspension::Wait::Await;
            if !awaits {
                let value = self.scoped_value(operand, Extent::Statement, out);
                return self.without_guards(value, out);
            }
            let mut operand = self.value(operand, out);
            self.hoist_questions(&mut operand, settles, out);
            // What waits for the rest of its expression is dropped before the temporaries: those are then
            // no part of the future.
            let linger = rests::ARE_KEPT && self.frame.waiting.is_none();
            if !settles && linger && operands::may_use_up_temporaries(&operand) {
                lingers = Some(self.declare_temporary("temporaries", out));
            } else if !settles {
                self.lift(&mut operand, out);
            }
            operand
        });
        if let (suspension::Wait::Yield, Some(pat)) = (wait, &into) {
            self.tell_glue(pat);
        }
        out.push(Node::Suspend(Suspend { wait, operand, into, at, lingers, ready: false, question: None }));
    }

    /// A value that is yielded or delegated to, in a variable if it is made with guards: they may borrow what moves into the state, and end
    /// before that.
    fn without_guards(&mut self, value: Expr, out: &mut Vec<Node>) -> Expr {
        if !operands::may_make_guards(&value) || Mentions::in_expr(self.names, &value).is_empty() {
            return value;
        }
        let var = self.names.temporary("value", false);
        out.push(Node::Assign(Assign { var: var.clone(), mutable: false, ty: None, value }));
        path(&var)
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
        let place = self.frame.enter();
        if !suspends(&expr) {
            return self.jumps(expr);
        }
        if let Some(wait) = suspension::of(&expr) {
            let role = match wait {
                suspension::Wait::Yield => "sent",
                suspension::Wait::YieldFrom | suspension::Wait::Call => "returned",
                suspension::Wait::Await | suspension::Wait::Item => "output",
            };
            let var = self.names.temporary_at(role, true, suspension::at(&expr).word);
            let into = parse_quote_spanned!(mixed()=> mut #var);
            self.suspend(expr, Some(into), place.settles(), out);
            return path(&var);
        }
        if is_construct(&expr) {
            let var = self.names.temporary("value", true);
            let dest = Dest::Var { var: var.clone(), mutable: true, ty: None };
            self.construct(expr, &dest, out);
            return path(&var);
        }
        self.operands(expr, place, out)
    }

    /// Control flow that is an operand.
    fn construct(&mut self, expr: Expr, dest: &Dest, out: &mut Vec<Node>) {
        match expr {
            Expr::Paren(inner) => self.construct(*inner.expr, dest, out),
            Expr::Group(inner) => self.construct(*inner.expr, dest, out),
            Expr::Match(select) => {
                let apart = apart::has_mark(&select.attrs);
                self.select_operand(select, apart, dest, out);
            }
            Expr::ForLoop(repeat) => self.for_operand(repeat, dest, out),
            expr => self.into(expr, Extent::Statement, dest, out),
        }
    }

    /// Gives a value that doesn't suspend to `dest`.
    pub(crate) fn give(&mut self, value: Expr, extent: Extent, dest: &Dest, out: &mut Vec<Node>) {
        let value = frames::in_extent(value, extent);
        out.push(match dest {
            Dest::Ignore => Node::Plain(Stmt::Expr(value, Some(syn::Token![;](mixed())))),
            Dest::Return => Node::Return(value),
            Dest::Var { var, mutable, ty } => {
                Node::Assign(Assign { var: var.clone(), mutable: *mutable, ty: ty.clone(), value })
            }
        });
    }

    /// Evaluates `expr` and gives its value to `dest`.
    pub(crate) fn into(&mut self, expr: Expr, extent: Extent, dest: &Dest, out: &mut Vec<Node>) {
        match expr {
            Expr::Return(returned) => {
                let unit = || Box::new(parse_quote_spanned!(returned.return_token.span=> ()));
                // Nothing is named after it.
                let later = std::mem::take(&mut self.later);
                self.into(*returned.expr.unwrap_or_else(unit), Extent::Statement, &Dest::Return, out);
                self.later = later;
            }
            Expr::Break(jump) if self.target(jump.label.as_ref()).is_some() => {
                let target = self.target(jump.label.as_ref()).expect("just found");
                let (id, dest) = (self.targets[target].id, self.targets[target].dest.clone());
                match jump.expr {
                    Some(value) => self.into(*value, Extent::Statement, &dest, out),
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
                self.give(expr, extent, dest, out);
            }
            // Out of nothing: rustc tells that.
            Expr::Break(mut jump) => {
                jump.expr = jump.expr.map(|value| Box::new(self.value(*value, out)));
                self.give(Expr::Break(jump), extent, dest, out);
            }
            Expr::Paren(inner) if is_construct(&inner.expr) => self.into(*inner.expr, extent, dest, out),
            Expr::Group(inner) => self.into(*inner.expr, extent, dest, out),
            Expr::Block(block) => self.block_expr(block, None, dest, out),
            Expr::Unsafe(syn::ExprUnsafe { attrs, unsafe_token, block }) => {
                let unsafety = Unsafe { word: unsafe_token, braces: block.brace_token.span.join() };
                let block = syn::ExprBlock { attrs, label: None, block };
                self.block_expr(block, Some(unsafety), dest, out);
            }
            Expr::If(branch) => self.branch(branch, dest, out),
            Expr::Match(select) if only_calls(&select) => {
                self.evaluate(Expr::Match(select), extent, dest, out)
            }
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
                match locals::keeps_temporaries(&expr) {
                    true => self.let_go(expr, out),
                    false => self.suspend(expr, None, true, out),
                }
            }
            expr => self.evaluate(expr, extent, dest, out),
        }
    }

    fn block_expr(
        &mut self,
        block: syn::ExprBlock,
        unsafety: Option<Unsafe>,
        dest: &Dest,
        out: &mut Vec<Node>,
    ) {
        let mut body = Vec::new();
        let id =
            block.label.as_ref().map(|label| self.enter(Some(label.name.ident.to_string()), false, dest));
        self.block(&block.block, dest, &mut body);
        if id.is_some() {
            self.targets.pop();
        }
        if matches!(dest, Dest::Return) && !has_value(&block.block) {
            body.push(Node::Return(parse_quote_spanned!(mixed()=> ())));
        }
        out.push(Node::Scope { body, label: id, result: dest.var(), unsafety });
    }
}

/// A macro call whose operands are matched: nothing is chosen, so it is an expression like another.
fn only_calls(select: &syn::ExprMatch) -> bool {
    let one = match &select.arms[..] {
        [arm] => matches!(*arm.body, Expr::Macro(_)) && !matches!(arm.pat, Pat::Guard(_)),
        _ => false,
    };
    one && !apart::has_mark(&select.attrs)
}

/// Does a block end in a value, or in a statement that stands for one, since it never ends?
pub(crate) fn has_value(block: &Block) -> bool {
    has_tail(block) || walk::ends_in_leaving(block)
}

fn has_tail(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(_, None)) => true,
        Some(Stmt::Macro(mac)) => mac.semi_token.is_none(),
        _ => false,
    }
}

fn is_jump(expr: &Expr) -> bool {
    matches!(expr, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}

pub(crate) fn is_lazy(op: &syn::BinOp) -> bool {
    matches!(op, syn::BinOp::And(_) | syn::BinOp::Or(_))
}

/// A suspension in whose operand nothing suspends, and of which nothing is left after it.
pub(crate) fn is_plain_suspension(expr: &Expr) -> bool {
    match expr {
        Expr::Yield(yielded) => !yielded.expr.as_ref().is_some_and(|operand| suspends(operand)),
        Expr::Await(awaited) => {
            let leaves = operands::has_question(&awaited.base) && operands::makes_temporaries(&awaited.base);
            !suspends(&awaited.base) && !leaves
        }
        _ => false,
    }
}

/// Control flow: its value is given, not computed. A `match` whose arms don't suspend is computed.
pub(crate) fn is_construct(expr: &Expr) -> bool {
    match expr {
        Expr::Match(select) => apart::is_marked(expr) || select.arms.iter().any(|arm| suspends(&arm.body)),
        Expr::If(_) | Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => true,
        Expr::Block(_) | Expr::Unsafe(_) => true,
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Binary(binary) => is_lazy(&binary.op),
        Expr::Paren(inner) => is_construct(&inner.expr),
        Expr::Group(inner) => is_construct(&inner.expr),
        _ => false,
    }
}

pub(crate) fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        Expr::Paren(inner) => has_let(&inner.expr),
        _ => false,
    }
}
