//! The function's own body, beside a machine whose variables are on [loan](crate::loans).
//!
//! The machine takes loans from under the borrow checker, so rustc checks the borrows here, in code that never
//! runs: in an `async` block of its own lowering, or in a closure where a suspension is a call.
//!
//! ```text
//! let proof = Proof::<(), Yielded, Returned>::new();
//! if false {
//!     proof.coroutine(move || { ... proof.yields(Step::yields(value, ())); ... });
//!     loop {}
//! }
//! ```

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Ident, Macro, PatIdent, Stmt, parse_quote_spanned};

mod on_loan;

use self::on_loan::OnLoan;
use crate::codegen;
use crate::exits;
use crate::input::{Function, Kind, mixed};
use crate::names::Names;
use crate::suspension::{self, Wait};
use crate::walk;

/// The body of a function as its suspensions were found.
pub(crate) struct Proof {
    function: Function,
}

impl Proof {
    /// Keeps what rustc will check, if that comes to be needed.
    pub(crate) fn of(marked: &Function) -> Proof {
        Proof { function: marked.clone() }
    }

    /// The statements that the machine stands behind; `proof` is what it takes from them.
    pub(crate) fn write(&self, proof: &Ident, step: &Ident, names: &Names) -> TokenStream {
        let mut body = self.function.body.clone();
        OnLoan::of(names).visit_block_mut(&mut body);
        let words = Words { proof, step };
        Checked { function: &self.function, words }.visit_block_mut(&mut body);
        let itself_changes = self.function.params.iter().any(|param| param.ident == "self" && param.mutable);
        // A name can be bound anew, `self` can't.
        let itself_is_bound =
            itself_changes || names.receiver.is_some_and(|receiver| names.on_loan(receiver));
        if itself_is_bound {
            body = with_receiver(&body);
        }
        let params = self.function.params.iter().zip(&self.function.sig.inputs);
        let bound = params.filter_map(|(param, input)| {
            let value = codegen::argument(input);
            if let Some(pat) = &param.pat {
                return Some(quote_spanned!(mixed()=> let #pat = #value;));
            }
            let mutable = param.mutable.then(|| quote_spanned!(mixed()=> mut));
            let is_self = param.ident == "self";
            let name = if is_self { receiver().into_token_stream() } else { value.clone() };
            (param.mutable || is_self && itself_is_bound)
                .then(|| quote_spanned!(mixed()=> let #mutable #name = #value;))
        });
        // What a block captures is no parameter yet.
        let captured = (self.function.block && itself_is_bound).then(|| {
            let (name, value) = (receiver(), named_self(self.function.body.to_token_stream()));
            quote_spanned!(mixed()=> let #name = #value;)
        });
        let bound: Vec<TokenStream> = captured.into_iter().chain(bound).collect();
        let stmts = ended(body.stmts, words);
        let (method, whole) = match &self.function.kind {
            Kind::Generator { .. } => {
                ("coroutine", quote_spanned!(mixed()=> move || { #(#bound)* #(#stmts)* }))
            }
            _ => ("future", quote_spanned!(mixed()=> async move { #(#bound)* #(#stmts)* })),
        };
        let method = Ident::new(method, mixed());
        let types = self.types();
        quote_spanned! {mixed()=>
            let #proof = ::segue::machine::Proof::<#types>::new();
            if false {
                #proof.#method(#whole);
                loop {}
            }
        }
    }
}

impl Proof {
    /// What the function is sent, yields and returns.
    fn types(&self) -> TokenStream {
        let returned = codegen::nameable(self.function.output());
        match &self.function.kind {
            Kind::Generator { yields, resume } => quote_spanned!(mixed()=> #resume, #yields, #returned),
            Kind::Stream { yields } => quote_spanned!(mixed()=> _, #yields, _),
            Kind::Task => quote_spanned!(mixed()=> _, _, #returned),
        }
    }
}

/// What the proof is called, and what a step ends with.
#[derive(Clone, Copy)]
struct Words<'a> {
    proof: &'a Ident,
    step: &'a Ident,
}

impl Words<'_> {
    /// The two, where the user wrote what they stand for: what is wrong is told there.
    fn at(self, located: Span) -> (Ident, Ident) {
        let at = |ident: &Ident| Ident::new(&ident.to_string(), located);
        (at(self.proof), at(self.step))
    }
}

/// What the body ends with is returned as the machine does it.
fn ended(mut stmts: Vec<Stmt>, words: Words<'_>) -> Vec<Stmt> {
    if let Some(Stmt::Expr(value, None)) = stmts.last_mut()
        && !walk::leaves(value)
        && !matches!(value, Expr::Loop(_) | Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Unsafe(_))
    {
        *value = returned(words, value);
    }
    stmts
}

/// A value as what the machine's step returns.
fn returned(words: Words<'_>, value: &Expr) -> Expr {
    let located = mixed().located_at(value.span());
    let (proof, step) = words.at(located);
    let returned = exits::step_returned(value, &step);
    parse_quote_spanned!(located=> #proof.returns(#returned))
}

/// What a `self` that changes is called: it can't be bound again.
fn receiver() -> Ident {
    Ident::new("this", mixed())
}

/// The first `self` in a block.
fn named_self(tokens: TokenStream) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => named_self(group.stream()),
        TokenTree::Ident(ident) if ident == "self" => Some(TokenTree::Ident(ident)),
        _ => None,
    })
}

fn with_receiver(body: &Block) -> Block {
    let mut body = body.clone();
    Renamed.visit_block_mut(&mut body);
    body
}

/// Calls `self` so.
struct Renamed;

impl VisitMut for Renamed {
    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if path.path.is_ident("self") {
            path.path = receiver().into();
        }
    }

    /// What a macro names that isn't read is bound to a name before it.
    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        if pat.ident == "self" {
            pat.ident = receiver();
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = renamed(std::mem::take(&mut mac.tokens));
    }

    /// A method in it has a `self` of its own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

fn renamed(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut written = TokenStream::new();
    while let Some(token) = tokens.next() {
        let path = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
        written.extend([match token {
            TokenTree::Ident(ident) if ident == "self" && !path => TokenTree::Ident(receiver()),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            token => token,
        }]);
    }
    written
}

/// Writes suspensions as what rustc can check.
struct Checked<'a> {
    function: &'a Function,
    words: Words<'a>,
}

impl Checked<'_> {
    fn suspension(&self, wait: Wait, operand: Option<Expr>, word: Span) -> Expr {
        let located = mixed().located_at(word);
        let (proof, step) = self.words.at(located);
        let operand = operand.unwrap_or_else(|| parse_quote_spanned!(word=> ()));
        match (wait, &self.function.kind) {
            (Wait::YieldFrom, Kind::Generator { yields, resume }) => parse_quote_spanned! {located=>
                #proof.delegates(::segue::machine::delegator::Child::<_, #resume, #yields>::new(#operand).delegate())
            },
            (Wait::YieldFrom, _) => parse_quote_spanned!(located=> #proof.streams(#operand)),
            _ => {
                let yielded = quote_spanned!(located=> #step::yields(#operand, ()));
                parse_quote_spanned!(located=> #proof.yields(#yielded))
            }
        }
    }

    /// `for_await!(item in stream { ... })`
    fn for_await(&self, repeat: &syn::ExprForLoop) -> Expr {
        let syn::ExprForLoop { label, pat, expr, body, .. } = repeat;
        parse_quote_spanned! {mixed()=> {
            let mut stream = ::segue::machine::Streamable::into_stream(#expr);
            #label while let ::core::option::Option::Some(#pat) =
                ::segue::machine::next_item(&mut stream).await.1 #body
        }}
    }
}

impl VisitMut for Checked<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let items_move = walk::block_suspends(block);
        // They stand at the head of the function.
        block.stmts.retain(|stmt| !(items_move && matches!(stmt, Stmt::Item(_))));
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if matches!(expr, Expr::Closure(_) | Expr::Async(_) | Expr::Const(_)) {
            return;
        }
        let wait = suspension::of(expr);
        let word = suspension::at(expr).word;
        let suspends = walk::suspends(expr);
        visit_mut::visit_expr_mut(self, expr);
        let located = mixed().located_at(word);
        match expr {
            Expr::Return(leaving) => {
                let keyword = leaving.return_token;
                let unit = || parse_quote_spanned!(keyword.span=> ());
                let value = leaving.expr.take().map_or_else(unit, |value| *value);
                leaving.expr = Some(Box::new(returned(self.words, &value)));
            }
            Expr::Try(tried) => {
                let located = mixed().located_at(tried.question_token.span);
                let (proof, step) = self.words.at(located);
                let value = &tried.expr;
                *expr = parse_quote_spanned! {located=>
                    match #proof.tried(#step::tried(#value)) {
                        ::core::ops::ControlFlow::Continue(output) => output,
                        ::core::ops::ControlFlow::Break(value) => return value,
                    }
                };
            }
            Expr::Yield(yielded) => {
                let operand = yielded.expr.take().map(|operand| *operand);
                *expr = self.suspension(wait.unwrap_or(Wait::Yield), operand, word);
            }
            Expr::Await(awaits) => {
                awaits.attrs.clear();
                let operand = &awaits.base;
                *awaits.base = parse_quote_spanned!(located=> ::segue::machine::Awaitable::awaited(#operand));
            }
            Expr::ForLoop(repeat) if suspension::awaits_items(repeat) => *expr = self.for_await(repeat),
            Expr::ForLoop(repeat) if suspends => {
                let items = &repeat.expr;
                let located = mixed().located_at(items.span());
                *repeat.expr = parse_quote_spanned!(located=> ::segue::machine::Iterable::into_iter(#items));
            }
            _ => {}
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
