//! Reads the block of a `generator!`: what is said at its head, and its bare words.
//!
//! ```text
//! generator! { (yield = u32, resume = i64) let x = yield 1; yield from g }
//! ```

use proc_macro2::{Delimiter, Group, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::parse::Parser;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Ident, Stmt, Type, parse_quote_spanned};

use crate::error::Errors;
use crate::input::{self, Function, Kind, mixed};
use crate::suspension;

/// The block as a function without a name. What it captures is found when names are resolved.
pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Function> {
    let (head, body) = head(tokens);
    let mut errors = Errors::default();
    let arguments = input::read_head(head.unwrap_or_default(), &mut errors);
    errors.finish()?;
    let stmts = Block::parse_within.parse2(bare_words(body))?;
    let brace_token = syn::token::Brace(Span::call_site());
    let body = Block { brace_token, stmts };
    let output = arguments.returns.unwrap_or_else(|| returned(&body));
    let unit = || -> Type { parse_quote_spanned!(mixed()=> ()) };
    let yields = arguments.yields.unwrap_or_else(|| match suspends(&body) {
        true => inferred(),
        false => unit(),
    });
    let resume = arguments.resume.unwrap_or_else(unit);
    let ident = Ident::new("generator", Span::call_site());
    Ok(Function {
        attrs: Vec::new(),
        vis: syn::Visibility::Inherited,
        modifiers: TokenStream::new(),
        sig: parse_quote_spanned!(mixed()=> fn #ident() -> #output),
        kind: Kind::Generator { yields, resume },
        params: Vec::new(),
        body,
        block: true,
        itself: Vec::new(),
        no_loan: arguments.no_loan,
    })
}

fn inferred() -> Type {
    parse_quote_spanned!(mixed()=> _)
}

/// The parentheses at the head, where they begin as one: `(yield = ` begins no expression. What is
/// followed by a word is meant as one.
fn head(tokens: TokenStream) -> (Option<TokenStream>, TokenStream) {
    let mut rest = tokens.clone().into_iter();
    if let Some(TokenTree::Group(group)) = rest.next()
        && group.delimiter() == Delimiter::Parenthesis
    {
        let mut inside = group.stream().into_iter();
        if let (Some(TokenTree::Ident(word)), Some(TokenTree::Punct(equals))) = (inside.next(), inside.next())
            && "=:".contains(equals.as_char())
            && (["yield", "resume", "return"].iter().any(|known| word == known)
                || matches!(rest.clone().next(), Some(TokenTree::Ident(_))))
        {
            return (Some(group.stream()), rest.collect());
        }
    }
    (None, tokens)
}

/// Writes `yield from x` as `#[from] yield x`, so that syn reads it.
fn bare_words(tokens: TokenStream) -> TokenStream {
    let mut written = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), bare_words(group.stream()));
                inner.set_span(group.span());
                written.push(TokenTree::Group(inner));
            }
            TokenTree::Ident(word) if word == "yield" => {
                let from = tokens.next_if(|next| matches!(next, TokenTree::Ident(from) if from == "from"));
                if let Some(from) = from {
                    if tokens.peek().is_some_and(begins_expression) {
                        written.push(TokenTree::Punct(Punct::new('#', Spacing::Alone)));
                        written.extend(quote_spanned!(from.span()=> [from]));
                        written.push(TokenTree::Ident(word));
                    } else {
                        written.extend([TokenTree::Ident(word), from]);
                    }
                } else {
                    written.push(TokenTree::Ident(word));
                }
            }
            token => written.push(token),
        }
    }
    written.into_iter().collect()
}

/// After `yield from`: what is delegated to begins here, and `from` isn't a variable.
fn begins_expression(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word != "as",
        TokenTree::Punct(punct) => "&*!-|<:".contains(punct.as_char()),
        TokenTree::Group(_) | TokenTree::Literal(_) => true,
    }
}

/// What the block returns, where it doesn't say: nothing, unless it ends in a value or returns one.
fn returned(body: &Block) -> Type {
    let ends_in_value = match body.stmts.last() {
        Some(Stmt::Expr(Expr::Loop(repeat), None)) => breaks_with_value(&repeat.body),
        Some(Stmt::Expr(Expr::While(_) | Expr::ForLoop(_), None)) => false,
        Some(Stmt::Expr(Expr::If(branch), None)) => branch.else_branch.is_some(),
        Some(Stmt::Expr(_, None)) => true,
        Some(Stmt::Macro(last)) => last.semi_token.is_none() && !is_suspension(&last.mac),
        _ => false,
    };
    if ends_in_value || Returns::in_block(body) { inferred() } else { parse_quote_spanned!(mixed()=> ()) }
}

fn is_suspension(mac: &syn::Macro) -> bool {
    mac.path.segments.last().is_some_and(|last| last.ident == "yield_" || last.ident == "yield_from")
}

fn breaks_with_value(body: &Block) -> bool {
    struct Breaks(bool);
    impl Visit<'_> for Breaks {
        fn visit_expr_break(&mut self, jump: &syn::ExprBreak) {
            self.0 |= jump.expr.is_some();
        }
        fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {}
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut breaks = Breaks(false);
    breaks.visit_block(body);
    breaks.0
}

/// Does something return a value, by `return` or `?`?
struct Returns(bool);

impl Returns {
    fn in_block(body: &Block) -> bool {
        let mut returns = Returns(false);
        returns.visit_block(body);
        returns.0
    }
}

impl Visit<'_> for Returns {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Return(leaving) if leaving.expr.is_some() => self.0 = true,
            Expr::Try(_) => self.0 = true,
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}

/// Is there anything that tells what is yielded?
fn suspends(body: &Block) -> bool {
    struct Finder(bool);
    impl Visit<'_> for Finder {
        fn visit_expr(&mut self, expr: &Expr) {
            self.0 |= suspension::of(expr).is_some();
            visit::visit_expr(self, expr);
        }
        fn visit_macro(&mut self, mac: &syn::Macro) {
            self.0 |= is_suspension(mac);
        }
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut finder = Finder(false);
    finder.visit_block(body);
    finder.0
}

/// Is this a `generator!`?
pub(crate) fn is_generator(mac: &syn::Macro) -> bool {
    mac.path.segments.last().is_some_and(|last| last.ident == "generator")
}
