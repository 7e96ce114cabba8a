//! Finds the suspensions in the user's function and writes them as syntax tree nodes.
//!
//! `yield_!(x)` becomes `yield x`, `yield_from!(x)` an attribute-marked `yield x` in a generator and
//! `x.await` in a task. From here on [`of`] tells what an expression suspends for, and nobody looks
//! at macros again. A suspension where none can be lowered is refused here, by its place.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprAwait, ExprYield, Macro, Pat, Stmt, parse_quote_spanned};

use crate::error::Errors;
use crate::input::{Function, attributes, last_span, mixed};
use crate::std_macros::{self, Call, Spelled, Surroundings};
use crate::{awaiting, block, pinning, pipeline, walk};

/// What a suspension waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wait {
    /// `yield_!(value)`: to be resumed.
    Yield,
    /// Either of a call of the function itself.
    Call,
    /// `yield_from!(coroutine)`: for another coroutine to return.
    YieldFrom,
    /// `future.await`: for a future's output.
    Await,
    /// `for_await!(item in stream { .. })`: for the next item of a stream.
    Item,
}

/// What `expr` itself, not its operands, suspends for.
pub(crate) fn of(expr: &Expr) -> Option<Wait> {
    match expr {
        Expr::Yield(yielded) if yielded.attrs.iter().any(|attr| attr.path().is_ident("from")) => {
            Some(Wait::YieldFrom)
        }
        Expr::Yield(yielded) if yielded.attrs.iter().any(|attr| attr.path().is_ident(CALL)) => {
            Some(Wait::Call)
        }
        Expr::Yield(_) => Some(Wait::Yield),
        Expr::Await(_) => Some(Wait::Await),
        _ => None,
    }
}

/// Where a suspension stands: from its word to its end.
#[derive(Clone, Copy)]
pub(crate) struct At {
    pub(crate) word: Span,
    pub(crate) end: Span,
}

pub(crate) fn at(expr: &Expr) -> At {
    let (word, attrs) = match expr {
        Expr::Yield(yielded) => (yielded.yield_token.span, &yielded.attrs[..]),
        Expr::Await(awaited) => (awaited.await_token.span, &awaited.attrs[..]),
        _ => (mixed(), &[][..]),
    };
    At { word, end: attrs.first().map_or(word, |attr| attr.bracket_token.span.close()) }
}

const CALL: &str = "call";

/// The attribute of a suspension that is a call of the function itself.
pub(crate) fn call_at(expr: &Expr) -> Attribute {
    let At { word, end } = at(expr);
    attribute(CALL, word, end)
}

