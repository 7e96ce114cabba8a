//! Writes the variables on [loan](crate::loans) as the places that they are.
//!
//! ```text
//! let mut list = read();                let list = Loaned::new(read());
//! let mut iter = list.iter_mut();       let mut iter = (*place(&list)).iter_mut();
//! send(list).await;                     send(take(&list)).await;
//! ```
//!
//! What binds such a variable by a pattern is followed by a statement that gives it its home, and by one
//! for each variable that the pattern binds after it: so they are dropped in the same order.

pub(crate) mod macros;
mod values;

use std::collections::BTreeSet;

use quote::quote_spanned;
use syn::{Expr, Ident, Local, Pat, Stmt, Type, parse_quote_spanned};

use self::values::Places;
use crate::input::mixed;
use crate::names::{Loan, Names, VarId};
use crate::segments::{Arm, JumpId, Op, Program};
use crate::tree::{Assign, Suspend};
use crate::walk::{self, bindings};

/// Rewrites all code, if there are any.
pub(crate) fn write(program: &mut Program, names: &Names) {
    if !names.lends() {
        return;
    }
    let writer = Writer { names, loaned: loaned_ident(names) };
    for segment in &mut program.segments {
        segment.code = writer.code(std::mem::take(&mut segment.code));
    }
}

/// What owns the home of a variable.
pub(crate) fn loaned_ident(names: &Names) -> Ident {
    Ident::new(&names.free("Loaned"), mixed())
}

/// What a variable becomes when the function begins that is an argument.
pub(crate) fn lent_ident(names: &Names) -> Ident {
    Ident::new(&names.free("Lent"), mixed())
}

struct Writer<'a> {
    names: &'a Names,
    loaned: Ident,
}

