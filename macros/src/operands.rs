//! Evaluates the operands of an expression in Rust's order when one of them suspends.
//!
//! What stands before the suspension is evaluated into variables first; literals, closures and
//! borrows of places are left where they are. What is only looked at (a receiver, the operand of a
//! `&`) lives to the end of the statement, as Rust's temporaries do.

use syn::{Expr, parse_quote_spanned};

use crate::coverage;
use crate::input::mixed;
use crate::normalise::{Normaliser, path};
use crate::tree::{Assign, Node};
use crate::walk::{self, Mentions, suspends};

/// How an operand is used by the expression around it.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// Its value.
    Value,
    /// Its place: it is borrowed, or a part of it is used.
    Place,
    /// The left side of `=`: found after the right side has been evaluated.
    Target,
    /// The left side of `+=`: found after the right side if that is a primitive, else before it.
    Updated,
}

/// Methods of std's iterators, options and results that take `self` by value.
const ADAPTORS: &[&str] = &[
    "ok",
    "err",
    "ok_or",
    "ok_or_else",
    "map",
    "map_err",
    "map_or",
    "map_or_else",
    "and_then",
    "or_else",
    "filter",
    "filter_map",
    "flat_map",
    "flatten",
    "chain",
    "zip",
    "rev",
    "skip",
    "take_while",
    "skip_while",
    "map_while",
    "step_by",
    "enumerate",
    "peekable",
    "cloned",
    "copied",
    "collect",
    "fold",
    "sum",
    "product",
    "count",
    "last",
    "min",
    "max",
    "inspect",
    "fuse",
    "cycle",
    "scan",
    "partition",
    "unzip",
    "transpose",
    "then",
    "then_some",
    "into",
    "try_into",
];

/// Methods that give a guard: what is called on one may only look through it.
const GUARDS: &[&str] =
    &["lock", "borrow", "borrow_mut", "read", "write", "try_lock", "try_borrow", "try_borrow_mut"];

/// Does a method of this name take its receiver by value, by Rust's own conventions?
pub(crate) fn consumes(method: &syn::Ident) -> bool {
    let method = method.to_string();
    ["into_", "unwrap", "expect"].iter().any(|prefix| method.starts_with(prefix))
}

/// Does this call take a receiver that was just made? Then nothing of it is left to be dropped.
fn takes_temporary(call: &syn::ExprMethodCall) -> bool {
    let adapts = consumes(&call.method) || ADAPTORS.contains(&&*call.method.to_string());
    let poisoned =
        matches!(&*call.receiver, Expr::MethodCall(inner) if is_guard(inner)) && consumes(&call.method);
    adapts && (poisoned || !gives_guard(&call.receiver))
}

fn is_guard(call: &syn::ExprMethodCall) -> bool {
    GUARDS.contains(&&*call.method.to_string())
}

fn gives_guard(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => is_guard(call) || (consumes(&call.method) && gives_guard(&call.receiver)),
        Expr::Try(question) => gives_guard(&question.expr),
        Expr::Await(awaited) => gives_guard(&awaited.base),
        Expr::Paren(inner) => gives_guard(&inner.expr),
        _ => false,
    }
}

/// Does nothing run after the first operand of this but `?`, or a method of std that gives on what
/// it is called on?
fn settles(expr: &Expr) -> bool {
    match expr {
        Expr::Try(_) | Expr::Paren(_) | Expr::Group(_) => true,
        Expr::MethodCall(call) => consumes(&call.method) || ADAPTORS.contains(&&*call.method.to_string()),
        _ => false,
    }
}

