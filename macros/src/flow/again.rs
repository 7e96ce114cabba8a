//! Variables that are there on some of the ways to where they are assigned to again.
//!
//! What such a variable has is kept in the state only to be dropped, if it is there at all. Where it is
//! assigned to, it is declared anew, and what it had is dropped as soon as it has its new value:
//!
//! ```text
//! State::Yield1 { _x } => { let mut x; x = input.sent(); end(_x); ... }
//! ```
//!
//! So each way through a segment must either assign to it first, or leave it alone.

use syn::{Expr, Stmt};

use crate::names::{Names, VarId};
use crate::segments::Op;
use crate::walk::{self, Mentions};

/// The variable that a statement assigns to as a whole.
pub(crate) fn assigned(names: &Names, stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Expr(Expr::Assign(assign), Some(_)) => {
            let var = walk::local(names, &assign.left)?;
            (!Mentions::in_expr(names, &assign.right).contains(&var)).then_some(var)
        }
        _ => None,
    }
}

/// What the ways through the code so far have done to the variable.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Untouched,
    Replaced,
    /// One thing or the other, or something else.
    Unclear,
}

/// Is the variable replaced, or left alone, on each way through the code, and known which?
pub(super) fn is_clear(names: &Names, code: &[Op], var: VarId) -> bool {
    let mut walk = Walk { names, var, clear: true };
    walk.code(code);
    walk.clear
}

struct Walk<'a> {
    names: &'a Names,
    var: VarId,
    clear: bool,
}

impl Walk<'_> {
    /// What is done when the code has run, if its end is reached.
    fn code(&mut self, code: &[Op]) -> Way {
        for op in code {
            match self.op(op) {
                Way::Untouched => {}
                done => return done,
            }
        }
        Way::Untouched
    }

    fn op(&mut self, op: &Op) -> Way {
        match op {
            // Its declaration, which comes before.
            Op::Plain { stmt: Stmt::Local(local), .. } if local.init.is_none() => return Way::Untouched,
            Op::Plain { stmt, .. } if assigned(self.names, stmt) == Some(self.var) => return Way::Replaced,
            Op::Scope { code, .. } => {
                let done = self.code(code);
                if done == Way::Untouched {
                    self.leaves_alone(op);
                }
                return done;
            }
            _ => self.leaves_alone(op),
        }
        if let Op::LetElse { diverge, .. } = op {
            self.code(diverge);
            return Way::Untouched;
        }
        let mut met = None;
        for inner in op.inner() {
            let done = self.code(inner);
            if !Op::leave(inner) {
                met = Some(met.map_or(done, |met| if met == done { done } else { Way::Unclear }));
            }
        }
        let met = met.unwrap_or(Way::Untouched);
        self.clear &= met != Way::Unclear;
        met
    }

    fn leaves_alone(&mut self, op: &Op) {
        let mut mentions = Mentions::new(self.names);
        mentions.visit_op(op);
        self.clear &= !mentions.found.contains(&self.var);
    }
}
