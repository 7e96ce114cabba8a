//! An expression in which variables on loan are places.

use std::collections::BTreeSet;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Local, Macro, Pat, Stmt, parse_quote_spanned};

use crate::arguments;
use crate::coverage::{self, Taken};
use crate::flow;
use crate::input::mixed;
use crate::names::{Loan, Names, VarId};
use crate::operands;
use crate::receivers;
use crate::types;
use crate::walk::{self, Mentions};

pub(super) struct Places<'a> {
    names: &'a Names,
    /// The variables that aren't on loan here: they are bound here, or a closure has taken them.
    without: BTreeSet<VarId>,
    /// The variables that a closure around this borrows.
    leased: BTreeSet<VarId>,
}

impl<'a> Places<'a> {
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
            Expr::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| self.value(elem)),
            expr => self.visit_expr_mut(expr),
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
        let span = expr.to_token_stream().into_iter().next().map_or_else(mixed, |token| token.span());
        self.is_on_loan(var).then_some((var, span))
    }

    fn is_on_loan(&self, var: VarId) -> bool {
        self.names.on_loan(var) && !self.without.contains(&var)
    }

    /// `(*name.place())`
    fn placed(&self, var: VarId, span: Span) -> Expr {
        let (name, located) = (self.names.ident(var, span), mixed().located_at(span));
        parse_quote_spanned!(located=> (*#name.place()))
    }

    /// `name.take()`, or another borrow of what a reference refers to.
    fn taken(&self, var: VarId, span: Span) -> Expr {
        let (name, located) = (self.names.ident(var, span), mixed().located_at(span));
        match self.names.get(var).loan {
            // Of what a closure borrows it takes only copies.
            Some(Loan::Home) if self.leased.contains(&var) => self.placed(var, span),
            Some(Loan::Reference) => parse_quote_spanned!(located=> &mut *#name.place()),
            _ => parse_quote_spanned!(located=> #name.take()),
        }
    }

    /// A closure takes what it moves, and borrows the rest from where it is.
    fn captures(&mut self, moves: bool, body: &mut Expr) -> Vec<Stmt> {
        let mut mentions = Mentions::in_expr(self.names, body);
        mentions.retain(|var| self.is_on_loan(*var));
        // A number that it names isn't moved into it.
        let is_copied = |var: &VarId| self.names.get(*var).ty.as_ref().is_some_and(types::is_primitive);
        let taken = if moves {
            mentions.clone()
        } else {
            flow::taken_by(self.names, body).into_iter().filter(|var| !is_copied(var)).collect()
        };
        let before = mentions.iter().map(|var| {
            let name = self.names.ident(*var, self.names.get(*var).shown.span());
            if taken.contains(var) {
                let mutable = self.names.get(*var).mutable.then(|| quote_spanned!(mixed()=> mut));
                let value = self.taken(*var, name.span());
                parse_quote_spanned!(mixed()=> let #mutable #name = #value;)
            } else {
                parse_quote_spanned!(mixed()=> let #name = #name.lease();)
            }
        });
        let before: Vec<Stmt> = before.collect();
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
        self.value(&mut assign.right);
        match self.on_loan(&assign.left) {
            // What a closure borrows is there.
            Some((var, span))
                if self.names.get(var).loan == Some(Loan::Home) && !self.leased.contains(&var) =>
            {
                let (name, located) = (self.names.ident(var, span), mixed().located_at(span));
                let value = &assign.right;
                Some(parse_quote_spanned!(located=> #name.assign(#value)))
            }
            _ => {
                self.place(&mut assign.left);
                None
            }
        }
    }

    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let written = tokens.into_iter().map(|token| match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner).into()
            }
            TokenTree::Ident(ident) => match self.names.of(&ident).filter(|var| self.is_on_loan(*var)) {
                Some(var) => self.placed(var, ident.span()).into_token_stream(),
                None => TokenTree::Ident(ident).into(),
            },
            other => other.into(),
        });
        written.collect()
    }

    /// `"{name}"` needs `name = (*name.place())`.
    fn named_in_text(&self, mac: &Macro) -> BTreeSet<VarId> {
        let literals = mac.tokens.clone().into_iter().filter_map(|token| match token {
            TokenTree::Literal(literal) => Some(literal.to_string()),
            _ => None,
        });
        literals.flat_map(|text| self.names.in_text(&text)).filter(|var| self.is_on_loan(*var)).collect()
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
                if receivers::consumes(&call.method) {
                    self.value(&mut call.receiver);
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
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        let mut mentions = Mentions::new(self.names);
        mentions.visit_macro(mac);
        if !mentions.found.iter().any(|var| self.is_on_loan(*var)) {
            return;
        }
        if arguments::takes(mac)
            && let Ok((mut values, _)) = arguments::read(mac)
        {
            let repeats = mac
                .tokens
                .clone()
                .into_iter()
                .any(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'));
            values.iter_mut().for_each(|value| self.value(value));
            mac.tokens = match repeats {
                true => quote_spanned!(mixed()=> #(#values);*),
                false => quote_spanned!(mixed()=> #(#values),*),
            };
            return;
        }
        let named = self.named_in_text(mac);
        mac.tokens = self.tokens(mac.tokens.clone());
        if named.is_empty() {
            return;
        }
        let ends = matches!(mac.tokens.clone().into_iter().last(), Some(TokenTree::Punct(last)) if last.as_char() == ',');
        let comma = (!ends).then(|| quote_spanned!(mixed()=> ,));
        let named = named.into_iter().map(|var| {
            let span = self.names.get(var).shown.span();
            let (name, place) = (self.names.ident(var, span), self.placed(var, span));
            quote_spanned!(mixed()=> #name = #place)
        });
        mac.tokens.extend(quote_spanned!(mixed()=> #comma #(#named),*));
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