/// The operands of an expression in the order in which they are evaluated.
fn operands(expr: &mut Expr) -> Vec<(&mut Expr, Use)> {
    use Use::{Place, Target, Updated, Value};
    match expr {
        Expr::Call(call) => {
            let func = (&mut *call.func, Value);
            std::iter::once(func).chain(call.args.iter_mut().map(|arg| (arg, Value))).collect()
        }
        Expr::MethodCall(call) => {
            let local = matches!(*call.receiver, Expr::Path(_));
            let taken = if local { consumes(&call.method) } else { takes_temporary(call) };
            let used = if taken || says_consumed(&call.receiver) { Value } else { Place };
            let receiver = (&mut *call.receiver, used);
            std::iter::once(receiver).chain(call.args.iter_mut().map(|arg| (arg, Value))).collect()
        }
        Expr::Binary(binary) => {
            let used = match binary.op {
                syn::BinOp::Eq(_) | syn::BinOp::Ne(_) | syn::BinOp::Lt(_) => Place,
                syn::BinOp::Le(_) | syn::BinOp::Gt(_) | syn::BinOp::Ge(_) => Place,
                _ if is_assignment(&binary.op) => Updated,
                _ => Value,
            };
            let right = if used == Place { Place } else { Value };
            vec![(&mut binary.left, used), (&mut binary.right, right)]
        }
        Expr::Assign(assign) => vec![(&mut *assign.left, Target), (&mut assign.right, Value)],
        Expr::Unary(unary) => {
            let used = if matches!(unary.op, syn::UnOp::Deref(_)) { Place } else { Value };
            vec![(&mut *unary.expr, used)]
        }
        Expr::Reference(reference) => vec![(&mut *reference.expr, Place)],
        Expr::Field(field) => vec![(&mut *field.base, Place)],
        Expr::Index(index) => vec![(&mut *index.expr, Place), (&mut index.index, Value)],
        Expr::Cast(cast) => vec![(&mut *cast.expr, Value)],
        Expr::Paren(inner) => vec![(&mut *inner.expr, Value)],
        Expr::Group(inner) => vec![(&mut *inner.expr, Value)],
        Expr::Try(question) => vec![(&mut *question.expr, Value)],
        Expr::Tuple(tuple) => tuple.elems.iter_mut().map(|elem| (elem, Value)).collect(),
        Expr::Array(array) => array.elems.iter_mut().map(|elem| (elem, Value)).collect(),
        Expr::Repeat(repeat) => vec![(&mut *repeat.expr, Value)],
        Expr::Match(select) => {
            let leaves = select
                .arms
                .iter()
                .any(|arm| coverage::leaves_rest(&arm.pat, false) || coverage::needs_check(&arm.pat));
            vec![(&mut *select.expr, if leaves { Place } else { Value })]
        }
        Expr::Struct(literal) => {
            let fields = literal.fields.iter_mut().map(|field| (&mut field.expr, Value));
            fields.chain(literal.rest.iter_mut().map(|rest| (&mut **rest, Place))).collect()
        }
        Expr::Range(range) => {
            let ends = range.start.iter_mut().chain(range.end.iter_mut());
            ends.map(|end| (&mut **end, Value)).collect()
        }
        _ => Vec::new(),
    }
}

