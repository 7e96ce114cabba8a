//! What the value of an expression may have in it: borrows of variables, and what they have in them.
//!
//! Without types a call may give back a borrow of whatever it is given. What doesn't, is told by the
//! [conventions](super::conventions) for its name.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Expr, Pat, Stmt};

use super::conventions;
use crate::arguments;
use crate::names::{Names, VarId};
use crate::receivers;
use crate::types;
use crate::walk::{self, Mentions};

/// How something of a variable may be in a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// `&variable` is.
    Referred,
    /// A borrow of it is that a method gave.
    Borrowed,
    /// The same, unless the variable was used up.
    Perhaps,
    /// A pattern looks into it: that borrows what it refers to, if it is a `&mut`.
    Through,
    /// A method was given a borrow: that is there if the value is a future.
    Given,
    /// An awaited method had a borrow of it: that is there if what it gave is waited for in turn.
    Awaited,
    /// The same of a method that only looks at it, and so hasn't used it up.
    Watched,
    /// What the variable has in it is.
    Held,
}

impl How {
    /// Is it surely a borrow, if anything of the variable is there?
    pub(super) fn is_borrow(self) -> bool {
        matches!(self, How::Referred | How::Borrowed | How::Perhaps)
    }
}

/// What a value may have in it.
#[derive(Default, Clone)]
pub(super) struct Value(pub(super) BTreeSet<(VarId, How)>);

impl Value {
    pub(super) fn new(vars: impl IntoIterator<Item = VarId>, how: How) -> Value {
        Value(vars.into_iter().map(|var| (var, how)).collect())
    }

    pub(super) fn of(values: impl IntoIterator<Item = Value>) -> Value {
        Value(values.into_iter().flat_map(|value| value.0).collect())
    }

    pub(super) fn and(self, other: Value) -> Value {
        Value::of([self, other])
    }

    pub(super) fn vars(&self) -> impl Iterator<Item = VarId> {
        self.0.iter().map(|(var, _)| *var)
    }

    /// The same in another way, for what is borrowed.
    pub(super) fn with(self, change: impl Fn(How) -> How) -> Value {
        Value(self.0.into_iter().map(|(var, how)| (var, change(how))).collect())
    }

    /// The same where nothing is made of a variable that was used up: only a statement of its own keeps what is left.
    pub(super) fn surely(self) -> Value {
        self.with(|how| if how == How::Perhaps { How::Borrowed } else { how })
    }

    /// What it has from variables, without borrows of them.
    pub(super) fn contents(&self) -> Value {
        Value::new(self.vars(), How::Held)
    }

    pub(super) fn add(&mut self, other: &Value) {
        self.0.extend(&other.0);
    }
}

