//! `let` statements.

use quote::quote_spanned;
use syn::{Expr, Local, LocalInit, Pat, Stmt, parse_quote_spanned};

use crate::coverage;
use crate::frames::Extent;
use crate::input::mixed;
use crate::normalise::{Normaliser, is_plain_suspension, path, split_type};
use crate::tree::{Assign, Dest, Node};
use crate::walk::{self, suspends};

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
            Some((_, diverge)) if other => {
                let value = self.statement_value(*expr, out);
                let mut nodes = Vec::new();
                self.into(*diverge, Extent::Statement, &Dest::Ignore, &mut nodes);
                out.push(Node::LetElse { pat: local.pat, value, diverge: nodes });
            }
            diverge => self.bound(local, eq_token, *expr, diverge, out),
        }
    }

    /// Binds the initial value of a `let`, which suspends.
    fn bound(
        &mut self,
        local: Local,
        eq_token: syn::Token![=],
        expr: Expr,
        diverge: Option<(syn::Token![else], Box<Expr>)>,
        out: &mut Vec<Node>,
    ) {
        if diverge.is_none() && is_plain_suspension(&expr) {
            return self.suspend(expr, Some(local.pat), true, out);
        }
        let (name, ty) = split_type(&local.pat);
        if let Pat::Ident(name) = name
            && diverge.is_none()
            && !matches!(expr, Expr::Reference(_))
            && name.subpat.is_none()
            && name.by_ref.is_none()
            && self.names.of(&name.ident).is_some()
        {
            let dest = Dest::Var { var: name.ident.clone(), mutable: name.mutability.is_some(), ty };
            return self.into(expr, Extent::Statement, &dest, out);
        }
        let leaves = coverage::leaves_rest(name, false) && !binds_by_reference(name);
        let with = |local: &Local, value: Expr| {
            let expr = Box::new(value);
            Stmt::Local(Local { init: Some(LocalInit { eq_token, expr, diverge }), ..local.clone() })
        };
        let mut nodes = Vec::new();
        let stmt = match expr {
            Expr::Reference(mut reference) => {
                // The value referred to lives as long as the variable.
                *reference.expr = self.kept_temporary(*reference.expr, out);
                with(&local, Expr::Reference(reference))
            }
            expr if leaves => {
                let mut taken = None;
                let temporaries = self.framed(Extent::Statement, &mut nodes, |normaliser, nodes| {
                    let value = normaliser.operand_value(expr, nodes);
                    taken = Some(value);
                });
                let value = taken.expect("it has been evaluated");
                if !temporaries.is_empty() {
                    return self.taken_apart(local, |local| with(local, value), nodes, out);
                }
                out.append(&mut nodes);
                with(&local, value)
            }
            expr => {
                let value = self.statement_value(expr, out);
                with(&local, value)
            }
        };
        self.plain(stmt, out);
    }

    fn plain(&mut self, mut stmt: Stmt, out: &mut Vec<Node>) {
        self.jumps_in(&mut stmt);
        out.push(Node::Plain(stmt));
    }

    /// A value of which the pattern takes a part: the rest is dropped first, then what was made on
    /// the way, and the variables go on.
    fn taken_apart(
        &mut self,
        mut local: Local,
        with_value: impl FnOnce(&Local) -> Stmt,
        mut nodes: Vec<Node>,
        out: &mut Vec<Node>,
    ) {
        let rebound = coverage::rename_bindings(&mut local.pat, self.names);
        let stmt = with_value(&local);
        self.plain(stmt, &mut nodes);
        let parts = rebound.iter().map(|part| &part.from);
        let value: Expr = match &rebound[..] {
            [] => return out.push(Node::Scope { body: nodes, label: None, result: None }),
            [part] => path(&part.from),
            _ => parse_quote_spanned!(mixed()=> (#(#parts),*)),
        };
        let single = match &rebound[..] {
            [part] => Some((part.var.clone(), part.mutable)),
            _ => None,
        };
        let (var, mutable) = single.clone().unwrap_or_else(|| (self.names.temporary("value", true), true));
        nodes.push(Node::Assign(Assign { var: var.clone(), mutable, ty: None, value }));
        out.push(Node::Scope { body: nodes, label: None, result: Some(var.clone()) });
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
        let value = self.scoped_value(value, Extent::Statement, out);
        if walk::local(self.names, &value).is_some_and(|var| self.names.get(var).ours) {
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

/// A literal or a constant behind a `&` lives for ever.
fn is_static(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Array(array) => array.elems.iter().all(is_static),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_static),
        Expr::Paren(inner) => is_static(&inner.expr),
        Expr::Reference(inner) => inner.mutability.is_none() && is_static(&inner.expr),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Neg(_)) && is_static(&unary.expr),
        _ => false,
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
