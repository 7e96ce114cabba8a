//! Assignments by a pattern from a variable, written as what Rust makes of them.
//!
//! ```text
//! (first, _) = pair;        { let (part, _) = pair; first = part; }
//! ```
//!
//! What such an assignment takes of the variable is told then as it is of any `let`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprAssign, Ident, Pat, Stmt, parse_quote_spanned};

use crate::input::mixed;
use crate::names::Names;
use crate::walk;

/// Writes all of them so, in closures too.
pub(crate) fn write(body: &mut Block, names: &mut Names) {
    Writer { names }.visit_block_mut(body);
}

struct Writer<'a> {
    names: &'a mut Names,
}

impl Writer<'_> {
    fn written(&mut self, assign: &ExprAssign) -> Option<Expr> {
        if walk::is_place(&assign.left) || walk::suspends(&assign.left) {
            return None;
        }
        walk::local(self.names, &assign.right)?;
        let mut parts = Parts { names: self.names, assigned: Vec::new() };
        let pattern = parts.pattern(&assign.left)?;
        let pat = Pat::parse_single.parse2(pattern).ok()?;
        let (eq, value) = (assign.eq_token, &assign.right);
        let assigned = parts.assigned.iter();
        let assigned = assigned.map(|(place, part)| quote_spanned!(mixed()=> #place #eq #part;));
        Some(parse_quote_spanned!(mixed()=> { let #pat #eq #value; #(#assigned)* }))
    }
}

impl VisitMut for Writer<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Assign(assign) = expr
            && let Some(written) = self.written(assign)
        {
            *expr = written;
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        match stmt {
            // A block needs no semicolon to be a statement.
            Stmt::Expr(expr @ Expr::Assign(_), semi) => {
                self.visit_expr_mut(expr);
                if !matches!(expr, Expr::Assign(_)) {
                    *semi = None;
                }
            }
            stmt => visit_mut::visit_stmt_mut(self, stmt),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// What is assigned to by a pattern, in order: each place gets a part of the value.
struct Parts<'a> {
    names: &'a mut Names,
    assigned: Vec<(Expr, Ident)>,
}

impl Parts<'_> {
    fn pattern(&mut self, left: &Expr) -> Option<TokenStream> {
        Some(match left {
            Expr::Infer(_) => left.to_token_stream(),
            Expr::Range(rest) if rest.start.is_none() && rest.end.is_none() => left.to_token_stream(),
            Expr::Paren(inner) => self.pattern(&inner.expr)?,
            Expr::Group(inner) => self.pattern(&inner.expr)?,
            Expr::Tuple(tuple) => {
                let elems = self.patterns(&tuple.elems)?;
                quote_spanned!(mixed()=> (#(#elems,)*))
            }
            Expr::Array(array) => {
                let elems = self.patterns(&array.elems)?;
                quote_spanned!(mixed()=> [#(#elems),*])
            }
            Expr::Call(call) => {
                let (path, args) = (&call.func, self.patterns(&call.args)?);
                quote_spanned!(mixed()=> #path(#(#args),*))
            }
            Expr::Struct(literal) => {
                let (path, rest) = (&literal.path, literal.dot2_token);
                let fields = literal.fields.iter().map(|field| {
                    let (member, part) = (&field.member, self.pattern(&field.expr)?);
                    Some(quote_spanned!(mixed()=> #member: #part))
                });
                let fields = fields.collect::<Option<Vec<_>>>()?;
                quote_spanned!(mixed()=> #path { #(#fields,)* #rest })
            }
            Expr::Path(path) => {
                let var = walk::local(self.names, left)?;
                let ident = self.names.ident(var, path.span());
                self.part(parse_quote_spanned!(mixed()=> #ident))
            }
            place => self.part(place.clone()),
        })
    }

    /// The name of what is assigned to a place.
    fn part(&mut self, place: Expr) -> TokenStream {
        let part = self.names.temporary_at("part", false, place.span());
        self.assigned.push((place, part.clone()));
        part.into_token_stream()
    }

    fn patterns<'e>(&mut self, lefts: impl IntoIterator<Item = &'e Expr>) -> Option<Vec<TokenStream>> {
        lefts.into_iter().map(|left| self.pattern(left)).collect()
    }
}
