//! `pin!` and `pin_mut!`: what they pin lives on while the function is suspended.
//!
//! The macros pin a variable that they hide. It is written out, in a box, so that it stays where it is:
//!
//! ```text
//! let mut future = pin!(read(&a));    let mut pinned = pinned(read(&a));
//!                                     let mut future = Pin::as_mut(&mut pinned);
//! pin_mut!(a);                        let mut pinned = pinned(a);
//!                                     let mut a = Pin::as_mut(&mut pinned);
//! select(pin!(a), pin!(b)).await      select(Pin::as_mut(&mut pinned(a)), ..).await
//! ```
//!
//! Where nothing suspends afterwards the macro stays.

use proc_macro2::Span;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Block, Expr, Ident, Local, Macro, Stmt, Token, parse_quote_spanned};

use crate::input::{last_span, mixed};
use crate::rests;
use crate::std_macros::{self, Surroundings};

/// Writes out the pins of a block after which it suspends.
pub(crate) fn write(block: &mut Block, around: &Surroundings) {
    if !rests::ARE_KEPT || !block.stmts.iter().any(|stmt| pins(stmt, around)) {
        return;
    }
    let mut suspends = false;
    let mut stmts: Vec<Stmt> = Vec::new();
    for stmt in std::mem::take(&mut block.stmts).into_iter().rev() {
        let waits = std_macros::waits(&stmt);
        let written = suspends.then(|| written(&stmt, around)).flatten();
        match written {
            Some(written) => stmts.extend(written.into_iter().rev()),
            None => stmts.push(stmt),
        }
        suspends |= waits;
    }
    stmts.reverse();
    block.stmts = stmts;
}

/// `pin!(value)` in an expression: what it pins is a temporary of the statement.
pub(crate) fn temporary(mac: &Macro, around: &Surroundings) -> Option<Expr> {
    if !rests::ARE_KEPT {
        return None;
    }
    let value = value(mac, around)?;
    let located = mixed().located_at(word(mac));
    let mut call: syn::ExprCall = parse_quote_spanned! {located=>
        ::core::pin::Pin::as_mut(&mut ())
    };
    if let Expr::Reference(reference) = &mut call.args[0] {
        *reference.expr = boxed(value, located, mac, false);
    }
    Some(Expr::Call(call))
}

/// May the statement pin something by itself?
fn pins(stmt: &Stmt, around: &Surroundings) -> bool {
    match stmt {
        Stmt::Macro(stmt) => is_named(&stmt.mac, &["pin", "pin_mut"], around),
        Stmt::Local(Local { init: Some(init), .. }) => matches!(&*init.expr, Expr::Macro(_)),
        _ => false,
    }
}

fn written(stmt: &Stmt, around: &Surroundings) -> Option<Vec<Stmt>> {
    match stmt {
        Stmt::Local(local) => {
            let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
            let Expr::Macro(call) = &*init.expr else { return None };
            let name = around.free("pinned", &[], mixed().located_at(word(&call.mac)));
            let mut local = local.clone();
            *local.init.as_mut()?.expr = pin_of(&name);
            Some(vec![home(&name, value(&call.mac, around)?, &call.mac, false), Stmt::Local(local)])
        }
        Stmt::Macro(stmt) if is_named(&stmt.mac, &["pin", "pin_mut"], around) => {
            let variables = variables.parse2(stmt.mac.tokens.clone()).ok()?;
            let written =
                variables.into_iter().flat_map(|(name, value)| variable(&name, value, &stmt.mac, around));
            Some(written.collect())
        }
        _ => None,
    }
}

/// `pin!(a)`, where `a` is a variable that is pinned, or is made to be.
fn variable(name: &Ident, value: Expr, mac: &Macro, around: &Surroundings) -> [Stmt; 2] {
    let pinned = around.free("pinned", &[], mixed().located_at(name.span()));
    let pin = pin_of(&pinned);
    let local = parse_quote_spanned!(mixed()=> let mut #name = #pin;);
    [home(&pinned, value, mac, true), local]
}

/// `a, b`, or `let a = value; let b = value;`
fn variables(input: ParseStream<'_>) -> syn::Result<Vec<(Ident, Expr)>> {
    let mut variables = Vec::new();
    if !input.peek(Token![let]) {
        let names = Punctuated::<Ident, Token![,]>::parse_terminated(input)?;
        return Ok(names
            .into_iter()
            .map(|name| (name.clone(), parse_quote_spanned!(name.span()=> #name)))
            .collect());
    }
    while !input.is_empty() {
        input.parse::<Token![let]>()?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        variables.push((name, input.parse()?));
        input.parse::<Token![;]>()?;
    }
    Ok(variables)
}

/// What `pin!` is given, if it is this macro.
fn value(mac: &Macro, around: &Surroundings) -> Option<Expr> {
    let one = |input: ParseStream<'_>| {
        let value: Expr = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(value)
    };
    is_named(mac, &["pin"], around).then(|| one.parse2(mac.tokens.clone()).ok()).flatten()
}

fn is_named(mac: &Macro, names: &[&str], around: &Surroundings) -> bool {
    let name = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    let own = mac.path.segments.len() == 1 && around.defines(&name);
    names.contains(&&*name) && !own
}

fn word(mac: &Macro) -> Span {
    last_span(&mac.path)
}

/// `let mut pinned = pinned(value);`
fn home(name: &Ident, value: Expr, mac: &Macro, is_statement: bool) -> Stmt {
    let mut local: Stmt = parse_quote_spanned!(mixed()=> let mut #name = (););
    if let Stmt::Local(Local { init: Some(init), .. }) = &mut local {
        *init.expr = boxed(value, name.span(), mac, is_statement);
    }
    local
}

/// The value in its box. A macro that is imported is named once more, in a closure that never runs: else the import
/// would be unused.
fn boxed(value: Expr, located: Span, mac: &Macro, is_statement: bool) -> Expr {
    let path = &mac.path;
    let mut call: syn::ExprCall = match (path.segments.len(), is_statement) {
        (1, true) => parse_quote_spanned! {located=>
            ::segue::machine::pinned_by((), || { let value = (); #path!(value); })
        },
        (1, false) => parse_quote_spanned! {located=>
            ::segue::machine::pinned_by((), || { let _ = #path!(()); })
        },
        _ => parse_quote_spanned!(located=> ::segue::machine::pinned(())),
    };
    call.args[0] = value;
    Expr::Call(call)
}

fn pin_of(name: &Ident) -> Expr {
    parse_quote_spanned!(name.span()=> ::core::pin::Pin::as_mut(&mut #name))
}
