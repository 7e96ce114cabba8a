//! Loops that suspend: each is an endless one, left by `break`.

use std::collections::BTreeSet;

use proc_macro2::Span;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, Ident, parse_quote_spanned};

use crate::coverage;
use crate::frames::Extent;
use crate::input::mixed;
use crate::normalise::{Normaliser, Target, path};
use crate::suspension::{self, At, Wait};
use crate::tree::{Assign, Branch, Dest, LoopId, Meets, Node, Suspend};
use crate::walk::block_suspends;

impl Normaliser<'_> {
    pub(crate) fn enter(&mut self, label: Option<String>, is_loop: bool, dest: &Dest) -> LoopId {
        let id = LoopId(self.results.len());
        self.results.push(dest.clone());
        self.targets.push(Target { label, id, is_loop, dest: dest.clone() });
        id
    }

    /// An endless loop; `body` writes what it repeats.
    pub(crate) fn repeat(
        &mut self,
        label: Option<syn::Label>,
        dest: &Dest,
        out: &mut Vec<Node>,
        body: impl FnOnce(&mut Self, LoopId, &mut Vec<Node>),
    ) {
        let id = self.enter(label.map(|label| label.name.ident.to_string()), true, dest);
        let mut nodes = Vec::new();
        // What the loop names at all it may name again in its next round.
        self.later.push((BTreeSet::new(), true));
        body(self, id, &mut nodes);
        self.later.pop();
        self.targets.pop();
        out.push(Node::Loop { id, body: nodes });
    }

    pub(crate) fn while_loop(&mut self, repeat: syn::ExprWhile, dest: &Dest, out: &mut Vec<Node>) {
        let syn::ExprWhile { label, cond, body, .. } = repeat;
        let bodies = block_suspends(&body);
        self.repeat(label, &Dest::Ignore, out, |normaliser, id, nodes| {
            if normaliser.is_taken_apart(&cond, bodies) {
                return normaliser.chain_of_loop(*cond, &body, id, nodes);
            }
            let (cond, _) = normaliser.condition(*cond, bodies, false, nodes);
            let then = normaliser.branch_block(&body, &Dest::Ignore);
            let meets = Meets { result: None, apart: false };
            nodes.push(Node::If { cond, then, otherwise: vec![Node::Break(id)], meets });
        });
        self.unit_after(dest, out);
    }

    /// A `for` as a statement: what is made on the way to its iterator ends with it.
    pub(crate) fn for_loop(&mut self, repeat: syn::ExprForLoop, dest: &Dest, out: &mut Vec<Node>) {
        let mut nodes = Vec::new();
        let mut items = None;
        self.framed(Extent::Statement, &mut nodes, |normaliser, nodes| {
            items = Some(normaliser.lifted((*repeat.expr).clone(), nodes));
        });
        self.for_each(repeat, items.expect("they have been evaluated"), &mut nodes);
        out.push(Node::Scope { body: nodes, label: None, result: None, unsafety: None });
        self.unit_after(dest, out);
    }

    /// A `for` as an operand: what is made on the way to its iterator ends with the statement.
    pub(crate) fn for_operand(&mut self, repeat: syn::ExprForLoop, dest: &Dest, out: &mut Vec<Node>) {
        let items = self.lifted((*repeat.expr).clone(), out);
        let mut nodes = Vec::new();
        self.for_each(repeat, items, &mut nodes);
        out.push(Node::Scope { body: nodes, label: None, result: None, unsafety: None });
        self.unit_after(dest, out);
    }

    fn for_each(&mut self, repeat: syn::ExprForLoop, items: Expr, nodes: &mut Vec<Node>) {
        let awaits = suspension::awaits_items(&repeat).then_some(repeat.for_token.span);
        let syn::ExprForLoop { label, pat, body, .. } = repeat;
        let iter = self.names.temporary(if awaits.is_some() { "stream" } else { "iter" }, true);
        let located = mixed().located_at(items.span());
        let from = match awaits {
            Some(_) => quote_spanned!(located=> ::segue::machine::Streamable::into_stream),
            None => quote_spanned!(located=> ::segue::machine::Iterable::into_iter),
        };
        let value = parse_quote_spanned!(located=> #from(#items));
        nodes.push(Node::Assign(Assign { var: iter.clone(), mutable: true, ty: None, value }));
        self.repeat(label, &Dest::Ignore, nodes, |normaliser, id, nodes| {
            let mut bound = (*pat).clone();
            let mut then = Vec::new();
            normaliser.name_wildcards(&mut bound, true, &mut then);
            let mut scrutinee: Expr = match awaits {
                Some(word) => normaliser.next_item(&iter, word, nodes),
                None => parse_quote_spanned!(mixed()=> ::core::iter::Iterator::next(&mut #iter)),
            };
            if awaits.is_none() && coverage::leaves_rest(&bound, true) {
                let var = normaliser.names.temporary("item", true);
                nodes.push(Node::Assign(Assign {
                    var: var.clone(),
                    mutable: true,
                    ty: None,
                    value: scrutinee,
                }));
                scrutinee = path(&var);
            }
            then.extend(normaliser.branch_block(&body, &Dest::Ignore));
            let some = parse_quote_spanned!(mixed()=> ::core::option::Option::Some(#bound));
            let none = parse_quote_spanned!(mixed()=> ::core::option::Option::None);
            let arms = vec![
                Branch { attrs: Vec::new(), pat: some, body: then, braces: mixed() },
                Branch { attrs: Vec::new(), pat: none, body: vec![Node::Break(id)], braces: mixed() },
            ];
            nodes.push(Node::Match { scrutinee, arms, meets: Meets { result: None, apart: false } });
        });
    }

    /// Awaits the next item of a stream, which is lent to what waits for it.
    fn next_item(&mut self, stream: &Ident, word: Span, nodes: &mut Vec<Node>) -> Expr {
        let item = self.names.temporary("item", true);
        nodes.push(Node::Suspend(Suspend {
            wait: Wait::Item,
            operand: Some(parse_quote_spanned!(mixed()=> &mut #stream)),
            into: Some(parse_quote_spanned!(mixed()=> mut #item)),
            at: At { word, end: word },
            lingers: None,
            ready: false,
            question: None,
        }));
        path(&item)
    }

    /// `while` and `for` are `()`: what waits for their value gets it after them.
    fn unit_after(&mut self, dest: &Dest, out: &mut Vec<Node>) {
        if !matches!(dest, Dest::Ignore) {
            self.give(parse_quote_spanned!(mixed()=> ()), Extent::Statement, dest, out);
        }
    }
}
