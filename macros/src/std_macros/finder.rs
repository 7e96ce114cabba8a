//! Finds suspensions, and ways out, in what the user wrote: the tokens of other macros too.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Expr, Macro, Stmt};

use crate::awaiting;

/// Does an argument suspend, or leave what is around it, or hold something that may? In a macro's tokens
/// neither would be seen.
pub(super) fn suspends(expr: &Expr) -> bool {
    let mut finder = Finder { leaving: true, found: false };
    finder.visit_expr(expr);
    finder.found
}

/// Does a suspension stand in the statement? What its macros make on the way lives as long as it.
pub(crate) fn waits(stmt: &Stmt) -> bool {
    let mut finder = Finder { leaving: false, found: false };
    finder.visit_stmt(stmt);
    finder.found
}

/// Finds suspensions. Closures and `async` blocks are worlds of their own.
struct Finder {
    /// And ways out.
    leaving: bool,
    found: bool,
}

impl Visit<'_> for Finder {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Await(_) | Expr::Yield(_) => self.found = true,
            Expr::Try(_) | Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) if self.leaving => {
                self.found = true;
            }
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &Macro) {
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
        let suspends = matches!(name.as_deref(), Some("yield_" | "yield_from" | "for_await"))
            || name.is_some_and(|name| awaiting::may_await(&name));
        self.found |= suspends || hides(mac.tokens.clone(), self.leaving);
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}

const LEAVE: [&str; 3] = ["return", "break", "continue"];

/// Does a suspension, or a way out if `leaving` counts, stand somewhere among the tokens?
pub(super) fn hides(tokens: TokenStream, leaving: bool) -> bool {
    let mut dot = false;
    let mut word = false;
    for token in tokens {
        let punct = |c: char| matches!(&token, TokenTree::Punct(punct) if punct.as_char() == c);
        if word && punct('!') {
            return true;
        }
        word = matches!(&token, TokenTree::Ident(ident)
            if ident == "yield_" || ident == "yield_from" || awaiting::may_await(&ident.to_string()));
        let awaits = dot && matches!(&token, TokenTree::Ident(ident) if ident == "await")
            || matches!(&token, TokenTree::Ident(ident) if ident == "yield");
        dot = punct('.');
        let inside = matches!(&token, TokenTree::Group(group) if hides(group.stream(), leaving));
        let leaves = matches!(&token, TokenTree::Ident(ident) if LEAVE.iter().any(|word| ident == word));
        if awaits || inside || (leaving && (leaves || punct('?'))) {
            return true;
        }
    }
    false
}
