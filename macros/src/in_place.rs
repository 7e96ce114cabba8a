//! Which variables stay where they are while the machine goes from state to state.
//!
//! A state is moved out of the machine and into it again at each step: what is large would be copied
//! each time. An array of plain values needs no drop and is there from the start, so it need not be
//! in a state: it is a variable of the function that makes the machine, and the step captures it.
//!
//! ```text
//! let mut buf = [0u8; 4096];           let mut buf = [0u8; 4096];
//! ...                                  init.step_keeping((buf,), move |state, _| ... {
//!                                          buf = [0u8; 4096]; ...
//! ```

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::visit::Visit;
use syn::{Expr, Lit, Local, Pat, Stmt, Type, parse_quote_spanned};

use crate::arguments;
use crate::codegen;
use crate::flow::{Flow, Need};
use crate::input::{Function, mixed};
use crate::names::{Names, VarId};
use crate::segments::{Entry, Op, Program};
use crate::suspension::Wait;
use crate::types::{self, Glue};
use crate::walk::{Mentions, bindings};

/// The variables that are captured, each with the statement that declares it outside of the step.
pub(crate) type InPlace = BTreeMap<VarId, TokenStream>;

/// Shorter arrays go with the state.
const LARGE: usize = 32;

/// Chooses the arrays that stay in place; where one was declared, it is given its first value again.
pub(crate) fn choose(function: &Function, program: &mut Program, flow: &Flow, names: &Names) -> InPlace {
    if names.captures_by_step || function.is_recursive() {
        // That step moves with the state, or has many.
        return InPlace::new();
    }
    let (delegated, named) = (delegated(program, names), named_plainly(program, names));
    let stays = |var: VarId| {
        is_kept(program, flow, names, var)
            && named.contains(&var)
            && !delegated.contains(&var)
            && !names.on_loan(var)
    };
    let mut chosen = InPlace::new();
    for (index, param) in function.params.iter().enumerate() {
        let array = matches!(&param.ty, Some(Type::Array(array)) if is_large(&array.len));
        let plain = param.ty.as_ref().is_some_and(|ty| types::of_type(ty) == Glue::Copy);
        if array && plain && param.pat.is_none() && stays(VarId(index)) {
            let ident = names.ident(VarId(index), param.ident.span());
            let mutable = param.mutable.then(|| quote_spanned!(mixed()=> mut));
            // Where another variable is called the same, it goes by another name than the parameter.
            let again = (param.mutable || names.share_name(VarId(index))).then(|| {
                let param = codegen::argument(&function.sig.inputs[index]);
                quote_spanned!(mixed()=> let #mutable #ident = #param;)
            });
            chosen.insert(VarId(index), again.into_token_stream());
        }
    }
    let mut found = Vec::new();
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Plain { stmt, .. } = op
                && let Some(var) = declared(stmt, names)
                && stays(var)
            {
                found.push((var, stmt.to_token_stream()));
            }
        });
    }
    chosen.extend(found);
    for segment in &mut program.segments {
        segment.code.iter_mut().for_each(|op| give_again(op, &chosen, names));
    }
    chosen
}

/// Does the variable live across a suspension by its name?
fn is_kept(program: &Program, flow: &Flow, names: &Names, var: VarId) -> bool {
    program.order.iter().any(|id| {
        let segment = program.get(*id);
        segment.entry != Entry::Start
            && segment.scope.contains(&var)
            && flow.need(names, *id, var) == Need::Value
    })
}

/// The variables that the step surely captures: `matches!` may bind such a name anew.
fn named_plainly(program: &Program, names: &Names) -> BTreeSet<VarId> {
    struct Plainly<'a>(Mentions<'a>);
    impl Visit<'_> for Plainly<'_> {
        fn visit_ident(&mut self, ident: &syn::Ident) {
            self.0.visit_ident(ident);
        }

        fn visit_macro(&mut self, mac: &syn::Macro) {
            if arguments::only_looks(mac) {
                self.0.visit_macro(mac);
            }
        }
    }
    let mut plainly = Plainly(Mentions::new(names));
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Plain { stmt, .. } = op {
                plainly.visit_stmt(stmt);
            }
            op.values().into_iter().for_each(|value| plainly.visit_expr(value));
        });
    }
    plainly.0.found
}

/// What delegates mention: it may be lent to them, and then it moves.
fn delegated(program: &Program, names: &Names) -> BTreeSet<VarId> {
    let mut found = BTreeSet::new();
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Suspend { suspend, .. } = op
                && suspend.wait != Wait::Yield
                && let Some(operand) = &suspend.operand
            {
                found.extend(Mentions::in_expr(names, operand));
            }
        });
    }
    found
}

fn declared(stmt: &Stmt, names: &Names) -> Option<VarId> {
    let Stmt::Local(local) = stmt else { return None };
    let (var, length) = declares(local, names)?;
    is_large(length).then_some(var)
}

/// `let mut buf = [0; N];` and that length.
pub(crate) fn declares<'l>(local: &'l Local, names: &Names) -> Option<(VarId, &'l Expr)> {
    let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
    let Expr::Repeat(array) = &*init.expr else { return None };
    let pat = match &local.pat {
        Pat::Type(typed) => &typed.pat,
        pat => pat,
    };
    let Pat::Ident(name) = pat else { return None };
    let plain = name.mutability.is_some() && name.by_ref.is_none() && name.subpat.is_none();
    let [var] = bindings(names, &local.pat)[..] else { return None };
    let still = Mentions::in_expr(names, &array.len).is_empty();
    (plain && local.attrs.is_empty() && is_plain(&array.expr) && still).then_some((var, &*array.len))
}

/// A number, a `bool` or a `char`.
fn is_plain(value: &Expr) -> bool {
    match value {
        Expr::Lit(literal) => {
            matches!(literal.lit, Lit::Int(_) | Lit::Float(_) | Lit::Bool(_) | Lit::Char(_) | Lit::Byte(_))
        }
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Neg(_)) && is_plain(&unary.expr),
        Expr::Repeat(array) => is_plain(&array.expr),
        _ => false,
    }
}

/// Is this length more than a few, as far as is known?
fn is_large(length: &Expr) -> bool {
    known(length).is_none_or(|length| length >= LARGE)
}

/// A length that is written as a number.
pub(crate) fn known(length: &Expr) -> Option<usize> {
    match length {
        Expr::Lit(syn::ExprLit { lit: Lit::Int(length), .. }) => length.base10_parse().ok(),
        _ => None,
    }
}

fn give_again(op: &mut Op, chosen: &InPlace, names: &Names) {
    if let Op::Plain { stmt, .. } = op
        && let Some(var) = declared(stmt, names)
        && chosen.contains_key(&var)
        && let Stmt::Local(local) = stmt
        && let Some(init) = &local.init
    {
        let (ident, value) = (names.ident(var, names.get(var).shown.span()), &init.expr);
        *stmt = parse_quote_spanned!(mixed()=> #ident = #value;);
    }
    op.inner_mut().into_iter().flatten().for_each(|op| give_again(op, chosen, names));
}