fn is_assignment(op: &syn::BinOp) -> bool {
    use syn::BinOp::*;
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

impl Normaliser<'_> {
    /// Evaluates what suspends in the operands of `expr`, and before it what comes before it.
    pub(crate) fn operands(&mut self, mut expr: Expr, out: &mut Vec<Node>) -> Expr {
        if let Expr::Struct(literal) = &mut expr {
            spell_out_shorthands(literal, self.names);
        }
        let settles = std::mem::take(&mut self.settles) && settles(&expr);
        let whole = expr.clone();
        let mut parts = operands(&mut expr);
        let Some(last) = parts.iter().rposition(|(operand, _)| suspends(operand)) else {
            self.errors.at(
                &whole,
                "a suspension at this place can't be lowered yet; bind its value with a `let` of its own first",
            );
            return whole;
        };
        for index in 0..parts.len() {
            let rest: Vec<Expr> = parts[index + 1..].iter().map(|(operand, _)| (**operand).clone()).collect();
            let (operand, used) = &mut parts[index];
            let value = std::mem::replace(*operand, Expr::Verbatim(Default::default()));
            let suspended = suspends(&value);
            self.settles = settles && index == 0;
            **operand = match *used {
                Use::Target => self.left_side(value, true),
                Use::Updated => {
                    let still = walk::is_still_place(&value);
                    self.left_side(value, still)
                }
                Use::Place if index == last => self.operand_value(value, out),
                _ if index == last => self.value(value, out),
                _ if index > last => self.jumps(value),
                Use::Place => {
                    let value = if suspended { self.value(value, out) } else { self.jumps(value) };
                    self.kept_place(value, out)
                }
                Use::Value => {
                    let value = if suspended { self.value(value, out) } else { self.jumps(value) };
                    self.kept_value(value, &rest, out)
                }
            };
        }
        expr
    }

    /// The last operand that suspends, looked at: its value is a temporary of what is left, written
    /// as a block so that Rust drops it at the end of the statement.
    pub(crate) fn operand_value(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        let temporary = !walk::is_place(&expr);
        let value = self.value(expr, out);
        self.as_temporary(value, temporary)
    }

    /// The value of a statement of its own, to be taken apart: what is left of it ends with it.
    pub(crate) fn operand_value_of_statement(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        let temporary = !walk::is_place(&expr);
        let value = self.scoped_value(expr, out);
        self.as_temporary(value, temporary)
    }

    fn as_temporary(&self, value: Expr, temporary: bool) -> Expr {
        match walk::local(self.names, &value) {
            Some(var) if temporary && self.names.get(var).ours => {
                parse_quote_spanned!(mixed()=> ({ #value }))
            }
            _ => value,
        }
    }

    /// The left side of an assignment whose right side suspends.
    fn left_side(&mut self, left: Expr, in_order: bool) -> Expr {
        if suspends(&left) || !in_order {
            self.errors.at(
                &left,
                "the place assigned to is computed, and the value suspends: the order of the two can't be kept; \
                 bind the value with a `let` first",
            );
        }
        self.jumps(left)
    }

    /// A value that is evaluated now and used after a suspension.
    fn kept_value(&mut self, value: Expr, rest: &[Expr], out: &mut Vec<Node>) -> Expr {
        match value {
            Expr::Lit(_) | Expr::Closure(_) => return value,
            Expr::Paren(inner) => return self.kept_value(*inner.expr, rest, out),
            Expr::Group(inner) => return self.kept_value(*inner.expr, rest, out),
            Expr::Reference(mut reference) => {
                *reference.expr = self.kept_place(*reference.expr, out);
                return Expr::Reference(reference);
            }
            _ => {}
        }
        if let Expr::Path(_) = &value {
            let Some(var) = walk::local(self.names, &value) else { return value };
            let known = self.names.get(var);
            let touched = rest.iter().any(|other| Mentions::in_expr(self.names, other).contains(&var));
            if known.ours || (!touched && (known.glue.is_none() || self.named_later(var))) {
                return value;
            }
        }
        let value = self.lifted(value, out);
        self.pending = true;
        self.bind("operand", false, value, out)
    }

    /// A place that is looked at after a suspension: it is left where it is if finding it runs
    /// nothing; a temporary becomes a variable.
    fn kept_place(&mut self, place: Expr, out: &mut Vec<Node>) -> Expr {
        if walk::is_still_place(&place) || matches!(place, Expr::Lit(_)) {
            return place;
        }
        if walk::is_place(&place) {
            self.errors.at(
                &place,
                "this place is computed before a suspension and used after it, which can't be lowered yet; \
                 bind the suspension's value with a `let` first",
            );
            return place;
        }
        let place = self.lifted(place, out);
        self.bind_temporary(place, out)
    }

    /// What is only looked at lives to the end of the statement, and longer than what waits there
    /// for the rest of it: Rust drops the temporaries of a statement last.
    fn bind_temporary(&mut self, value: Expr, out: &mut Vec<Node>) -> Expr {
        self.temporaries += 1;
        let var = self.names.looked_at();
        if !self.pending {
            out.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value }));
            return path(&var);
        }
        out.push(Node::Plain(parse_quote_spanned!(mixed()=> #var = #value;)));
        self.declared.push(var.clone());
        path(&var)
    }

    fn bind(&mut self, role: &str, mutable: bool, value: Expr, out: &mut Vec<Node>) -> Expr {
        let var = self.names.temporary(role, mutable);
        out.push(Node::Assign(Assign { var: var.clone(), mutable, ty: None, value }));
        path(&var)
    }

    /// Makes variables of the temporaries that live on when `expr` has been evaluated: what a method
    /// that may not consume it is called on, what a reference is taken of.
    pub(crate) fn lifted(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        if !suspends(&expr) {
            let mut expr = self.jumps(expr);
            self.lift(&mut expr, out);
            return expr;
        }
        let mut expr = self.value(expr, out);
        self.lift(&mut expr, out);
        expr
    }

    pub(crate) fn lift(&mut self, expr: &mut Expr, out: &mut Vec<Node>) {
        if self.pending
            && let Some(value) = looks_into_a_value(expr)
        {
            self.errors.at(value, LOOKS_INTO_A_VALUE);
            return;
        }
        let mut parts = operands(expr);
        let Some(last) = parts.iter().rposition(|(operand, used)| makes_temporary(operand, *used)) else {
            return;
        };
        for (index, (operand, used)) in parts.iter_mut().enumerate().take(last + 1) {
            self.lift(operand, out);
            let temporary = is_temporary(operand, *used);
            if temporary || (index < last && *used == Use::Value) {
                let value = std::mem::replace(*operand, Expr::Verbatim(Default::default()));
                **operand = if temporary {
                    self.bind_temporary(value, out)
                } else {
                    self.kept_value(value, &[], out)
                };
            }
        }
    }

    /// A `?` in the operand of an `await` that becomes a block of its own would leave the block: it
    /// is evaluated before.
    pub(crate) fn hoist_questions(&mut self, expr: &mut Expr, out: &mut Vec<Node>) {
        let construct =
            matches!(expr, Expr::Match(_) | Expr::If(_) | Expr::Block(_) | Expr::Loop(_) | Expr::While(_));
        if matches!(expr, Expr::Try(_)) || (construct && has_question(expr)) {
            let mut value = std::mem::replace(expr, Expr::Verbatim(Default::default()));
            self.lift(&mut value, out);
            let var = self.names.temporary("operand", true);
            self.names.spend(&var);
            out.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value }));
            *expr = path(&var);
            return;
        }
        let mut parts = operands(expr);
        let Some(last) = parts.iter().rposition(|(operand, _)| has_question(operand)) else { return };
        for (index, (operand, used)) in parts.iter_mut().enumerate().take(last + 1) {
            self.hoist_questions(operand, out);
            if index == last {
                break;
            }
            let value = std::mem::replace(*operand, Expr::Verbatim(Default::default()));
            **operand = match used {
                Use::Value => self.kept_value(value, &[], out),
                _ => self.kept_place(value, out),
            };
        }
    }
}