/// What the value of an expression may have in it.
pub(super) fn value_of(names: &Names, expr: &Expr) -> Value {
    let of = |expr: &Expr| value_of(names, expr);
    if let Some(var) = walk::local(names, expr) {
        return Value::new([var], How::Held);
    }
    match expr {
        Expr::Reference(reference) => borrowed(names, &reference.expr, How::Referred),
        Expr::RawAddr(_) | Expr::Lit(_) | Expr::Path(_) => Value::default(),
        // Copied, or moved out of there.
        Expr::Field(_) | Expr::Index(_) => match walk::root(names, expr) {
            Some(var) => Value::new([var], How::Held),
            None => of(base(expr)),
        },
        Expr::Unary(unary) => match unary.op {
            syn::UnOp::Deref(_) => Value::new(walk::root(names, expr), How::Held),
            _ => of(&unary.expr),
        },
        Expr::Cast(cast) => match &*cast.ty {
            syn::Type::Reference(_) => of(&cast.expr),
            _ => Value::default(),
        },
        Expr::Binary(binary) => Value::of([by_value(names, &binary.left), by_value(names, &binary.right)]),
        Expr::MethodCall(call) => method(names, call),
        Expr::Call(call) => function(names, call),
        Expr::Macro(call) => of_macro(names, &call.mac, expr),
        Expr::Closure(closure) => captured(names, closure.capture.is_some(), &closure.body),
        Expr::Async(block) => captured(names, block.capture.is_some(), &walk::async_body(block)),
        Expr::Paren(inner) => of(&inner.expr),
        Expr::Group(inner) => of(&inner.expr),
        Expr::Try(question) => tried(names, &question.expr),
        Expr::Await(awaits) => awaited(names, &awaits.base),
        Expr::Tuple(tuple) => Value::of(tuple.elems.iter().map(of)),
        Expr::Array(array) => Value::of(array.elems.iter().map(of)),
        Expr::Repeat(repeat) => of(&repeat.expr),
        Expr::Range(range) => Value::of(range.start.iter().chain(&range.end).map(|end| of(end))),
        Expr::Struct(literal) => {
            let fields = literal.fields.iter().map(|field| of(&field.expr));
            Value::of(fields.chain(literal.rest.iter().map(|rest| of(rest))))
        }
        Expr::Block(block) => of_block(names, &block.block),
        Expr::Unsafe(block) => of_block(names, &block.block),
        Expr::If(branch) => {
            let other = branch.else_branch.iter().map(|(_, other)| of(other));
            Value::of(other.chain([of_block(names, &branch.then_branch)]))
        }
        Expr::Match(select) => Value::of(select.arms.iter().map(|arm| of(&arm.body))),
        Expr::Let(_) | Expr::Assign(_) | Expr::While(_) | Expr::ForLoop(_) => Value::default(),
        _ => Value::new(Mentions::in_expr(names, expr), How::Perhaps),
    }
}

fn base(expr: &Expr) -> &Expr {
    match expr {
        Expr::Field(field) => &field.base,
        Expr::Index(index) => &index.expr,
        expr => expr,
    }
}

/// A borrow of a place, and what that has in it.
fn borrowed(names: &Names, place: &Expr, how: How) -> Value {
    let itself = how == How::Referred && walk::local(names, place).is_some();
    let plain = |var: &VarId| names.get(*var).ty.as_ref().is_some_and(types::is_primitive);
    match walk::root(names, place) {
        // No method of a number gives a borrow of it.
        Some(var) if plain(&var) && !itself => Value::default(),
        // What a `&T` refers to isn't the variable's.
        Some(var) if walk::is_shared_reference(names, var) && !itself => Value::new([var], How::Held),
        Some(var) => Value::new([var], how).and(Value::new([var], How::Held)),
        None => value_of(names, base(place)),
    }
}

/// How a pattern binds what it is given in place.
pub(super) fn by_pattern(pat: &Pat) -> How {
    if walk::says_ref(pat) { How::Referred } else { How::Through }
}

/// What a method may give of its receiver, or a pattern of what it is bound to.
pub(super) fn looked_at(names: &Names, expr: &Expr, how: How) -> Value {
    if walk::is_place(expr) && walk::root(names, expr).is_some() {
        borrowed(names, expr, how)
    } else {
        value_of(names, expr)
    }
}

/// An operand of an arithmetic operation: of a borrow nothing stays.
fn by_value(names: &Names, expr: &Expr) -> Value {
    match expr {
        Expr::Reference(_) => Value::default(),
        expr => value_of(names, expr),
    }
}

fn of_block(names: &Names, block: &syn::Block) -> Value {
    match block.stmts.last() {
        Some(Stmt::Expr(tail, None)) => value_of(names, tail),
        Some(Stmt::Macro(tail)) if tail.semi_token.is_none() => {
            let expr = Expr::Macro(syn::ExprMacro { attrs: Vec::new(), mac: tail.mac.clone() });
            value_of(names, &expr)
        }
        _ => Value::default(),
    }
}

