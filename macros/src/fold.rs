//! Puts what a suspension evaluates to into the place where it is used.
//!
//! `let sent = input.sent(); total += sent;` is `total += input.sent();` where the variable is the
//! first thing that the statement evaluates, and is moved there: nothing can tell the two apart.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{BinOp, Expr, Pat, Stmt, UnOp};

use crate::names::{Names, VarId};
use crate::segments::Op;
use crate::suspension::Wait;
use crate::walk::{local, names_in};

/// Is `var` moved by the first thing that the operation does, and not named in it again?
pub(crate) fn moves_first(op: &Op, var: VarId, names: &Names) -> bool {
    let inner: Vec<&Vec<Op>> = op.inner();
    if inner.iter().any(|code| names_in(names, code).contains(&var)) {
        return false;
    }
    let value = match op {
        Op::Plain { stmt, .. } => match stmt {
            Stmt::Expr(expr, _) => expr,
            Stmt::Local(statement) => match &statement.init {
                Some(init) if init.diverge.is_none() && binds_whole(&statement.pat) => &init.expr,
                _ => return false,
            },
            _ => return false,
        },
        Op::Assign(assign) => &assign.value,
        Op::If { cond, .. } => cond,
        Op::Match { scrutinee, .. } if local(names, scrutinee).is_none() => scrutinee,
        Op::Suspend { suspend, .. } if !matches!(suspend.wait, Wait::Await | Wait::Item) => {
            match &suspend.operand {
                Some(operand) => operand,
                None => return false,
            }
        }
        Op::Return(value) => value,
        _ => return false,
    };
    is_first(value, var, names) && mentions(value.to_token_stream(), &names.internal(var)) == 1
}

/// A pattern that takes the whole value.
fn binds_whole(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(ident) => ident.by_ref.is_none() && ident.subpat.is_none(),
        Pat::Type(typed) => binds_whole(&typed.pat),
        _ => false,
    }
}

/// Is `var` what is evaluated first, by value?
fn is_first(expr: &Expr, var: VarId, names: &Names) -> bool {
    let first = |expr: &Expr| is_first(expr, var, names);
    match expr {
        Expr::Path(_) => local(names, expr) == Some(var),
        Expr::Paren(inner) => first(&inner.expr),
        Expr::Group(inner) => first(&inner.expr),
        Expr::Try(question) => first(&question.expr),
        Expr::Cast(cast) => first(&cast.expr),
        Expr::Unary(unary) => !matches!(unary.op, UnOp::Deref(_)) && first(&unary.expr),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(value, None)] => block.label.is_none() && first(value),
            _ => false,
        },
        Expr::Assign(assign) => names_place(&assign.left) && first(&assign.right),
        Expr::Binary(binary) => match binary.op {
            BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_) => {
                names_place(&binary.left) && first(&binary.right)
            }
            BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => {
                first(&binary.left)
            }
            _ => false,
        },
        Expr::Call(call) => matches!(*call.func, Expr::Path(_)) && call.args.first().is_some_and(first),
        Expr::If(branch) => first(&branch.cond),
        Expr::Match(branch) => local(names, &branch.expr).is_none() && first(&branch.expr),
        _ => false,
    }
}

/// A place that is found without running anything.
fn names_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(field) => names_place(&field.base),
        _ => false,
    }
}

fn mentions(tokens: TokenStream, name: &str) -> usize {
    let counts = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => usize::from(ident == name),
        TokenTree::Literal(literal) => usize::from(literal.to_string().contains(name)),
        TokenTree::Punct(_) => 0,
    });
    counts.sum()
}

/// The tokens with `value` where they name the variable; braces that are around nothing else go.
pub(crate) fn in_place(tokens: TokenStream, name: &str, value: &TokenStream) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) if is_braced(&group, name) => value.clone(),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), in_place(group.stream(), name, value));
            inner.set_span(group.span());
            TokenTree::Group(inner).into()
        }
        TokenTree::Ident(ident) if ident == name => value.clone(),
        other => other.into(),
    });
    replaced.collect()
}

/// `({ name })`, which moves the variable out of its place.
fn is_braced(group: &Group, name: &str) -> bool {
    let only = |stream: TokenStream| {
        let mut tokens = stream.into_iter();
        tokens.next().filter(|_| tokens.next().is_none())
    };
    let Some(TokenTree::Group(block)) = only(group.stream()) else { return false };
    group.delimiter() == Delimiter::Parenthesis
        && block.delimiter() == Delimiter::Brace
        && matches!(only(block.stream()), Some(TokenTree::Ident(ident)) if ident == name)
}