impl Writer<'_> {
    fn places(&self) -> Places<'_> {
        Places::new(self.names)
    }

    fn code(&self, code: Vec<Op>) -> Vec<Op> {
        let mut written = Vec::with_capacity(code.len());
        code.into_iter().for_each(|op| self.op(op, &mut written));
        written
    }

    fn op(&self, op: Op, out: &mut Vec<Op>) {
        match op {
            Op::Plain { stmt, id } => self.plain(stmt, id, out),
            Op::Assign(assign) => out.push(Op::Assign(self.assign(assign))),
            Op::Receive { into: Some(pat), wait, at, question } => {
                let homes = self.homes(&pat);
                out.push(Op::Receive { into: Some(pat), wait, at, question });
                out.extend(homes);
            }
            Op::Scope { reopened, code, value, unsafety } => {
                let (code, value) = (self.code(code), value.map(|value| self.assign(value)));
                out.push(Op::Scope { reopened, code, value, unsafety });
            }
            Op::If { mut cond, then, otherwise } => {
                let bound = walk::bound_by(self.names, &cond);
                self.places().without(&bound).value(&mut cond);
                let homes = self.homes_of(&bound);
                let (then, otherwise) = (self.code(then), self.code(otherwise));
                out.push(Op::If { cond, then: homes.into_iter().chain(then).collect(), otherwise });
            }
            Op::Match { mut scrutinee, arms } => {
                self.places().place(&mut scrutinee);
                let arms = arms.into_iter().map(|arm| self.arm(arm)).collect();
                out.push(Op::Match { scrutinee, arms });
            }
            Op::LetElse { pat, mut value, diverge } => {
                self.places().place(&mut value);
                let homes = self.homes(&pat);
                out.push(Op::LetElse { pat, value, diverge: self.code(diverge) });
                out.extend(homes);
            }
            Op::Suspend { suspend, to } => {
                let operand = suspend.operand.map(|operand| self.value(operand));
                out.push(Op::Suspend { suspend: Suspend { operand, ..suspend }, to });
            }
            Op::Return(value) => out.push(Op::Return(self.value(value))),
            op @ (Op::Receive { .. }
            | Op::Recall { .. }
            | Op::Leaving { .. }
            | Op::End { .. }
            | Op::Goto { .. }) => out.push(op),
        }
    }

    fn value(&self, mut value: Expr) -> Expr {
        self.places().value(&mut value);
        value
    }

    fn arm(&self, arm: Arm) -> Arm {
        let Arm { attrs, mut pat, code, braces } = arm;
        let bound = bindings(self.names, &pat);
        if let Pat::Guard(guarded) = &mut pat {
            self.places().without(&bound).value(&mut guarded.guard);
        }
        let code = self.homes_of(&bound).into_iter().chain(self.code(code)).collect();
        Arm { attrs, pat, code, braces }
    }

    /// `let var = value`, where the variable is one of ours or has the value of a construct.
    fn assign(&self, assign: Assign) -> Assign {
        let value = self.value(assign.value);
        let on_loan = self.names.of(&assign.var).is_some_and(|var| self.names.on_loan(var));
        if !on_loan {
            return Assign { value, ..assign };
        }
        Assign { value: self.home(assign.ty.as_ref(), &value), ty: None, mutable: false, ..assign }
    }

    fn plain(&self, stmt: Stmt, id: JumpId, out: &mut Vec<Op>) {
        let Stmt::Local(mut local) = stmt else {
            let mut stmt = stmt;
            self.places().stmt(&mut stmt);
            return out.push(Op::Plain { stmt, id });
        };
        if let Some(init) = &mut local.init {
            self.places().initial(&local.pat, &mut init.expr);
            if let Some((_, diverge)) = &mut init.diverge {
                self.places().value(diverge);
            }
        }
        let homes = if self.is_home_at_once(&mut local) { Vec::new() } else { self.homes(&local.pat) };
        out.push(Op::Plain { stmt: Stmt::Local(local), id });
        out.extend(homes);
    }

    /// `let name = Loaned::new(value)`, where the value needs no statement of its own.
    fn is_home_at_once(&self, local: &mut Local) -> bool {
        let (pat, ty) = walk::split_type(&local.pat);
        let Pat::Ident(ident) = pat else { return false };
        let on_loan =
            self.names.of(&ident.ident).is_some_and(|var| self.names.get(var).loan == Some(Loan::Home));
        if !on_loan || ident.by_ref.is_some() || ident.subpat.is_some() {
            return false;
        }
        let mut ident = ident.clone();
        ident.mutability = None;
        match &mut local.init {
            None => {
                let loaned = &self.loaned;
                let ty = ty.map(|ty| quote_spanned!(mixed()=> ::<#ty>));
                local.init = Some(syn::LocalInit {
                    eq_token: syn::Token![=](mixed()),
                    expr: parse_quote_spanned!(mixed()=> #loaned #ty::unset()),
                    diverge: None,
                });
            }
            Some(init) if init.diverge.is_none() && !extends_temporaries(&init.expr) => {
                *init.expr = self.home(ty.as_ref(), &init.expr);
            }
            Some(_) => return false,
        }
        local.pat = Pat::Ident(ident);
        true
    }

    fn home(&self, ty: Option<&Type>, value: &Expr) -> Expr {
        let loaned = &self.loaned;
        let ty = ty.map(|ty| quote_spanned!(mixed()=> ::<#ty>));
        parse_quote_spanned!(mixed()=> #loaned #ty::new(#value))
    }

    /// The statements after what binds these variables.
    fn homes(&self, pat: &Pat) -> Vec<Op> {
        self.homes_of(&bindings(self.names, pat))
    }

    fn homes_of(&self, bound: &[VarId]) -> Vec<Op> {
        let on_loan = |var: &VarId| self.names.on_loan(*var);
        let bound = bound.iter().skip_while(|var| !on_loan(var));
        let homes = bound.map(|var| {
            if !on_loan(var) {
                return Op::bound_again(self.names, *var);
            }
            let (loaned, ident) = (&self.loaned, self.names.ident(*var, self.names.get(*var).shown.span()));
            Op::ours(parse_quote_spanned!(mixed()=> let #ident = #loaned::new(#ident);))
        });
        homes.collect()
    }
}

/// Does a `let` of this value extend the life of what is made in it?
fn extends_temporaries(value: &Expr) -> bool {
    match value {
        Expr::Reference(reference) => !walk::is_place(&reference.expr),
        Expr::Tuple(tuple) => tuple.elems.iter().any(extends_temporaries),
        Expr::Array(array) => array.elems.iter().any(extends_temporaries),
        Expr::Struct(literal) => literal.fields.iter().any(|field| extends_temporaries(&field.expr)),
        Expr::Call(call) => call.args.iter().any(extends_temporaries),
        Expr::Paren(inner) => extends_temporaries(&inner.expr),
        Expr::Cast(cast) => extends_temporaries(&cast.expr),
        Expr::Block(_) | Expr::If(_) | Expr::Match(_) => true,
        _ => false,
    }
}

/// The variables on loan that are named somewhere in an expression.
pub(crate) fn named_in(names: &Names, expr: &Expr) -> BTreeSet<VarId> {
    let mut mentions = walk::Mentions::in_expr(names, expr);
    mentions.retain(|var| names.on_loan(*var));
    mentions
}