/// The attribute of a suspension: which one, and where it ends.
fn attribute(name: &str, word: Span, end: Span) -> Attribute {
    let name = syn::Ident::new(name, mixed());
    let mut attr: Attribute = parse_quote_spanned!(mixed().located_at(word)=> #[#name]);
    attr.bracket_token = syn::token::Bracket(end);
    attr
}

/// The attribute of a suspension that was a macro, which ends where its parentheses close.
fn marker(name: &str, word: Span, mac: &Macro) -> Attribute {
    let end = match &mac.delimiter {
        syn::MacroDelimiter::Paren(paren) => paren.span,
        syn::MacroDelimiter::Brace(brace) => brace.span,
        syn::MacroDelimiter::Bracket(bracket) => bracket.span,
    };
    attribute(name, word, end.close())
}

/// Marks every suspension of the function.
pub(crate) fn mark(function: &mut Function) -> syn::Result<()> {
    let mut marker = Marker {
        task: function.is_task(),
        block: function.block,
        asynchronous: function.sig.asyncness.is_some(),
        place: Place::Function,
        waits: false,
        around: Surroundings::of(&function.sig, &function.body),
        errors: Errors::default(),
    };
    let mut body = std::mem::replace(&mut function.body, parse_quote_spanned!(mixed()=> {}));
    marker.visit_block_mut(&mut body);
    function.body = body;
    marker.errors.finish()
}

const AWAIT_IN_GENERATOR: &str = "`.await` in a generator; delegate to a coroutine with `yield_from!(...)`, \
     or leave out the `yield = ...` to make this function a task";

const AWAIT_IN_BLOCK: &str = "`.await` in a `generator!`, which awaits nothing: delegate to a coroutine with \
     `yield from`, or write an async function that yields: `#[segue::coroutine(yield = Type)] async fn`";

/// Does this `for` loop await its items?
pub(crate) fn awaits_items(repeat: &syn::ExprForLoop) -> bool {
    repeat.attrs.iter().any(|attr| attr.path().is_ident(FOR_AWAIT))
}

const FOR_AWAIT: &str = "for_await";

/// What stands in the parentheses of `for_await!`.
fn for_loop(input: ParseStream<'_>, word: Span) -> syn::Result<syn::ExprForLoop> {
    let expected = "`for_await!` is written as a loop: `for_await!(item in stream { ... })`";
    let located = |error: syn::Error| syn::Error::new(error.span(), format!("{expected}; {error}"));
    let label = input.parse().map_err(located)?;
    let pat = Box::new(Pat::parse_multi_with_leading_vert(input).map_err(located)?);
    let in_token = input.parse().map_err(located)?;
    let expr = Box::new(Expr::parse_without_eager_brace(input).map_err(located)?);
    let body = input.parse()?;
    if !input.is_empty() {
        return Err(input.error(expected));
    }
    let name = syn::Ident::new(FOR_AWAIT, mixed());
    let attrs = vec![parse_quote_spanned!(mixed()=> #[#name])];
    Ok(syn::ExprForLoop { attrs, label, for_token: syn::Token![for](word), pat, in_token, expr, body })
}

/// Where the walk is: a suspension is lowered only in the function itself.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Function,
    Closure,
    Async,
    Guard,
    Const,
}

struct Marker {
    task: bool,
    /// Bare words are suspensions.
    block: bool,
    asynchronous: bool,
    place: Place,
    /// Something suspends in the statement at hand.
    waits: bool,
    around: Surroundings,
    errors: Errors,
}

impl Marker {
    fn within(&mut self, place: Place, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, place);
        walk(self);
        self.place = outer;
    }

    /// The node for `yield_!` or `yield_from!`, if the macro is one of them.
    fn read(&mut self, mac: &Macro) -> Option<Expr> {
        let name = mac.path.segments.last()?.ident.to_string();
        let from = match name.as_str() {
            "yield_" => false,
            "yield_from" => true,
            "for_await" => return self.read_loop(mac),
            _ => return self.awaiting(mac),
        };
        let path = &mac.path;
        let mut well_formed = true;
        let operand = if mac.tokens.is_empty() {
            None
        } else {
            match mac.parse_body_with(|input: ParseStream<'_>| operand(&name, input)) {
                Ok(operand) => Some(operand),
                Err(error) => {
                    self.errors.push(error);
                    well_formed = false;
                    None
                }
            }
        };
        let placed = self.refuse_place(path, &format!("`{name}!`"));
        let span = path.segments.last()?.ident.span();
        let located = mixed().located_at(span);
        match (from, operand) {
            (false, operand) if self.task && placed => {
                self.errors.at(
                    path,
                    "`yield_!` in a function that doesn't say what it yields; \
                     write `#[segue::coroutine(yield = Type)]`, or await instead",
                );
                operand
            }
            (false, operand) => Some(Expr::Yield(ExprYield {
                attrs: vec![marker("value", span, mac)],
                yield_token: syn::Token![yield](span),
                expr: operand.map(Box::new),
            })),
            (true, None) => {
                if well_formed {
                    self.errors.at(path, "`yield_from!` needs what to delegate to: `yield_from!(coroutine)`");
                }
                Some(parse_quote_spanned!(span=> ()))
            }
            (true, Some(operand)) if self.task => Some(Expr::Await(ExprAwait {
                attrs: vec![marker("from", span, mac)],
                base: Box::new(operand),
                dot_token: syn::Token![.](located),
                await_token: syn::Token![await](span),
            })),
            (true, Some(operand)) => Some(Expr::Yield(ExprYield {
                attrs: vec![marker("from", span, mac)],
                yield_token: syn::Token![yield](span),
                expr: Some(Box::new(operand)),
            })),
        }
    }

    /// A macro that hides an `.await`, as what awaits.
    fn awaiting(&mut self, mac: &Macro) -> Option<Expr> {
        let here = self.asynchronous && matches!(self.place, Place::Function | Place::Guard);
        let read = awaiting::read(mac, &self.around).filter(|_| here)?;
        Some(read.unwrap_or_else(|error| {
            self.errors.push(error);
            parse_quote_spanned!(mixed()=> ::core::unreachable!())
        }))
    }

    /// `pin!(value)` in a statement that suspends.
    fn pinned(&mut self, mac: &Macro) -> Option<Expr> {
        let lives_on = self.waits && self.place == Place::Function;
        lives_on.then(|| pinning::temporary(mac, &self.around)).flatten()
    }

    /// One of std's macros spelled out, if its arguments suspend.
    fn spelled(&mut self, mac: &Macro) -> Option<Spelled> {
        if self.place != Place::Function {
            return None;
        }
        match self.around.call(mac, self.waits) {
            Call::Spelled(spelled) => Some(spelled),
            _ => None,
        }
    }

    /// A `generator!` in a function or a block that is lowered: what it captures has to be seen.
    fn nested(&mut self, mac: &Macro) -> Option<Expr> {
        if !block::is_generator(mac) {
            return None;
        }
        let lowered = block::parse(mac.tokens.clone()).and_then(pipeline::lower).and_then(syn::parse2);
        Some(lowered.unwrap_or_else(|error| {
            self.errors.push(error);
            parse_quote_spanned!(mixed()=> ())
        }))
    }

    /// `for_await!(pat in stream { body })`: a `for` loop, marked.
    fn read_loop(&mut self, mac: &Macro) -> Option<Expr> {
        let word = mac.path.segments.last()?.ident.span();
        let placed = self.refuse_place(&mac.path, "`for_await!`");
        if placed && !self.task && !self.asynchronous {
            self.errors.at(
                &mac.path,
                "`for_await!` in a generator, which can't wait; make it an `async fn`, or go through an iterator with `for`",
            );
        }
        match mac.parse_body_with(|input: ParseStream<'_>| for_loop(input, word)) {
            Ok(repeat) => Some(Expr::ForLoop(repeat)),
            Err(error) => {
                self.errors.push(error);
                Some(parse_quote_spanned!(word=> ()))
            }
        }
    }

    /// `yield x`, or `#[from] yield x`, which was `yield from x`.
    fn bare_word(&mut self, yielded: &mut ExprYield) {
        let from = yielded.attrs.iter().any(|attr| attr.path().is_ident("from"));
        self.refuse_place(yielded.yield_token, if from { "`yield from`" } else { "`yield`" });
        self.refuse_cfg(&yielded.attrs);
        let word = yielded.yield_token.span;
        let end = yielded.expr.as_ref().map_or(word, last_span);
        yielded.attrs = vec![attribute(if from { "from" } else { "value" }, word, end)];
        if let Some(Expr::Paren(inner)) = yielded.expr.as_deref() {
            yielded.expr = Some(inner.expr.clone());
        }
    }

    /// `true` if a suspension can stand here; otherwise the error that says why not.
    fn refuse_place(&mut self, tokens: impl ToTokens, what: &str) -> bool {
        let message = match self.place {
            Place::Function => return true,
            Place::Closure => format!(
                "{what} in a closure: a closure can't suspend the function around it; \
                 write a loop, or make the closure a coroutine of its own and delegate to it"
            ),
            Place::Async => format!(
                "{what} in an `async` block: the block is a future of its own and can't suspend the function around it; \
                 move the block into a function of its own"
            ),
            Place::Guard => format!(
                "{what} in the guard of a match arm: Rust may run a guard more than once; \
                 bind the value before the `match`"
            ),
            Place::Const => format!("{what} in a `const` block: it runs when the program is compiled"),
        };
        self.errors.at(tokens, message);
        false
    }

    /// A suspension leaves its statement, and what is made of it loses the attributes.
    fn refuse_cfg(&mut self, attrs: &[Attribute]) {
        let is_cfg = |attr: &&Attribute| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr");
        if let Some(attr) = attrs.iter().find(is_cfg) {
            self.errors.at(
                attr,
                "`cfg` on a statement that suspends can't be lowered; \
                 write `if cfg!(...) { ... }`, or put the `cfg` on the function",
            );
        }
    }

    /// A macro that we don't read: a suspension in it would never be seen.
    fn refuse_hidden(&mut self, tokens: TokenStream) {
        let mut before: Option<TokenTree> = None;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let is = |token: Option<&TokenTree>, c: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c);
            match &token {
                TokenTree::Group(group) => self.refuse_hidden(group.stream()),
                TokenTree::Ident(ident)
                    if (ident == "yield_" || ident == "yield_from" || ident == "for_await")
                        && is(tokens.peek(), '!') =>
                {
                    self.refuse_in_macro(ident, &format!("`{ident}!`"), &format!("{ident}!(...)"));
                }
                TokenTree::Ident(ident) if ident == "yield" && self.block => {
                    self.refuse_in_macro(ident, "`yield`", "yield ...");
                }
                // An await in an async block or closure is that block's own.
                TokenTree::Ident(ident)
                    if ident == "await"
                        && is(before.as_ref(), '.')
                        && !matches!(self.place, Place::Async | Place::Closure) =>
                {
                    self.refuse_in_macro(ident, "`.await`", "future.await");
                }
                _ => {}
            }
            before = Some(token);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(statement) = stmt
            && block::is_generator(&statement.mac)
        {
            let syn::StmtMacro { attrs, mac, semi_token } = statement.clone();
            *stmt = Stmt::Expr(Expr::Macro(syn::ExprMacro { attrs, mac }), semi_token);
        }
        if let Stmt::Macro(statement) = stmt
            && let Some(mut expr) = self.read(&statement.mac)
        {
            self.refuse_cfg(&statement.attrs);
            visit_mut::visit_expr_mut(self, &mut expr);
            *stmt = Stmt::Expr(expr, statement.semi_token);
            return;
        }
        if let Stmt::Macro(statement) = stmt
            && let Some(spelled) = self.spelled(&statement.mac)
        {
            self.refuse_cfg(&statement.attrs);
            *stmt = spelled.into_stmt(statement.semi_token);
        }
        visit_mut::visit_stmt_mut(self, stmt);
        if walk::stmt_suspends(stmt) {
            let parsed = attributes.parse2(stmt.to_token_stream());
            self.refuse_cfg(&parsed.unwrap_or_default().0);
        }
    }

    fn refuse_in_macro(&mut self, ident: &syn::Ident, what: &str, example: &str) {
        if self.refuse_place(ident, what) {
            self.errors.at(
                ident,
                format!(
                    "{what} inside a macro that isn't one of std's can't be lowered; \
                     bind its value first: `let value = {example};`"
                ),
            );
        }
    }
}