/// Does this operand leave a value behind that lives on?
fn is_temporary(operand: &Expr, used: Use) -> bool {
    used == Use::Place && !walk::is_place(operand) && !is_literal(operand)
}

/// Does evaluating this operand make a temporary that outlives it?
fn makes_temporary(operand: &Expr, used: Use) -> bool {
    if is_temporary(operand, used) {
        return true;
    }
    let mut operand = operand.clone();
    operands(&mut operand).into_iter().any(|(operand, used)| makes_temporary(operand, used))
}

/// Is there a `?`, or another way out, in an expression that doesn't suspend?
fn has_question(expr: &Expr) -> bool {
    struct Questions(bool);
    impl syn::visit::Visit<'_> for Questions {
        fn visit_expr(&mut self, expr: &Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
                Expr::Try(_) | Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => self.0 = true,
                _ => syn::visit::visit_expr(self, expr),
            }
        }
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut questions = Questions(false);
    syn::visit::Visit::visit_expr(&mut questions, expr);
    questions.0
}

/// `{x}.method()` says that `x` is moved into the call.
fn says_consumed(receiver: &Expr) -> bool {
    match receiver {
        Expr::Block(block) => matches!(&block.block.stmts[..], [syn::Stmt::Expr(Expr::Path(_), None)]),
        _ => false,
    }
}

/// A value that is made in `expr`, which doesn't suspend, and looked at while other code of it
/// runs: should that panic, it is dropped after what waits for the rest of the statement.
fn looks_into_a_value(expr: &Expr) -> Option<Expr> {
    struct Finder(Option<Expr>);
    impl syn::visit::Visit<'_> for Finder {
        fn visit_expr(&mut self, expr: &Expr) {
            let looked = match expr {
                Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
                Expr::Match(select) => looks_on(select).then_some(&select.expr),
                Expr::Let(condition) => Some(&condition.expr),
                Expr::ForLoop(repeat) => Some(&repeat.expr),
                _ => None,
            };
            if let Some(value) = looked
                && !walk::is_place(value)
                && !is_literal(value)
            {
                self.0.get_or_insert_with(|| (**value).clone());
            }
            syn::visit::visit_expr(self, expr);
        }
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut finder = Finder(None);
    syn::visit::Visit::visit_expr(&mut finder, expr);
    finder.0
}

/// Is the value of a `match` still there while guards or arms run?
pub(crate) fn looks_on(select: &syn::ExprMatch) -> bool {
    select.arms.iter().any(|arm| {
        matches!(arm.pat, syn::Pat::Guard(_))
            || coverage::leaves_rest(&arm.pat, false)
            || coverage::needs_check(&arm.pat)
    })
}

pub(crate) const LOOKS_INTO_A_VALUE: &str = "a value is taken apart here in the middle of an expression that suspends: what else waits there \
     would have to be dropped before it; bind the whole `match`, `if let` or `for` with a `let` first";

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(_))
}

/// `Point { x }` is `Point { x: x }` once `x` may be another variable.
fn spell_out_shorthands(literal: &mut syn::ExprStruct, names: &crate::names::Names) {
    for field in &mut literal.fields {
        let Expr::Path(named) = &mut field.expr else { continue };
        let Some(ident) = named.path.get_ident().cloned() else { continue };
        if let Some((id, true)) = names.entry(&ident.to_string()) {
            let span = mixed().located_at(ident.span());
            named.path.segments[0].ident = names.ident(id, ident.span());
            field.colon_token = Some(syn::Token![:](span));
        }
    }
}