fn captured(names: &Names, moves: bool, body: &Expr) -> Value {
    let mentions = Mentions::in_expr(names, body);
    let borrows = |var: &VarId| !moves && !walk::is_shared_reference(names, *var);
    let borrowed = Value::new(mentions.iter().copied().filter(borrows), How::Referred);
    borrowed.and(Value::new(mentions, How::Held))
}

fn of_macro(names: &Names, mac: &syn::Macro, expr: &Expr) -> Value {
    if arguments::only_looks(mac) || mac.path.is_ident("matches") {
        return Value::default();
    }
    if arguments::takes(mac) {
        return Value::of(arguments::of(mac).iter().map(|value| value_of(names, value)));
    }
    Value::new(Mentions::in_expr(names, expr), How::Perhaps)
}

fn function(names: &Names, call: &syn::ExprCall) -> Value {
    let called = match &*call.func {
        Expr::Path(path) => path.path.segments.iter().map(|segment| segment.ident.to_string()).collect(),
        _ => Vec::new(),
    };
    let words: Vec<&str> = called.iter().map(String::as_str).collect();
    match words[..] {
        // The items of an iterator aren't the iterator's own.
        [.., "Iterator", "next"] => return Value::of(call.args.iter().map(|arg| held_by(names, arg))),
        [.., "String" | "PathBuf" | "OsString" | "CString", _] | [.., "from_str" | "type_name_of_val"] => {
            return Value::default();
        }
        [.., "Rc" | "Arc", "clone"] => {
            return Value::of(call.args.iter().map(|arg| held_by(names, arg)));
        }
        _ => {}
    }
    let function = walk::local(names, &call.func).map(|var| Value::new([var], How::Held));
    Value::of(call.args.iter().map(|arg| value_of(names, arg)).chain(function))
}

/// What a borrow gives away of what it borrows.
fn held_by(names: &Names, arg: &Expr) -> Value {
    value_of(names, arg).contents()
}

fn method(names: &Names, call: &syn::ExprMethodCall) -> Value {
    if conventions::gives_owned(&call.method) {
        return Value::default();
    }
    let surely = walk::local(names, &call.receiver).is_none() || receivers::only_looks(&call.method);
    let receiver = match receivers::consumes(call) {
        true => value_of(names, &call.receiver),
        false => looked_at(names, &call.receiver, if surely { How::Borrowed } else { How::Perhaps }),
    };
    if conventions::gives_contents(&call.method) {
        return receiver.contents();
    }
    if conventions::uses_up_iterator(&call.method) {
        return items(names, &call.receiver).and(Value::of(call.args.iter().map(|arg| called(names, arg))));
    }
    let calls_at_once = conventions::calls_at_once(&call.method);
    let keeps = conventions::keeps_arguments(&call.method);
    let args = call.args.iter().map(|arg| match arg {
        Expr::Closure(_) if calls_at_once => called(names, arg),
        // A method that gives a borrow gives one of its receiver, unless it says otherwise.
        Expr::Reference(_) if !keeps => {
            value_of(names, arg).with(|how| if how.is_borrow() { How::Given } else { how })
        }
        arg => value_of(names, arg),
    });
    Value::of(args.chain([receiver]))
}

/// What the items of an iterator may have in them: not what its closures capture.
fn items(names: &Names, iterator: &Expr) -> Value {
    match iterator {
        Expr::MethodCall(call) if call.args.iter().any(|arg| matches!(arg, Expr::Closure(_))) => {
            let args = call.args.iter().map(|arg| called(names, arg));
            Value::of(args.chain([items(names, &call.receiver)]))
        }
        Expr::MethodCall(call) if call.args.is_empty() && receivers::takes_temporary(call) => {
            items(names, &call.receiver)
        }
        Expr::Paren(inner) => items(names, &inner.expr),
        iterator => value_of(names, iterator),
    }
}

