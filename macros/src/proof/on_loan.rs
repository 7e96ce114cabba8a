//! What the machine does with variables on loan and rustc might do otherwise, it does in the proof too.
//!
//! The machine moves a value by `take` where Rust's conventions say that it is moved, and has a variable for a whole
//! where rustc may take it apart. Were one that is only borrowed by rustc moved by the machine, it would be used
//! after that. So the proof says what the machine does, by the variables' names:
//!
//! ```text
//! list.into_iter()                ::core::convert::identity(list).into_iter()
//! move || pair.0.len()            move || { let _ = &pair; pair.0.len() }
//! ensure!(list.len() > n)         match (&list, &n) { (list, n) => ensure!(list.len() > n) }
//! ```

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, Macro, Pat, Stmt, Type, parse_quote_spanned};

use crate::arguments;
use crate::coverage::{self, Taken};
use crate::input::mixed;
use crate::names::{Loan, Names};
use crate::places::macros::{Written, bound_in, is_given, words_of};
use crate::receivers;
use crate::walk;

/// The names of the variables on loan. A variable that has the name of one of them counts as one.
pub(super) struct OnLoan(BTreeMap<String, How>);

struct How {
    loan: Loan,
    /// A reference has nothing to drop: a copy of it does no harm, and it is borrowed again where it seems to move.
    is_reference: bool,
}

impl OnLoan {
    pub(super) fn of(names: &Names) -> OnLoan {
        let on_loan = names.all().filter_map(|var| {
            let loan = names.get(var).loan?;
            let name = if names.receiver == Some(var) {
                "self".to_owned()
            } else {
                names.get(var).shown.to_string()
            };
            let is_reference = matches!(names.get(var).ty, Some(Type::Reference(_)));
            Some((name, How { loan, is_reference }))
        });
        OnLoan(on_loan.collect())
    }

    fn name<'e>(&self, expr: &'e Expr) -> Option<(&'e Ident, &How)> {
        match expr {
            Expr::Path(path) => {
                let ident = path.path.get_ident()?;
                Some((ident, self.0.get(&ident.to_string())?))
            }
            Expr::Paren(inner) => self.name(&inner.expr),
            Expr::Group(inner) => self.name(&inner.expr),
            _ => None,
        }
    }

    /// A variable whose value the machine moves.
    fn moved(&self, expr: &mut Expr) {
        if self.name(expr).is_some_and(|(_, how)| !how.is_reference) {
            *expr = parse_quote_spanned!(mixed()=> ::core::convert::identity(#expr));
        }
    }

    /// The variables that a piece of syntax names.
    fn named_in(&self, tokens: TokenStream) -> Vec<Ident> {
        let mut found: Vec<Ident> = Vec::new();
        words_of(tokens, &mut |word, span| {
            if self.0.contains_key(word) && found.iter().all(|known| known != word) {
                found.push(Ident::new(word, span));
            }
        });
        found
    }

    /// `let _ = (&a, &b);`
    fn looks_at(named: &[Ident]) -> TokenStream {
        quote_spanned!(mixed()=> let _ = (#(&#named),*);)
    }

    /// What moves into a closure moves there as a whole.
    fn captured_whole(&self, body: &mut Expr) {
        let named = self.mentioned(body);
        if !named.is_empty() {
            let looks = Self::looks_at(&named);
            *body = parse_quote_spanned!(mixed()=> { #looks #body });
        }
    }

    /// The same without those that are bound in it.
    fn mentioned(&self, body: &Expr) -> Vec<Ident> {
        struct Mentions<'a>(&'a OnLoan, Vec<Ident>);
        impl Visit<'_> for Mentions<'_> {
            fn visit_expr(&mut self, expr: &Expr) {
                match self.0.name(expr) {
                    Some((name, _)) => self.1.push(name.clone()),
                    None => visit::visit_expr(self, expr),
                }
            }
            fn visit_macro(&mut self, mac: &Macro) {
                self.1.extend(self.0.named_in(mac.tokens.clone()));
            }
            fn visit_item(&mut self, _: &syn::Item) {}
        }
        let mut mentions = Mentions(self, Vec::new());
        mentions.visit_expr(body);
        let mut named: Vec<Ident> = Vec::new();
        for name in mentions.1 {
            if !named.contains(&name) {
                named.push(name);
            }
        }
        named
    }

    fn called(&mut self, mac: &mut Macro) -> Option<Expr> {
        match Written::of(mac) {
            Written::Places => None,
            Written::Values => {
                self.values_of(mac);
                None
            }
            Written::References => {
                let named = self.named_in(mac.tokens.clone());
                let bound = named.into_iter().map(|name| {
                    let value = match self.0[&name.to_string()].loan {
                        _ if is_given(mac, |given| *given == name) => name.to_token_stream(),
                        Loan::Home => quote_spanned!(mixed()=> &#name),
                        Loan::Reference => quote_spanned!(mixed()=> &*#name),
                    };
                    (name, Expr::Verbatim(value))
                });
                let bound: Vec<_> = bound.collect();
                (!bound.is_empty()).then(|| bound_in(bound, mac))
            }
        }
    }

    fn values_of(&mut self, mac: &mut Macro) {
        if self.named_in(mac.tokens.clone()).is_empty() {
            return;
        }
        let changed = arguments::rewritten(mac, |value| {
            self.visit_expr_mut(value);
            self.moved(value);
        });
        mac.tokens = changed.unwrap_or_else(|| mac.tokens.clone());
    }
}

impl VisitMut for OnLoan {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        let takes = matches!(walk::split_type(&local.pat).0, Pat::Tuple(_))
            && coverage::taken(&local.pat) == Taken::All;
        if let Some(init) = &mut local.init
            && takes
        {
            self.moved(&mut init.expr);
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if receivers::consumes(call) => self.moved(&mut call.receiver),
            Expr::Index(index) => {
                if let Some((name, How { loan: Loan::Reference, .. })) = self.name(&index.expr) {
                    *index.expr = parse_quote_spanned!(mixed()=> (*#name));
                }
            }
            // What a pattern is assigned to is there.
            Expr::Assign(assign) if !walk::is_place(&assign.left) => {
                // A macro that names some was written as a `match`, which would be a statement of its own.
                if matches!(*assign.left, Expr::Match(_)) {
                    let left = &assign.left;
                    *assign.left = parse_quote_spanned!(mixed()=> (#left));
                }
                let named = self.named_in(assign.left.to_token_stream());
                if !named.is_empty() {
                    let looks = Self::looks_at(&named);
                    *expr = parse_quote_spanned!(mixed()=> { #looks #assign });
                }
            }
            Expr::Closure(closure) if closure.capture.is_some() => self.captured_whole(&mut closure.body),
            Expr::Async(block) if block.capture.is_some() => {
                let named = self.mentioned(&walk::async_body(block));
                if !named.is_empty() {
                    let looks = Self::looks_at(&named);
                    let first: Stmt = parse_quote_spanned!(mixed()=> #looks);
                    block.block.stmts.insert(0, first);
                }
            }
            Expr::Macro(call) => {
                if let Some(written) = self.called(&mut call.mac) {
                    *expr = written;
                }
            }
            _ => {}
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
}
