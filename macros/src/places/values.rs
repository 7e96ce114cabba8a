//! An expression in which variables on loan are places.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Local, Pat, Stmt, parse_quote_spanned};

use crate::capturing;
use crate::coverage::{self, Taken};
use crate::flow;
use crate::input::{first_span, mixed};
use crate::names::{Loan, Names, VarId};
use crate::operands;
use crate::receivers;
use crate::types;
use crate::walk::{self, Mentions};
use crate::whole;

pub(super) struct Places<'a> {
    names: &'a Names,
    /// The variables that aren't on loan here: they are bound here, or a closure has taken them.
    without: BTreeSet<VarId>,
    /// The variables that a closure around this borrows.
    leased: BTreeSet<VarId>,
}

impl<'a> Places<'a> {
    pub(super) fn names(&self) -> &'a Names {
        self.names
    }

    pub(super) fn new(names: &'a Names) -> Self {
        Places { names, without: BTreeSet::new(), leased: BTreeSet::new() }
    }

    pub(super) fn without(mut self, vars: &[VarId]) -> Self {
        self.without.extend(vars);
        self
    }

    /// An expression whose value is used.
    pub(super) fn value(&mut self, expr: &mut Expr) {
        match self.on_loan(expr) {
            Some((var, span)) => *expr = self.taken(var, span),
            None => self.visit_expr_mut(expr),
        }
    }

    /// An expression that is looked at, or written to, where it is.
    pub(super) fn place(&mut self, expr: &mut Expr) {
        if let Some((var, span)) = self.on_loan(expr) {
            *expr = self.placed(var, span);
            return;
        }
        match expr {
            Expr::Field(field) => self.place(&mut field.base),
            Expr::Index(index) => {
                self.place(&mut index.expr);
                self.value(&mut index.index);
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => {
                match self.on_loan(&unary.expr) {
                    // What it refers to is its place.
                    Some((var, span)) if self.names.get(var).loan == Some(Loan::Reference) => {
                        *expr = self.placed(var, span);
                    }
                    _ => self.place(&mut unary.expr),
                }
            }
            Expr::Paren(inner) => self.place(&mut inner.expr),
            Expr::Group(inner) => self.place(&mut inner.expr),
            Expr::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| self.value(elem)),
            expr => self.visit_expr_mut(expr),
        }
    }

    /// What is assigned to: a place, or several.
    fn target(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| self.target(elem)),
            Expr::Array(array) => array.elems.iter_mut().for_each(|elem| self.target(elem)),
            Expr::Paren(inner) => self.target(&mut inner.expr),
            expr => self.place(expr),
        }
    }

    pub(super) fn stmt(&mut self, stmt: &mut Stmt) {
        self.visit_stmt_mut(stmt);
    }

    /// What a pattern is bound to first.
    pub(super) fn initial(&mut self, pat: &Pat, value: &mut Expr) {
        match walk::split_type(pat).0 {
            Pat::Ident(ident) if ident.by_ref.is_none() => self.value(value),
            // A tuple has no destructor of its own: with all of its parts it is taken itself.
            Pat::Tuple(_) if coverage::taken(pat) == Taken::All => self.value(value),
            _ => self.place(value),
        }
    }

    fn on_loan(&self, expr: &Expr) -> Option<(VarId, Span)> {
        let var = walk::local(self.names, expr)?;
        self.is_on_loan(var).then(|| (var, first_span(expr)))
    }

    pub(super) fn is_on_loan(&self, var: VarId) -> bool {
        self.names.on_loan(var) && !self.without.contains(&var)
    }

    /// `(*place(&name))`, between parentheses at the user's own place: what is wrong with the value is told there, in the words
    /// in which it is told of the proof, and so once.
    pub(super) fn placed(&self, var: VarId, span: Span) -> Expr {
        let place = self.address(var, span);
        let mut placed: syn::ExprParen = parse_quote_spanned!(mixed().located_at(span)=> (*#place));
        placed.paren_token = syn::token::Paren(span);
        Expr::Paren(placed)
    }

    fn address(&self, var: VarId, span: Span) -> TokenStream {
        let (handle, located) = (self.handle(var, span), mixed().located_at(span));
        quote_spanned!(located=> ::segue::machine::loan::place(#handle))
    }

    /// What has the variable on loan: in a closure, a reference to it that isn't captured as a variable itself.
    fn handle(&self, var: VarId, span: Span) -> TokenStream {
        let (name, located) = (self.names.ident(var, span), mixed().located_at(span));
        match self.leased.contains(&var) {
            true => quote_spanned!(located=> &*#name),
            false => quote_spanned!(located=> &#name),
        }
    }

    /// `take(&name)`, or another borrow of what a reference refers to.
    pub(super) fn taken(&self, var: VarId, span: Span) -> Expr {
        let (place, handle) = (self.address(var, span), self.handle(var, span));
        let located = mixed().located_at(span);
        match self.names.get(var).loan {
            // Of what a closure borrows it takes only copies.
            Some(Loan::Home) if self.leased.contains(&var) => self.placed(var, span),
            Some(Loan::Reference) => parse_quote_spanned!(located=> &mut *#place),
            _ => parse_quote_spanned!(span=> ::segue::machine::loan::take(#handle)),
        }
    }

    /// A closure takes what it moves, and borrows the rest from where it is.
    fn captures(&mut self, moves: bool, body: &mut Expr) -> Vec<Stmt> {
        let mut mentions = Mentions::in_expr(self.names, body);
        mentions.retain(|var| self.is_on_loan(*var));
        let mut taken: BTreeSet<VarId> = match moves {
            true => capturing::moved_into(self.names, body).into_keys().collect(),
            false => flow::taken_by(self.names, body),
        };
        // A copy is made when the body runs: until then it is borrowed.
        let is_copied = |var: &VarId| {
            let var = self.names.get(*var);
            var.copies || var.ty.as_ref().is_some_and(types::is_primitive)
        };
        taken.retain(|var| moves || !is_copied(var));
        let before = mentions.iter().map(|var| {
            let span = self.names.get(*var).shown.span();
            let name = self.names.ident(*var, span);
            if taken.contains(var) {
                let mutable = self.names.get(*var).mutable.then(|| quote_spanned!(mixed()=> mut));
                let value = self.taken(*var, span);
                parse_quote_spanned!(mixed()=> let #mutable #name = #value;)
            } else {
                let handle = self.handle(*var, span);
                parse_quote_spanned!(mixed()=> let #name = ::segue::machine::loan::lease(#handle);)
            }
        });
        let mut before: Vec<Stmt> = before.collect();
        before.extend(whole::of_closure(self.names, &taken, moves, body));
        let outer = (self.without.clone(), self.leased.clone());
        self.leased.extend(mentions.difference(&taken));
        self.without.extend(taken);
        self.visit_expr_mut(body);
        (self.without, self.leased) = outer;
        before
    }

    /// Puts these statements before an expression.
    fn after(before: &[Stmt], expr: &mut Expr) {
        if !before.is_empty() {
            *expr = parse_quote_spanned!(mixed()=> { #(#before)* #expr });
        }
    }

    fn assignment(&mut self, assign: &mut syn::ExprAssign) -> Option<Expr> {
        // `_ = value` moves nothing, and a pattern takes what it binds.
        match walk::is_place(&assign.left) || walk::local(self.names, &assign.right).is_none() {
            true => self.value(&mut assign.right),
            false => self.place(&mut assign.right),
        }
        match self.on_loan(&assign.left) {
            // What a closure assigns to is there.
            Some((var, span))
                if self.names.get(var).loan == Some(Loan::Home) && !self.leased.contains(&var) =>
            {
                let (handle, located) = (self.handle(var, span), mixed().located_at(span));
                let value = &assign.right;
                Some(parse_quote_spanned!(located=> ::segue::machine::loan::assign(#handle, #value)))
            }
            _ => {
                self.target(&mut assign.left);
                None
            }
        }
    }
}

impl VisitMut for Places<'_> {
    fn visit_local_mut(&mut self, local: &mut Local) {
        if let Some(init) = &mut local.init {
            self.initial(&local.pat, &mut init.expr);
            if let Some((_, diverge)) = &mut init.diverge {
                self.value(diverge);
            }
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(_) if self.on_loan(expr).is_some() => self.value(expr),
            Expr::Reference(reference) => self.place(&mut reference.expr),
            Expr::RawAddr(address) => self.place(&mut address.expr),
            Expr::Field(_) | Expr::Index(_) => self.place(expr),
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.place(expr),
            Expr::MethodCall(call) => {
                if receivers::consumes(call) {
                    let on_loan = self.on_loan(&call.receiver);
                    self.value(&mut call.receiver);
                    if let (Some((_, span)), true) = (on_loan, receivers::unwraps(call)) {
                        *call.receiver = receivers::unwrapped(&call.receiver, span);
                    }
                } else {
                    self.place(&mut call.receiver);
                }
                call.args.iter_mut().for_each(|arg| self.value(arg));
            }
            Expr::Assign(assign) => {
                if let Some(written) = self.assignment(assign) {
                    *expr = written;
                }
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::Call(call) => {
                self.place(&mut call.func);
                call.args.iter_mut().for_each(|arg| self.value(arg));
            }
            Expr::Struct(literal) => {
                for field in &mut literal.fields {
                    if self.on_loan(&field.expr).is_some() && field.colon_token.is_none() {
                        field.colon_token = Some(syn::Token![:](mixed()));
                    }
                    self.value(&mut field.expr);
                }
                literal.rest.iter_mut().for_each(|rest| self.place(rest));
            }
            Expr::Match(select) => {
                self.place(&mut select.expr);
                select.arms.iter_mut().for_each(|arm| self.visit_arm_mut(arm));
            }
            Expr::Let(condition) => self.place(&mut condition.expr),
            Expr::Closure(closure) => {
                let before = self.captures(closure.capture.is_some(), &mut closure.body);
                Self::after(&before, expr);
            }
            Expr::Async(block) => {
                let mut body = walk::async_body(block);
                let before = self.captures(block.capture.is_some(), &mut body);
                if let Expr::Block(body) = body {
                    block.block = body.block;
                }
                Self::after(&before, expr);
            }
            Expr::Macro(call) => {
                if let Some(written) = self.called(&mut call.mac) {
                    *expr = written;
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Macro(call) => {
                if let Some(written) = self.called(&mut call.mac) {
                    *stmt = Stmt::Expr(written, call.semi_token);
                }
            }
            stmt => visit_mut::visit_stmt_mut(self, stmt),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        if let Pat::Guard(guarded) = pat {
            self.value(&mut guarded.guard);
        }
    }
}

impl Places<'_> {
    fn binary(&mut self, binary: &mut syn::ExprBinary) {
        use syn::BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
        if operands::is_assignment(&binary.op) {
            self.value(&mut binary.right);
            return self.place(&mut binary.left);
        }
        for side in [&mut binary.left, &mut binary.right] {
            match binary.op {
                Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_) => self.place(side),
                _ => self.value(side),
            }
        }
    }
}
