//! Chains of conditions in which a `let` stands, of which a part suspends.
//!
//! Each link is an `if` of its own in the branch of the one before: so what a link binds or looks at ends
//! where the chain is left, before the `else`, as in the edition of 2024, the first that has such chains.
//!
//! ```text
//! if let A = a && b { x } else { y }      'chain: { if let A = a { if b { break 'chain x } } y }
//! while let A = a && b { x }              loop { if let A = a { if b { x; continue } } break }
//! ```

use syn::{Block, Expr, parse_quote_spanned};

use crate::branches::scope_or_flat;
use crate::coverage::{self, Taken};
use crate::frames::Extent;
use crate::input::mixed;
use crate::normalise::{Normaliser, has_let};
use crate::operands;
use crate::tree::{Branch, Dest, LoopId, Meets, Node};
use crate::walk::{self, block_suspends, suspends};

impl Normaliser<'_> {
    /// Is it a chain that suspends, or of which something lives on in `bodies` that do?
    pub(crate) fn is_taken_apart(&self, cond: &Expr, bodies: bool) -> bool {
        let chain = !matches!(cond, Expr::Let(_)) && has_let(cond);
        chain && (suspends(cond) || (bodies && keeps_something(cond)))
    }

    /// An `if` with such a chain.
    pub(crate) fn chain_or_else(
        &mut self,
        cond: Expr,
        then: &Block,
        other: Option<Expr>,
        meets: &Meets,
        dest: &Dest,
        out: &mut Vec<Node>,
    ) {
        let falls_through = other.is_none() && matches!(dest, Dest::Ignore);
        let leaves = !falls_through && !matches!(dest, Dest::Return);
        let label = leaves.then(|| self.enter(None, false, dest));
        let mut body = Vec::new();
        self.chain(cond, block_suspends(then), meets.apart, &mut body, |normaliser| {
            let mut nodes = normaliser.branch_block(then, dest);
            nodes.extend(label.map(Node::Break));
            nodes
        });
        if label.is_some() {
            self.targets.pop();
        }
        match other {
            Some(other) => self.arm_body(other, dest, &mut body),
            None if falls_through => {}
            None => self.give(parse_quote_spanned!(mixed()=> ()), Extent::Itself, dest, &mut body),
        }
        if falls_through {
            return out.append(&mut body);
        }
        out.push(Node::Scope { body, label, result: dest.var(), unsafety: None });
    }

    /// A `while` with such a chain: the round of the loop `id`.
    pub(crate) fn chain_of_loop(&mut self, cond: Expr, body: &Block, id: LoopId, out: &mut Vec<Node>) {
        self.chain(cond, block_suspends(body), false, out, |normaliser| {
            let mut nodes = normaliser.branch_block(body, &Dest::Ignore);
            nodes.push(Node::Continue(id));
            nodes
        });
        out.push(Node::Break(id));
    }

    fn chain(
        &mut self,
        cond: Expr,
        body: bool,
        apart: bool,
        out: &mut Vec<Node>,
        then: impl FnOnce(&mut Self) -> Vec<Node>,
    ) {
        let mut links = Vec::new();
        split(cond, &mut links);
        links.reverse();
        self.link(links, body, apart, out, then);
    }

    /// The last of `links`, and in its branch those before it.
    fn link(
        &mut self,
        mut links: Vec<Expr>,
        body: bool,
        apart: bool,
        out: &mut Vec<Node>,
        then: impl FnOnce(&mut Self) -> Vec<Node>,
    ) {
        let Some(link) = links.pop() else { return out.extend(then(self)) };
        let inside = body || links.iter().any(suspends);
        let mut nodes = Vec::new();
        let (cond, _) = self.condition(link, inside, false, &mut nodes);
        let mut inner = Vec::new();
        self.link(links, body, apart, &mut inner, then);
        let meets = Meets { result: None, apart };
        nodes.push(match cond {
            // It can't fail: rustc would say so of an `if`.
            Expr::Let(binding) if walk::is_irrefutable(self.names, &binding.pat) => {
                let arm = Branch { attrs: Vec::new(), pat: *binding.pat, body: inner, braces: mixed() };
                Node::Match { scrutinee: *binding.expr, arms: vec![arm], meets }
            }
            cond => Node::If { cond, then: inner, otherwise: Vec::new(), meets },
        });
        scope_or_flat(nodes, &Dest::Ignore, out);
    }
}

/// The links of a chain, in order.
fn split(cond: Expr, links: &mut Vec<Expr>) {
    match cond {
        Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_)) => {
            split(*binary.left, links);
            split(*binary.right, links);
        }
        link => links.push(link),
    }
}

/// Does a chain of conditions look at a value of which something lives on in its branch, or take a
/// variable that is there still where a link before fails?
fn keeps_something(cond: &Expr) -> bool {
    match cond {
        Expr::Let(condition) => {
            let taken = coverage::taken(&condition.pat) == Taken::All;
            let whole = if walk::is_place(&condition.expr) {
                !coverage::moves(&condition.pat)
            } else {
                taken && !coverage::needs_check(&condition.pat)
            };
            !whole || operands::makes_temporaries(&condition.expr)
        }
        Expr::Binary(binary) => keeps_something(&binary.left) || keeps_something(&binary.right),
        Expr::Paren(inner) => keeps_something(&inner.expr),
        _ => false,
    }
}