/// What comes of an argument that is called, if it is a closure.
fn called(names: &Names, arg: &Expr) -> Value {
    match arg {
        Expr::Closure(closure) => value_of(names, &closure.body),
        arg => value_of(names, arg),
    }
}

/// What comes of `value?`: reading and writing give numbers.
fn tried(names: &Names, expr: &Expr) -> Value {
    match expr {
        Expr::MethodCall(call) if conventions::transfers(call) => Value::default(),
        expr => value_of(names, expr),
    }
}

/// The variable that is awaited, or a method of it.
pub(super) fn called_on(names: &Names, operand: &Expr) -> Option<VarId> {
    match operand {
        Expr::MethodCall(call) => called_on(names, &call.receiver),
        Expr::Try(question) => called_on(names, &question.expr),
        Expr::Paren(inner) => called_on(names, &inner.expr),
        operand => walk::local(names, operand),
    }
}

/// What comes of an awaited call: the function that is called has given back what it borrowed, unless it
/// gives a guard.
pub(super) fn awaited(names: &Names, operand: &Expr) -> Value {
    let value = value_of(names, operand);
    let guards = match operand {
        Expr::MethodCall(call) => match tested(call) {
            Some(future) => return awaited(names, future),
            None => conventions::gives_guard(call),
        },
        Expr::Paren(inner) => return awaited(names, &inner.expr),
        Expr::Call(call) => match conventions::called_name(call).as_deref() {
            // What a `join!` or a `select!` is given is awaited in it.
            Some("within") => return Value::of(call.args.iter().map(|arg| awaited(names, arg))),
            _ => conventions::leaves_futures(call) || conventions::constructs(call),
        },
        Expr::Tuple(tuple) => return Value::of(tuple.elems.iter().map(|elem| awaited(names, elem))),
        _ => false,
    };
    if guards {
        return value;
    }
    match operand {
        Expr::MethodCall(call) if conventions::transfers(call) => Value::default(),
        Expr::MethodCall(call) if conventions::makes(call) => value.contents(),
        _ => {
            let is_borrow = |how: &How| !matches!(how, How::Held | How::Given | How::Awaited | How::Watched);
            let borrowed: BTreeMap<VarId, How> =
                value.0.iter().filter(|(_, how)| is_borrow(how)).copied().collect();
            let held = value.0.into_iter().filter(|(var, _)| !borrowed.contains_key(var));
            let watched = |how: &How| if *how == How::Perhaps { How::Awaited } else { How::Watched };
            let awaited = borrowed.iter().map(|(var, how)| (*var, watched(how)));
            Value(held.chain(awaited).collect())
        }
    }
}

/// The future of a branch of a `select!` whose output is tested by a pattern: `Tested::new(future).by(..)`.
fn tested(call: &syn::ExprMethodCall) -> Option<&Expr> {
    let Expr::Call(made) = &*call.receiver else { return None };
    let Expr::Path(path) = &*made.func else { return None };
    let is_ours = path.path.segments.iter().any(|segment| segment.ident == "Tested");
    made.args.first().filter(|_| is_ours && call.method == "by")
}

/// May the value of this expression have a destructor that uses what it borrows?
pub(super) fn may_be_guard(expr: &Expr) -> bool {
    match expr {
        Expr::Call(_)
        | Expr::Struct(_)
        | Expr::Closure(_)
        | Expr::Async(_)
        | Expr::Tuple(_)
        | Expr::Array(_) => true,
        Expr::MethodCall(call) => {
            conventions::gives_guard(call)
                || conventions::gives_iterator(&call.method)
                || (receivers::consumes(call) && may_be_guard(&call.receiver))
        }
        Expr::Try(question) => may_be_guard(&question.expr),
        Expr::Await(awaits) => may_be_guard(&awaits.base),
        Expr::Paren(inner) => may_be_guard(&inner.expr),
        Expr::Macro(call) => arguments::takes(&call.mac),
        Expr::Path(_) => true,
        _ => false,
    }
}
