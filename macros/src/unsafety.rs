//! `unsafe` blocks that suspend: what of a segment stands in one, and whether it has to.
//!
//! Where a segment goes on inside such a block, its code is put into one again, under the user's own
//! word: `unsafe` reaches as far as the user wrote it, and no further.

use syn::visit::{self, Visit};
use syn::{Expr, Macro, Pat};

use crate::names::{Names, VarId};
use crate::segments::Op;
use crate::tree::Unsafe;
use crate::walk;

/// The code of a segment that ends inside of an `unsafe` block, if there is one around it.
///
/// What a suspension gives is bound before: later code finds it first in the segment.
pub(crate) fn within(mut code: Vec<Op>, unsafety: Option<Unsafe>, names: &Names) -> Vec<Op> {
    if unsafety.is_none() || !may_need_it(&code, names) {
        return code;
    }
    let received = usize::from(matches!(code.first(), Some(Op::Receive { .. })));
    let inner = code.split_off(received);
    code.push(Op::Scope { reopened: Vec::new(), code: inner, value: None, unsafety });
    code
}

/// The code of a block that ends inside of an `unsafe` block; its value may go to the variable `result`.
pub(crate) fn closed(
    mut code: Vec<Op>,
    unsafety: Option<Unsafe>,
    result: Option<VarId>,
    names: &Names,
) -> Vec<Op> {
    if unsafety.is_none() || !may_need_it(&code, names) {
        return code;
    }
    if let [Op::Scope { unsafety: inner, .. }] = &mut code[..] {
        *inner = unsafety;
        return code;
    }
    let value = match code.pop() {
        Some(Op::Assign(assign)) if result.is_some() && names.of(&assign.var) == result => Some(assign),
        other => {
            code.extend(other);
            None
        }
    };
    vec![Op::Scope { reopened: Vec::new(), code, value, unsafety }]
}

/// Is there anything in the code that could be unsafe?
pub(crate) fn may_need_it(code: &[Op], names: &Names) -> bool {
    let mut finder = Finder { names, found: false };
    Op::each(code, &mut |op| {
        match op {
            Op::Plain { stmt, .. } => finder.visit_stmt(stmt),
            Op::Match { arms, .. } => arms.iter().for_each(|arm| finder.visit_pat(&arm.pat)),
            Op::LetElse { pat, .. } => finder.visit_pat(pat),
            _ => {}
        }
        op.values().into_iter().for_each(|value| finder.visit_expr(value));
    });
    finder.found
}

struct Finder<'a> {
    names: &'a Names,
    found: bool,
}

impl Visit<'_> for Finder<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Call(_) | Expr::MethodCall(_) | Expr::Unary(_) | Expr::Field(_) => self.found = true,
            Expr::Path(_) => self.found |= walk::local(self.names, expr).is_none(),
            _ => visit::visit_expr(self, expr),
        }
    }

    /// The fields of a union.
    fn visit_pat(&mut self, pat: &Pat) {
        self.found |= matches!(pat, Pat::Struct(_));
        visit::visit_pat(self, pat);
    }

    fn visit_macro(&mut self, _: &Macro) {
        self.found = true;
    }
}
