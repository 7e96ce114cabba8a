//! Constants behind a `&`: rustc gives them a place that lives for ever, so they are no temporaries.
//!
//! `out.write_all(&[0; 4096]).await` keeps nothing but the reference, as long as it stays written like this.

use syn::{Expr, ExprReference, UnOp};

/// A `&` to literals, arrays and tuples of them.
pub(crate) fn lives_for_ever(reference: &ExprReference) -> bool {
    reference.mutability.is_none() && is_literal(&reference.expr)
}

/// Literals, and what is made of nothing else.
pub(crate) fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)) && matches!(&*unary.expr, Expr::Lit(_)),
        Expr::Array(array) => array.elems.iter().all(is_literal),
        Expr::Repeat(repeat) => is_literal(&repeat.expr),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_literal),
        Expr::Reference(reference) => lives_for_ever(reference),
        Expr::Paren(inner) => is_literal(&inner.expr),
        Expr::Group(inner) => is_literal(&inner.expr),
        _ => false,
    }
}
