//! Labels jumps, so that no later pass asks what a bare `break` leaves.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Lifetime, Pat, Stmt};

use crate::normalise::Normaliser;

impl Normaliser<'_> {
    /// The construct that a jump with this label leaves, if it is one of ours.
    pub(crate) fn target(&self, label: Option<&Lifetime>) -> Option<usize> {
        match label {
            Some(label) => {
                let label = label.ident.to_string();
                self.targets.iter().rposition(|target| target.label.as_deref() == Some(&*label))
            }
            None => self.targets.iter().rposition(|target| target.is_loop),
        }
    }

    /// Labels the jumps in an expression that doesn't suspend.
    pub(crate) fn jumps(&mut self, mut expr: Expr) -> Expr {
        self.jumper().visit_expr_mut(&mut expr);
        expr
    }

    pub(crate) fn jumps_in(&mut self, stmt: &mut Stmt) {
        self.jumper().visit_stmt_mut(stmt);
    }

    pub(crate) fn jumps_in_pat(&mut self, pat: &mut Pat) {
        self.jumper().visit_pat_mut(pat);
    }

    fn jumper(&self) -> Jumper<'_, '_> {
        Jumper { normaliser: self, native_loops: 0, native_labels: Vec::new() }
    }
}

/// Gives a jump out of plain code the label of the construct of ours that it leaves.
struct Jumper<'a, 'n> {
    normaliser: &'a Normaliser<'n>,
    native_loops: usize,
    native_labels: Vec<String>,
}

impl Jumper<'_, '_> {
    fn label(&self, label: Option<&Lifetime>, span: Span) -> Option<Lifetime> {
        let native = match label {
            Some(label) => self.native_labels.contains(&label.ident.to_string()),
            None => self.native_loops > 0,
        };
        if native {
            return None;
        }
        let target = self.normaliser.target(label)?;
        Some(Lifetime::new(&self.normaliser.targets[target].id.label(), span))
    }

    fn native(&mut self, label: Option<&syn::Label>, is_loop: bool, walk: impl FnOnce(&mut Self)) {
        let labels = self.native_labels.len();
        self.native_labels.extend(label.map(|label| label.name.ident.to_string()));
        self.native_loops += usize::from(is_loop);
        walk(self);
        self.native_loops -= usize::from(is_loop);
        self.native_labels.truncate(labels);
    }
}

impl VisitMut for Jumper<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            Expr::Loop(repeat) => {
                let label = repeat.label.clone();
                self.native(label.as_ref(), true, |jumper| visit_mut::visit_expr_loop_mut(jumper, repeat));
            }
            Expr::While(repeat) => {
                let label = repeat.label.clone();
                self.native(label.as_ref(), true, |jumper| visit_mut::visit_expr_while_mut(jumper, repeat));
            }
            Expr::ForLoop(repeat) => {
                self.visit_expr_mut(&mut repeat.expr);
                let label = repeat.label.clone();
                self.native(label.as_ref(), true, |jumper| jumper.visit_block_mut(&mut repeat.body));
            }
            Expr::Block(block) => {
                let label = block.label.clone();
                self.native(label.as_ref(), false, |jumper| visit_mut::visit_expr_block_mut(jumper, block));
            }
            Expr::Break(jump) => {
                if let Some(label) = self.label(jump.label.as_ref(), jump.break_token.span) {
                    jump.label = Some(label);
                }
                visit_mut::visit_expr_break_mut(self, jump);
            }
            Expr::Continue(jump) => {
                if let Some(label) = self.label(jump.label.as_ref(), jump.continue_token.span) {
                    jump.label = Some(label);
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
