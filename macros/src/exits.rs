//! The ways out of plain code: `return`, `?`, and jumps to segments.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Stmt};

use crate::input::{first_span, last_span, mixed};
use crate::tree::{LoopId, Node};

/// The constructs that a statement leaves or repeats; `true` for a `break`.
pub(crate) fn of_stmt(stmt: &Stmt) -> Vec<(LoopId, bool)> {
    let mut finder = Finder(Vec::new());
    finder.visit_stmt(stmt);
    finder.0
}

/// The same for what a node evaluates, apart from its blocks.
pub(crate) fn of_node(node: &Node) -> Vec<(LoopId, bool)> {
    let mut finder = Finder(Vec::new());
    match node {
        Node::Plain(stmt) => finder.visit_stmt(stmt),
        Node::Assign(assign) => finder.visit_expr(&assign.value),
        Node::Return(value) | Node::LetElse { value, .. } => finder.visit_expr(value),
        Node::Suspend(suspend) => suspend.operand.iter().for_each(|operand| finder.visit_expr(operand)),
        Node::If { cond, .. } => finder.visit_expr(cond),
        Node::Match { scrutinee, arms, .. } => {
            finder.visit_expr(scrutinee);
            arms.iter().for_each(|arm| finder.visit_pat(&arm.pat));
        }
        Node::Scope { .. } | Node::Loop { .. } => {}
        Node::Break(_) | Node::Continue(_) | Node::End(_) => {}
    }
    finder.0
}

struct Finder(Vec<(LoopId, bool)>);

impl Visit<'_> for Finder {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::Break(jump) => self.0.extend(jump.label.as_ref().and_then(LoopId::of).map(|id| (id, true))),
            Expr::Continue(jump) => {
                self.0.extend(jump.label.as_ref().and_then(LoopId::of).map(|id| (id, false)))
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}

/// How a step leaves: what a jump and a return are written as.
pub(crate) trait Leave {
    /// What the type of a step is called.
    fn step(&self) -> syn::Ident;

    /// `break 'id value` (`breaks`) or `continue 'id`, as statements without their semicolons.
    fn jump(&mut self, id: LoopId, breaks: bool, value: Option<TokenStream>) -> Vec<TokenStream>;
}

/// Writes the ways out of `expr` as those of a step.
pub(crate) fn rewrite_expr(mut expr: Expr, leave: &mut dyn Leave) -> Expr {
    Rewriter { leave }.visit_expr_mut(&mut expr);
    expr
}

pub(crate) fn rewrite_stmt(mut stmt: Stmt, leave: &mut dyn Leave) -> Stmt {
    Rewriter { leave }.visit_stmt_mut(&mut stmt);
    stmt
}

struct Rewriter<'a> {
    leave: &'a mut dyn Leave,
}

impl Rewriter<'_> {
    /// The statements that stand for a jump of ours.
    fn jump(&mut self, expr: &Expr) -> Option<Vec<TokenStream>> {
        let (label, breaks, value) = match expr {
            Expr::Break(jump) => (&jump.label, true, jump.expr.as_ref().map(ToTokens::to_token_stream)),
            Expr::Continue(jump) => (&jump.label, false, None),
            _ => return None,
        };
        Some(self.leave.jump(LoopId::of(label.as_ref()?)?, breaks, value))
    }
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if matches!(expr, Expr::Closure(_) | Expr::Async(_) | Expr::Const(_)) {
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
        let rewritten = match expr {
            Expr::Return(leaving) => {
                let keyword = leaving.return_token;
                let value = leaving
                    .expr
                    .as_ref()
                    .map_or_else(|| quote_spanned!(keyword.span=> ()), ToTokens::to_token_stream);
                let value = step_returned(&value, &self.leave.step());
                quote_spanned!(mixed()=> #keyword #value)
            }
            Expr::Try(tried) => question(&tried.expr, tried.question_token, &self.leave.step()),
            _ => match self.jump(expr) {
                Some(statements) => match statements.as_slice() {
                    [only] => only.clone(),
                    _ => quote_spanned!(mixed()=> { #(#statements;)* }),
                },
                None => return,
            },
        };
        *expr = Expr::Verbatim(rewritten);
    }

    /// A jump that is a statement needs no braces.
    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Expr(expr @ (Expr::Break(_) | Expr::Continue(_)), _) = stmt {
            visit_mut::visit_expr_mut(self, expr);
            if let Some(statements) = self.jump(expr) {
                let statements = quote_spanned!(mixed()=> #(#statements;)*);
                *stmt = Stmt::Expr(Expr::Verbatim(statements), None);
            }
        } else {
            visit_mut::visit_stmt_mut(self, stmt);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// `return Step::returns(value)`.
pub(crate) fn returned(value: &impl ToTokens, step: &syn::Ident) -> TokenStream {
    let value = step_returned(value, step);
    quote_spanned!(first_span(&value)=> return #value)
}

/// `Step::returns(value)`, which stands where the value does: what is wrong with it is told there.
pub(crate) fn step_returned(value: &impl ToTokens, step: &syn::Ident) -> TokenStream {
    let value = value.to_token_stream();
    let (first, last) = (mixed().located_at(first_span(&value)), mixed().located_at(last_span(&value)));
    let step = syn::Ident::new(&step.to_string(), first);
    let mut value = Group::new(Delimiter::Parenthesis, value);
    value.set_span(last);
    quote_spanned!(first=> #step::returns #value)
}

/// `Step::tried(value)?`
pub(crate) fn question(value: &impl ToTokens, mark: syn::Token![?], step: &syn::Ident) -> TokenStream {
    let located = mixed().located_at(mark.span);
    let (step, mark) = (syn::Ident::new(&step.to_string(), located), syn::Token![?](located));
    quote_spanned!(located=> #step::tried(#value) #mark)
}