/// What stands in the parentheses of `yield_!` or `yield_from!`.
fn operand(name: &str, input: ParseStream<'_>) -> syn::Result<Expr> {
    let operand = input.parse()?;
    if input.peek(syn::Token![,]) {
        let message =
            format!("`{name}!` takes one value; a tuple has parentheses of its own: `{name}!((a, b))`");
        return Err(input.error(message));
    }
    Ok(operand)
}

impl VisitMut for Marker {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        if self.place == Place::Function {
            pinning::write(block, &self.around);
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        let around = std::mem::replace(&mut self.waits, std_macros::waits(stmt));
        self.stmt(stmt);
        self.waits = around;
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Macro(call) => {
                if let Some(read) = self.read(&call.mac) {
                    self.refuse_cfg(&call.attrs);
                    *expr = read;
                    visit_mut::visit_expr_mut(self, expr);
                    return;
                }
                if let Some(lowered) = self.nested(&call.mac) {
                    *expr = lowered;
                    return;
                }
                if let Some(pin) = self.pinned(&call.mac) {
                    *expr = pin;
                    visit_mut::visit_expr_mut(self, expr);
                    return;
                }
                if let Some(spelled) = self.spelled(&call.mac) {
                    self.refuse_cfg(&call.attrs);
                    *expr = spelled.into_expr();
                }
                visit_mut::visit_expr_mut(self, expr);
            }
            Expr::Yield(yielded) if self.block => {
                self.bare_word(yielded);
                visit_mut::visit_expr_mut(self, expr);
            }
            // A bare word needs parentheses where what it becomes doesn't.
            Expr::Paren(inner) if self.block && matches!(*inner.expr, Expr::Yield(_)) => {
                self.refuse_cfg(&inner.attrs);
                *expr = (*inner.expr).clone();
                self.visit_expr_mut(expr);
            }
            // One of ours has an attribute.
            Expr::Yield(yielded) if yielded.attrs.is_empty() => {
                self.errors.at(
                    yielded.yield_token,
                    "a coroutine yields with a macro, `yield_!(value)`; the bare word is Rust's own, and unstable",
                );
                visit_mut::visit_expr_mut(self, expr);
            }
            Expr::Closure(_) => self.within(Place::Closure, |marker| visit_mut::visit_expr_mut(marker, expr)),
            Expr::Async(_) => self.within(Place::Async, |marker| visit_mut::visit_expr_mut(marker, expr)),
            Expr::Const(_) => self.within(Place::Const, |marker| visit_mut::visit_expr_mut(marker, expr)),
            Expr::Await(awaited) => {
                // An await in an async block or closure is that block's own.
                if self.place == Place::Function && !self.task && !self.asynchronous {
                    let message = if self.block { AWAIT_IN_BLOCK } else { AWAIT_IN_GENERATOR };
                    self.errors.at(awaited.await_token, message);
                } else if self.place == Place::Function && !self.asynchronous {
                    self.errors.at(
                        awaited.await_token,
                        "`.await` in a function that isn't `async`; write `yield_from!(future)`, or `async fn`",
                    );
                } else if !matches!(self.place, Place::Async | Place::Closure) {
                    let token = awaited.await_token;
                    self.refuse_place(token, "`.await`");
                }
                visit_mut::visit_expr_mut(self, expr);
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_pat_guard_mut(&mut self, guarded: &mut syn::PatGuard) {
        self.visit_pat_mut(&mut guarded.pat);
        self.within(Place::Guard, |marker| marker.visit_expr_mut(&mut guarded.guard));
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        let call = if self.place == Place::Function { self.around.call(mac, false) } else { Call::Unknown };
        match call {
            Call::Still | Call::Spelled(_) => {}
            Call::Refused(error) => self.errors.push(error),
            Call::Unknown => self.refuse_hidden(mac.tokens.clone()),
        }
    }

    /// An item in the body is a world of its own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    /// `unused` attributes aside, an attribute on a statement that suspends is not carried along.
    fn visit_attribute_mut(&mut self, _: &mut Attribute) {}
}
