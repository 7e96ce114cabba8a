//! `if` and `match` of which a part suspends, and `&&` and `||`.

use proc_macro2::Span;
use quote::quote_spanned;
use syn::{Block, Expr, Ident, Pat, parse_quote_spanned};

use crate::apart;
use crate::coverage;
use crate::edition;
use crate::frames::Extent;
use crate::input::{last_span, mixed};
use crate::normalise::{Normaliser, has_let, has_value};
use crate::operands;
use crate::suspension;
use crate::tree::{Branch, Dest, Meets, Node};
use crate::walk::{self, block_suspends, suspends};

const TAKES_A_PART: &str = "this pattern takes a part of a value that is made in the middle of an expression, and lives on there; \
     bind the value with a `let` first";

impl Normaliser<'_> {
    pub(crate) fn branch_block(&mut self, block: &Block, dest: &Dest) -> Vec<Node> {
        let mut nodes = Vec::new();
        self.block(block, dest, &mut nodes);
        if matches!(dest, Dest::Return) && !has_value(block) {
            let ends = matches!(nodes.last(), Some(Node::Return(_) | Node::Break(_) | Node::Continue(_)));
            if !ends {
                nodes.push(Node::Return(parse_quote_spanned!(mixed()=> ())));
            }
        }
        nodes
    }

    pub(crate) fn branch(&mut self, branch: syn::ExprIf, dest: &Dest, out: &mut Vec<Node>) {
        let syn::ExprIf { attrs, cond, then_branch, else_branch, .. } = branch;
        let other = else_branch.as_ref().is_some_and(|(_, other)| suspends(other));
        let bodies = other || block_suspends(&then_branch);
        let meets = Meets { result: dest.var(), apart: apart::has_mark(&attrs) };
        if self.is_taken_apart(&cond, bodies || meets.apart) {
            let other = else_branch.map(|(_, other)| *other);
            return self.chain_or_else(*cond, &then_branch, other, &meets, dest, out);
        }
        let mut nodes = Vec::new();
        let (cond, looked_at) = self.condition(*cond, bodies, other, &mut nodes);
        let then = self.branch_block(&then_branch, dest);
        let mut otherwise = Vec::new();
        match else_branch {
            Some((_, other)) => self.arm_body(*other, dest, &mut otherwise),
            None if matches!(dest, Dest::Ignore) => {}
            None => self.give(parse_quote_spanned!(mixed()=> ()), Extent::Itself, dest, &mut otherwise),
        }
        // An `else` that is a block opens no scope of its own inside the branch.
        if let [Node::Scope { label: None, result, unsafety: None, .. }] = &otherwise[..]
            && *result == dest.var()
        {
            let Some(Node::Scope { body, .. }) = otherwise.pop() else { unreachable!() };
            otherwise = body;
        }
        if !otherwise.is_empty() && edition::ends_before_else() {
            let ends = looked_at.into_iter().rev().map(Node::End);
            otherwise.splice(0..0, ends);
        }
        nodes.push(Node::If { cond, then, otherwise, meets });
        scope_or_flat(nodes, dest, out);
    }

    /// The condition of an `if` or `while`, evaluated down to what doesn't suspend, and the variables
    /// that what it looks at became.
    pub(crate) fn condition(
        &mut self,
        cond: Expr,
        bodies: bool,
        other: bool,
        out: &mut Vec<Node>,
    ) -> (Expr, Vec<Ident>) {
        match cond {
            Expr::Let(mut condition) => {
                let arms = [((*condition.pat).clone(), bodies)];
                let value = std::mem::replace(&mut *condition.expr, Expr::Verbatim(Default::default()));
                let mut scrutinee = None;
                let looked_at = self.framed(Extent::Statement, out, |normaliser, out| {
                    let kept = other && !edition::ends_before_else();
                    scrutinee = Some(normaliser.scrutinee(value, &arms, bodies, kept, false, out));
                });
                *condition.expr = scrutinee.expect("it has been evaluated");
                (Expr::Let(condition), looked_at)
            }
            cond if has_let(&cond) => (self.jumps(cond), Vec::new()),
            cond => (self.scoped_value(cond, Extent::Itself, out), Vec::new()),
        }
    }

    /// What a `match` or `if let` looks at. It lives to the end of the construct, and so does what
    /// was made on the way: where an arm suspends, both become variables.
    fn scrutinee(
        &mut self,
        expr: Expr,
        arms: &[(Pat, bool)],
        bodies: bool,
        kept: bool,
        named: bool,
        out: &mut Vec<Node>,
    ) -> Expr {
        let suspended = suspends(&expr);
        self.frame.enter();
        if !bodies {
            return if suspended { self.operand_value(expr, out) } else { self.jumps(expr) };
        }
        let place = walk::is_place(&expr);
        let expr = self.lifted(expr, out);
        let taken: Vec<Pat> =
            arms.iter().filter(|(_, suspends)| *suspends).map(|(pat, _)| pat.clone()).collect();
        let check = taken.iter().any(coverage::needs_check);
        let whole = !kept && !check && !taken.iter().any(|pat| coverage::leaves_rest(pat, named));
        if place || whole { expr } else { self.temporary("matched", expr, out) }
    }

    /// A `match` as a statement, or as the whole value of one.
    pub(crate) fn select(&mut self, select: syn::ExprMatch, dest: &Dest, out: &mut Vec<Node>) {
        let apart = apart::has_mark(&select.attrs);
        let mut nodes = Vec::new();
        let arms: Vec<_> = select.arms.iter().map(|arm| (arm.pat.clone(), suspends(&arm.body))).collect();
        let bodies = arms.iter().any(|(_, suspends)| *suspends);
        let mut scrutinee = None;
        self.framed(Extent::Statement, &mut nodes, |normaliser, nodes| {
            scrutinee = Some(normaliser.scrutinee(*select.expr, &arms, bodies, false, true, nodes));
        });
        let scrutinee = scrutinee.expect("it has been evaluated");
        let ours = walk::local(self.names, &scrutinee).is_some_and(|var| self.names.get(var).ours);
        let named = ours || !walk::is_place(&scrutinee);
        let arms = self.arms(select.arms, named, dest);
        nodes.push(Node::Match { scrutinee, arms, meets: Meets { result: dest.var(), apart } });
        scope_or_flat(nodes, dest, out);
    }

    /// A `match` as an operand: what it looks at lives to the end of the statement.
    pub(crate) fn select_operand(
        &mut self,
        mut select: syn::ExprMatch,
        apart: bool,
        dest: &Dest,
        out: &mut Vec<Node>,
    ) {
        let place = select.expr.clone();
        let scrutinee = if walk::is_place(&place) {
            self.lifted(*select.expr, out)
        } else if operands::looks_on(&select) {
            self.kept_place(*select.expr, out)
        } else {
            self.lifted(*select.expr, out)
        };
        let mut leftovers = Vec::new();
        if !walk::is_place(&place) {
            for arm in &mut select.arms {
                leftovers.push(self.leftovers(&mut arm.pat, out));
            }
        }
        let apart = apart || leftovers.iter().any(|leftovers| !leftovers.is_empty());
        let mut arms = self.arms(select.arms, false, dest);
        for (arm, leftovers) in arms.iter_mut().zip(leftovers) {
            arm.body.splice(0..0, leftovers);
        }
        out.push(Node::Match { scrutinee, arms, meets: Meets { result: dest.var(), apart } });
    }

    /// What a pattern leaves of a value that lives to the end of the statement: its parts go to
    /// variables of their own.
    fn leftovers(&mut self, pat: &mut Pat, out: &mut Vec<Node>) -> Vec<Node> {
        if !coverage::takes_a_part(pat) {
            return Vec::new();
        }
        if !coverage::only_wildcards_left(pat) {
            self.errors.at(pat, TAKES_A_PART);
            return Vec::new();
        }
        let names = coverage::name_leftovers(pat, self.names);
        // The parts of a value are dropped in order, and variables in reverse.
        let kept = names.into_iter().rev().map(|part| {
            let var = self.declare_temporary("leftover", out);
            Node::Plain(parse_quote_spanned!(mixed()=> #var = #part;))
        });
        kept.collect()
    }

    /// The arms; with `named`, what their wildcards stand for gets names.
    fn arms(&mut self, arms: Vec<syn::Arm>, named: bool, dest: &Dest) -> Vec<Branch> {
        let mut branches = Vec::new();
        for arm in arms {
            let mut body = Vec::new();
            let mut pat = arm.pat;
            if named {
                self.name_wildcards(&mut pat, suspends(&arm.body), &mut body);
            }
            self.jumps_in_pat(&mut pat);
            let braces = braces(&arm.body);
            self.arm_body(*arm.body, dest, &mut body);
            branches.push(Branch { attrs: arm.attrs, pat, body, braces });
        }
        branches
    }

    pub(crate) fn arm_body(&mut self, body: Expr, dest: &Dest, out: &mut Vec<Node>) {
        match body {
            Expr::Block(block) if block.label.is_none() => out.extend(self.branch_block(&block.block, dest)),
            body => {
                self.framed(Extent::Statement, out, |normaliser, out| {
                    normaliser.into(body, Extent::Statement, dest, out);
                });
            }
        }
    }

    /// `Some((a, _))` leaves a part of the value behind, to be dropped after the arm: it gets a name,
    /// and the user's bindings come after it.
    pub(crate) fn name_wildcards(&mut self, pat: &mut Pat, suspends: bool, out: &mut Vec<Node>) {
        if !suspends || matches!(pat, Pat::Guard(_)) || !coverage::only_wildcards_left(pat) {
            return;
        }
        for coverage::Rebound { var, mutable, from } in coverage::name_wildcards(pat, self.names) {
            let mutability = mutable.then(|| quote_spanned!(mixed()=> mut));
            out.push(Node::Plain(parse_quote_spanned!(mixed()=> let #mutability #var = #from;)));
        }
    }

    /// `a && b` where `b` suspends: `if a { b } else { false }`.
    pub(crate) fn lazy(&mut self, binary: syn::ExprBinary, dest: &Dest, out: &mut Vec<Node>) {
        let and = matches!(binary.op, syn::BinOp::And(_));
        let cond = self.scoped_value(*binary.left, Extent::Itself, out);
        let (mut evaluated, mut known) = (Vec::new(), Vec::new());
        self.into(*binary.right, Extent::Itself, dest, &mut evaluated);
        if !matches!(dest, Dest::Ignore) {
            let constant = !and;
            self.give(parse_quote_spanned!(mixed()=> #constant), Extent::Itself, dest, &mut known);
        }
        let (then, otherwise) = if and { (evaluated, known) } else { (known, evaluated) };
        let meets = Meets { result: dest.var(), apart: apart::has_mark(&binary.attrs) };
        out.push(Node::If { cond, then, otherwise, meets });
    }
}

/// More than the construct itself means variables of its own: they end with it.
pub(crate) fn scope_or_flat(mut nodes: Vec<Node>, dest: &Dest, out: &mut Vec<Node>) {
    if nodes.len() == 1 {
        out.append(&mut nodes);
    } else {
        out.push(Node::Scope { body: nodes, label: None, result: dest.var(), unsafety: None });
    }
}

/// The braces of an arm, or where there are none its end.
fn braces(body: &Expr) -> Span {
    match body {
        Expr::Block(block) => block.block.brace_token.span.join(),
        body if suspension::of(body).is_some() => suspension::at(body).end,
        body => last_span(body),
    }
}
