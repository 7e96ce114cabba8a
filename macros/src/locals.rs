//! `let` statements.

use quote::quote_spanned;
use syn::{Expr, Ident, Local, LocalInit, Pat, Stmt, parse_quote_spanned};

use crate::constants;
use crate::coverage::{self, Rebound};
use crate::frames::Extent;
use crate::input::mixed;
use crate::normalise::{Normaliser, is_plain_suspension, path};
use crate::operands;
use crate::tree::{Assign, Dest, Node};
use crate::walk::{self, split_type, suspends};

impl Normaliser<'_> {
    pub(crate) fn local(&mut self, local: &Local, out: &mut Vec<Node>) {
        let mut local = local.clone();
        let Some(init) = local.init.take() else {
            return out.push(Node::Plain(Stmt::Local(local)));
        };
        let LocalInit { eq_token, expr, diverge } = init;
        let other = diverge.as_ref().is_some_and(|(_, diverge)| suspends(diverge));
        if !suspends(&expr) && !other {
            let expr = Box::new(if self.after { self.extended(*expr, &local.pat, out) } else { *expr });
            local.init = Some(LocalInit { eq_token, expr, diverge });
            return self.plain(Stmt::Local(local), out);
        }
        match diverge {
            Some((else_token, diverge)) => {
                let mut nodes = Vec::new();
                let (value, temporaries) = self.taken(*expr, &mut nodes);
                if !other && temporaries.is_empty() {
                    out.append(&mut nodes);
                    let diverge = Some((else_token, diverge));
                    local.init = Some(LocalInit { eq_token, expr: Box::new(value), diverge });
                    return self.plain(Stmt::Local(local), out);
                }
                self.let_else(local.pat, value, *diverge, temporaries, nodes, out);
            }
            None => self.bound(local, eq_token, *expr, out),
        }
    }

    /// A `let` with an `else` that suspends, or with a value that comes with temporaries: those end
    /// before the `else`, after what the pattern left of the value.
    fn let_else(
        &mut self,
        mut pat: Pat,
        value: Expr,
        diverge: Expr,
        temporaries: Vec<Ident>,
        mut nodes: Vec<Node>,
        out: &mut Vec<Node>,
    ) {
        let mut otherwise = Vec::new();
        if temporaries.is_empty() {
            out.append(&mut nodes);
            self.diverges(diverge, &mut otherwise);
            return out.push(Node::LetElse { pat, value, diverge: otherwise });
        }
        if binds_by_reference(&pat) {
            self.errors.at(
                &pat,
                "`ref` in a `let ... else` whose value is made with temporaries can't be lowered; \
                 bind the value to a name first, and match that",
            );
        }
        let var = self.names.temporary("value", true);
        nodes.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value }));
        otherwise.extend(temporaries.into_iter().chain([var.clone()]).rev().map(Node::End));
        self.diverges(diverge, &mut otherwise);
        let rebound = coverage::rename_bindings(&mut pat, self.names);
        let value = path(&var);
        nodes.push(Node::LetElse { pat, value, diverge: otherwise });
        self.bind_again(&rebound, nodes, out);
    }

    /// The `else` of a `let`: the rest of the block isn't later than it, since it leaves.
    fn diverges(&mut self, diverge: Expr, out: &mut Vec<Node>) {
        let rest = self.later.last_mut().map(|(named, _)| std::mem::take(named));
        self.into(diverge, Extent::Statement, &Dest::Ignore, out);
        if let (Some(rest), Some((named, _))) = (rest, self.later.last_mut()) {
            *named = rest;
        }
    }

    /// A value that nothing binds ends before what was made on the way to it.
    pub(crate) fn let_go(&mut self, expr: Expr, out: &mut Vec<Node>) {
        let mut nodes = Vec::new();
        let (value, _) = self.taken(expr, &mut nodes);
        self.give(value, Extent::Statement, &Dest::Ignore, &mut nodes);
        out.push(Node::Scope { body: nodes, label: None, result: None, unsafety: None });
    }

    /// Evaluates what is taken apart where the frame's temporaries are still there.
    fn taken(&mut self, expr: Expr, nodes: &mut Vec<Node>) -> (Expr, Vec<Ident>) {
        let mut value = None;
        let temporaries = self.framed(Extent::Statement, nodes, |normaliser, nodes| {
            normaliser.frame.enter();
            value = Some(normaliser.operand_value(expr, nodes));
        });
        (value.expect("it has been evaluated"), temporaries)
    }

    /// Binds the initial value of a `let`, which suspends.
    fn bound(&mut self, local: Local, eq_token: syn::Token![=], expr: Expr, out: &mut Vec<Node>) {
        let leaves = coverage::leaves_rest(split_type(&local.pat).0, false);
        if is_plain_suspension(&expr) && !(leaves && keeps_temporaries(&expr)) {
            return self.suspend(expr, Some(local.pat), true, out);
        }
        let (name, ty) = split_type(&local.pat);
        if let Pat::Ident(name) = name
            && !matches!(expr, Expr::Reference(_))
            && name.subpat.is_none()
            && name.by_ref.is_none()
            && self.names.of(&name.ident).is_some()
        {
            let dest = Dest::Var { var: name.ident.clone(), mutable: name.mutability.is_some(), ty };
            return self.into(expr, Extent::Statement, &dest, out);
        }
        let by_reference = binds_by_reference(name);
        let with = |mut local: Local, value: Expr| {
            local.init = Some(LocalInit { eq_token, expr: Box::new(value), diverge: None });
            Stmt::Local(local)
        };
        let stmt = match expr {
            Expr::Reference(mut reference) => {
                // The value referred to lives as long as the variable.
                *reference.expr = self.kept_temporary(*reference.expr, out);
                with(local, Expr::Reference(reference))
            }
            expr if leaves && !by_reference => {
                let mut nodes = Vec::new();
                let (value, temporaries) = self.taken(expr, &mut nodes);
                if !temporaries.is_empty() {
                    let mut local = local;
                    let rebound = coverage::rename_bindings(&mut local.pat, self.names);
                    self.plain(with(local, value), &mut nodes);
                    return self.bind_again(&rebound, nodes, out);
                }
                out.append(&mut nodes);
                with(local, value)
            }
            expr => {
                let value = self.statement_value(expr, out);
                with(local, value)
            }
        };
        self.plain(stmt, out);
    }

    fn plain(&mut self, mut stmt: Stmt, out: &mut Vec<Node>) {
        self.jumps_in(&mut stmt);
        out.push(Node::Plain(stmt));
    }

    /// What a pattern bound in a block goes on after it, under the user's names.
    fn bind_again(&mut self, rebound: &[Rebound], mut nodes: Vec<Node>, out: &mut Vec<Node>) {
        let parts = rebound.iter().map(|part| &part.from);
        let value: Expr = match rebound {
            [] => return out.push(Node::Scope { body: nodes, label: None, result: None, unsafety: None }),
            [part] => path(&part.from),
            _ => parse_quote_spanned!(mixed()=> (#(#parts),*)),
        };
        let single = match rebound {
            [part] => Some((part.var.clone(), part.mutable)),
            _ => None,
        };
        let (var, mutable) = single.clone().unwrap_or_else(|| (self.names.temporary("value", true), true));
        nodes.push(Node::Assign(Assign { var: var.clone(), mutable, ty: None, value }));
        out.push(Node::Scope { body: nodes, label: None, result: Some(var.clone()), unsafety: None });
        if single.is_none() {
            let names = rebound.iter().map(|part| {
                let (name, mutability) = (&part.var, part.mutable.then(|| quote_spanned!(mixed()=> mut)));
                quote_spanned!(mixed()=> #mutability #name)
            });
            out.push(Node::Plain(parse_quote_spanned!(mixed()=> let (#(#names),*) = #var;)));
        }
    }

    /// The value of a statement of its own, to be taken apart: what is left of it ends with it.
    fn statement_value(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        let temporary = !walk::is_place(&expr);
        let value = self.scoped_value(expr, Extent::Statement, out);
        self.as_temporary(value, temporary)
    }

    /// The value behind a reference that a `let` keeps: a variable before the `let`.
    fn kept_temporary(&mut self, value: Expr, out: &mut Vec<Node>) -> Expr {
        if walk::is_place(&value) && !suspends(&value) {
            return self.jumps(value);
        }
        let lasts = is_of_a_variable(&value);
        let value = self.scoped_value(value, Extent::Statement, out);
        let ours = walk::local(self.names, &value).is_some_and(|var| self.names.get(var).ours);
        if ours || (lasts && is_of_a_variable(&value)) {
            return value;
        }
        let var = self.names.temporary("kept", true);
        out.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value }));
        path(&var)
    }

    /// `let x = &make();` keeps what is made alive to the end of the block: where something suspends
    /// until then, it becomes a variable.
    fn extended(&mut self, expr: Expr, pat: &Pat, out: &mut Vec<Node>) -> Expr {
        match expr {
            Expr::Reference(mut reference) if !is_static(&reference.expr) => {
                let mut base = &mut *reference.expr;
                while let Expr::Field(syn::ExprField { base: inner, .. })
                | Expr::Index(syn::ExprIndex { expr: inner, .. }) = base
                {
                    base = inner;
                }
                if !walk::is_place(base) {
                    let value = std::mem::replace(base, Expr::Verbatim(Default::default()));
                    *base = self.kept_temporary(value, out);
                }
                Expr::Reference(reference)
            }
            Expr::Tuple(_) | Expr::Array(_) | Expr::Struct(_) if keeps_temporary(&expr) => {
                self.errors.at(
                    &expr,
                    "a reference in here keeps a value alive that is made in place, while the function is suspended; \
                     bind that value with a `let` of its own first",
                );
                expr
            }
            expr if binds_by_reference(pat) && !walk::is_place(&expr) => self.kept_temporary(expr, out),
            expr => expr,
        }
    }
}

/// Is a value made on the way to this suspension that is still there when it is over? What is yielded is evaluated before.
pub(crate) fn keeps_temporaries(suspension: &Expr) -> bool {
    matches!(suspension, Expr::Await(awaited) if operands::makes_temporaries(&awaited.base))
}

/// A variable, or a place that is a part of one or that one points to.
fn is_of_a_variable(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(field) => is_of_a_variable(&field.base),
        Expr::Index(index) => is_of_a_variable(&index.expr),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_of_a_variable(&unary.expr),
        Expr::Paren(inner) => is_of_a_variable(&inner.expr),
        _ => false,
    }
}

/// A literal or a constant behind a `&` lives for ever.
fn is_static(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Array(array) => array.elems.iter().all(is_static),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_static),
        Expr::Paren(inner) => is_static(&inner.expr),
        Expr::Reference(inner) => inner.mutability.is_none() && is_static(&inner.expr),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Neg(_)) && is_static(&unary.expr),
        _ => constants::is_literal(expr),
    }
}

fn keeps_temporary(expr: &Expr) -> bool {
    match expr {
        Expr::Reference(reference) => !is_static(&reference.expr) && !walk::is_place(&reference.expr),
        Expr::Tuple(tuple) => tuple.elems.iter().any(keeps_temporary),
        Expr::Array(array) => array.elems.iter().any(keeps_temporary),
        Expr::Struct(literal) => literal.fields.iter().any(|field| keeps_temporary(&field.expr)),
        Expr::Paren(inner) => keeps_temporary(&inner.expr),
        _ => false,
    }
}

/// `let ref x = ...`
fn binds_by_reference(pat: &Pat) -> bool {
    struct ByReference(bool);
    impl syn::visit::Visit<'_> for ByReference {
        fn visit_pat_ident(&mut self, pat: &syn::PatIdent) {
            self.0 |= pat.by_ref.is_some();
            syn::visit::visit_pat_ident(self, pat);
        }
    }
    let mut finder = ByReference(false);
    syn::visit::Visit::visit_pat(&mut finder, pat);
    finder.0
}
