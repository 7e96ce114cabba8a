//! Spells out the calls of std's macros whose arguments suspend, so that what suspends is an operand.
//!
//! Each is written as std's own definition evaluates it, and the macro itself stays in the middle: it
//! is called once its operands are there, by the user's own name for it.
//!
//! ```text
//! println!("{} {x}", yield_!(1));    match &yield_!(1) { arg => println!("{} {x}", *arg) };
//! assert!(yield_!(2) > x);           { let held = yield_!(2) > x; assert!(held, "assertion failed: ...") };
//! vec![a, yield_!(3)]                match (a, yield_!(3)) { (item, item2) => vec![item, item2] }
//! ```
//!
//! The same is done where an argument leaves by `?`, `return` or `break`: later passes look for those, and
//! not in the tokens of a macro.
//!
//! A macro is known by its name. One of the same name that the user defines outside of the function is
//! taken for std's: an attribute sees nothing but the function that it stands on.

mod finder;
mod message;

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Block, Expr, Ident, Macro, Stmt, Token, parse_quote_spanned};

use self::finder::suspends;
pub(crate) use self::finder::waits;
use self::message::{Message, Shown, comma};
use crate::input::{first_span, mixed};
use crate::{arguments, operands, walk};

/// What a macro call is to the walk that finds suspensions.
pub(crate) enum Call {
    /// Not one of std's, or not written as one is.
    Unknown,
    /// One of std's, in which nothing suspends.
    Still,
    /// One of std's that suspends, spelled out.
    Spelled(Spelled),
    /// One of std's in which nothing can suspend.
    Refused(syn::Error),
}

/// A macro call as an expression.
pub(crate) struct Spelled {
    expr: Expr,
    /// It is a statement of its own, whose temporaries end with it.
    statement: bool,
}

impl Spelled {
    fn value(expr: Expr) -> Spelled {
        Spelled { expr, statement: false }
    }

    pub(crate) fn into_expr(self) -> Expr {
        if self.statement { block(vec![self.into_stmt(None)]) } else { self.expr }
    }

    pub(crate) fn into_stmt(self, semi: Option<Token![;]>) -> Stmt {
        let ends = || Token![;](mixed());
        Stmt::Expr(self.expr, semi.or_else(|| self.statement.then(ends)))
    }
}

/// What is known of the function around the calls.
#[derive(Default)]
pub(crate) struct Surroundings {
    /// The macros that the function defines.
    own: HashSet<String>,
    /// All identifiers, those in string literals too.
    taken: HashSet<String>,
}

impl Surroundings {
    pub(crate) fn of(signature: &impl ToTokens, body: &Block) -> Surroundings {
        let mut surroundings = Surroundings::default();
        surroundings.visit_block(body);
        surroundings.collect(signature.to_token_stream());
        surroundings.collect(body.to_token_stream());
        surroundings
    }

    fn collect(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.collect(group.stream()),
                TokenTree::Punct(_) => {}
                token => self.taken.extend(walk::words(&token.to_string()).map(str::to_owned)),
            }
        }
    }

    /// Does the function define a macro of this name?
    pub(crate) fn defines(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// A name that means nothing else in the function, and is none of these.
    pub(crate) fn free(&self, role: &str, others: &[Ident], span: Span) -> Ident {
        let is_free = |name: &String| !self.taken.contains(name) && others.iter().all(|known| known != name);
        let numbered = (2..).map(|number| format!("{role}{number}"));
        let free = std::iter::once(role.to_owned()).chain(numbered).find(is_free);
        Ident::new(&free.expect("numbers don't end"), span)
    }

    /// What the call is, if it is one of std's.
    ///
    /// If something suspends `beside` it, in its statement, its temporaries have to be seen.
    pub(crate) fn call(&self, mac: &Macro, beside: bool) -> Call {
        let Some(kind) = self.kind(mac) else { return Call::Unknown };
        let call = Spelling { around: self, mac, beside, operands: Vec::new() };
        match (|input: ParseStream<'_>| call.read(kind, input)).parse2(mac.tokens.clone()) {
            Ok(call) => call,
            // rustc says what is wrong with it; a suspension in it isn't seen.
            Err(_) => Call::Unknown,
        }
    }

    fn kind(&self, mac: &Macro) -> Option<Kind> {
        let segments = &mac.path.segments;
        let first = segments.first()?.ident.to_string();
        let name = segments.last()?.ident.to_string();
        if let Some(kind) = Kind::returning(&name) {
            return Some(kind);
        }
        match segments.len() {
            1 if !self.own.contains(&name) => Kind::of(&name),
            2 if matches!(&*first, "std" | "core" | "alloc") => Kind::of(&name),
            _ => None,
        }
    }
}

impl Visit<'_> for Surroundings {
    fn visit_item_macro(&mut self, item: &syn::ItemMacro) {
        self.own.extend(item.ident.as_ref().map(Ident::to_string));
    }
}

/// How a macro evaluates its arguments.
#[derive(Clone, Copy)]
enum Kind {
    /// A statement: a format string and what it shows.
    Print,
    /// A block: the same.
    Format,
    /// The same, of which nothing but the macro around it can make use.
    FormatArgs,
    /// What is written to, as a method is called on it, and then the same.
    Write,
    /// A condition, and a message that is made if it doesn't hold.
    Assert {
        debug: bool,
    },
    /// Two values that are looked at, and such a message.
    Compare {
        debug: bool,
    },
    Vec,
    Dbg,
    Matches,
    /// `bail!`: it expands to a `return`.
    Bail,
    /// `ensure!`: it may.
    Ensure,
}

impl Kind {
    /// Of a macro that returns from the function, by the name that crates for errors give it.
    fn returning(name: &str) -> Option<Kind> {
        match name {
            "bail" | "whatever" | "throw" => Some(Kind::Bail),
            name if name.starts_with("ensure") => Some(Kind::Ensure),
            _ => None,
        }
    }

    fn of(name: &str) -> Option<Kind> {
        Some(match name {
            "print" | "println" | "eprint" | "eprintln" => Kind::Print,
            "format" | "panic" | "todo" | "unimplemented" | "unreachable" => Kind::Format,
            "format_args" => Kind::FormatArgs,
            "write" | "writeln" => Kind::Write,
            "assert" => Kind::Assert { debug: false },
            "debug_assert" => Kind::Assert { debug: true },
            "assert_eq" | "assert_ne" => Kind::Compare { debug: false },
            "debug_assert_eq" | "debug_assert_ne" => Kind::Compare { debug: true },
            "vec" => Kind::Vec,
            "dbg" => Kind::Dbg,
            "matches" => Kind::Matches,
            _ => return None,
        })
    }
}

/// Writes one call.
struct Spelling<'a> {
    around: &'a Surroundings,
    mac: &'a Macro,
    /// Something suspends in the statement that it stands in.
    beside: bool,
    /// What is evaluated before the macro is called, and the names that it gets.
    operands: Vec<(Ident, Expr)>,
}

impl Spelling<'_> {
    fn read(mut self, kind: Kind, input: ParseStream<'_>) -> syn::Result<Call> {
        let spelled = match kind {
            Kind::Print | Kind::Format | Kind::FormatArgs => self.format(kind, Message::parse(input)?),
            Kind::Write => self.write(input)?,
            Kind::Assert { debug } => self.assert(debug, input)?,
            Kind::Compare { debug } => self.compare(debug, input)?,
            Kind::Vec => self.vec(input)?,
            Kind::Dbg => self.dbg(&input.parse_terminated(Expr::parse, Token![,])?),
            Kind::Matches => self.matches(input)?,
            Kind::Bail | Kind::Ensure => self.returning(kind, input)?,
        };
        Ok(spelled)
    }

    fn format(&mut self, kind: Kind, message: Message) -> Call {
        if !message.suspends() {
            return Call::Still;
        }
        let called = self.shown(message).to_token_stream();
        match kind {
            Kind::Print => Call::Spelled(Spelled { expr: self.call(called), statement: true }),
            Kind::FormatArgs => self.refused(
                "a suspension or a `?` in `format_args!` can't be lowered: what it gives borrows its arguments; \
                 bind the value with a `let` first, or use `format!`",
            ),
            _ => {
                let call = self.call(called);
                Call::Spelled(Spelled::value(block(vec![Stmt::Expr(call, None)])))
            }
        }
    }

    fn write(&mut self, input: ParseStream<'_>) -> syn::Result<Call> {
        let to: Expr = input.parse()?;
        comma(input)?;
        let message = Message::parse(input)?;
        let shows = message.shown.iter().any(|shown| self.shows_temporary(&shown.expr));
        if !suspends(&to) && !message.suspends() && !shows && !self.leaves(&to) {
            return Ok(Call::Still);
        }
        let still = match &to {
            Expr::Reference(reference) => walk::is_still_place(&reference.expr),
            to => walk::is_still_place(to),
        };
        let to = if still { to } else { self.operand("out", borrowed(to, true), true) };
        let message = self.shown(message);
        Ok(Call::Spelled(Spelled::value(self.call(quote!(#to, #message)))))
    }

    fn assert(&mut self, debug: bool, input: ParseStream<'_>) -> syn::Result<Call> {
        let cond: Expr = input.parse()?;
        comma(input)?;
        let message = Message::parse(input)?;
        let told = message.suspends();
        if !suspends(&cond) && !told {
            return Ok(Call::Still);
        }
        let held = self.fresh("held");
        let checked = if told {
            let message = self.shown(message);
            let mut fails: syn::ExprIf = parse_quote_spanned!(mixed()=> if !#held {});
            fails.then_branch.stmts = vec![statement(self.call(quote!(#held, #message)))];
            Expr::If(fails)
        } else if message.format.is_none() {
            let failed = failed(&text(self.mac, &cond, true));
            self.call(quote!(#held, #failed))
        } else {
            self.call(quote!(#held, #message))
        };
        let expr = block(vec![bound(&held, cond), statement(checked)]);
        Ok(Call::Spelled(Spelled::value(if debug { when_debugged(expr) } else { expr })))
    }

    fn compare(&mut self, debug: bool, input: ParseStream<'_>) -> syn::Result<Call> {
        let left: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        let right: Expr = input.parse()?;
        comma(input)?;
        let message = Message::parse(input)?;
        if message.suspends() {
            return Ok(self.refused(
                "a suspension or a `?` in the message of a comparison can't be lowered; \
                 write `if left != right { panic!(...) }`, or bind the value with a `let` first",
            ));
        }
        let shows = [&left, &right].into_iter().any(|side| self.shows_temporary(side));
        if !suspends(&left) && !suspends(&right) && !shows {
            return Ok(Call::Still);
        }
        let (left, right) = (self.looked_at("left", left), self.looked_at("right", right));
        let message = message.format.is_some().then(|| quote!(, #message));
        let expr = self.call(quote!(#left, #right #message));
        Ok(Call::Spelled(Spelled::value(if debug { when_debugged(expr) } else { expr })))
    }

    fn vec(&mut self, input: ParseStream<'_>) -> syn::Result<Call> {
        if input.is_empty() {
            return Ok(Call::Still);
        }
        let first: Expr = input.parse()?;
        if let Some(semi) = input.parse::<Option<Token![;]>>()? {
            let len: Expr = input.parse()?;
            if !self.counts(&first) && !self.counts(&len) {
                return Ok(Call::Still);
            }
            let (first, len) = (self.taken("item", first), self.taken("len", len));
            return Ok(Call::Spelled(Spelled::value(self.call(quote!(#first #semi #len)))));
        }
        comma(input)?;
        let rest = input.parse_terminated(Expr::parse, Token![,])?;
        let items: Vec<Expr> = std::iter::once(first).chain(rest).collect();
        if !items.iter().any(|item| self.counts(item)) {
            return Ok(Call::Still);
        }
        let items: Vec<Expr> = items.into_iter().map(|item| self.taken("item", item)).collect();
        Ok(Call::Spelled(Spelled::value(self.call(quote!(#(#items),*)))))
    }

    /// The text names the user's own expression, and the place is that of the macro.
    fn dbg(&mut self, values: &Punctuated<Expr, Token![,]>) -> Call {
        if !values.iter().any(|value| self.counts(value)) {
            return Call::Still;
        }
        let name = self.fresh("value");
        let at = first_span(&self.mac.path);
        let shown = values.iter().map(|value| {
            let text = text(self.mac, value, values.len() == 1);
            let place = quote_spanned!(at=> ::core::file!(), ::core::line!(), ::core::column!());
            let told: Expr = parse_quote_spanned! {mixed()=> {
                ::std::eprintln!("[{}:{}:{}] {} = {:#?}", #place, #text, &&#name);
                #name
            }};
            bound_in(value.clone(), &name.to_token_stream(), told)
        });
        Call::Spelled(Spelled::value(one_or_tuple(shown)))
    }

    /// What a `return` in a macro leaves is only known in the block that it leaves: an `async` block, which
    /// isn't ready if it goes on.
    fn returning(&mut self, kind: Kind, input: ParseStream<'_>) -> syn::Result<Call> {
        let tokens: TokenStream = input.parse()?;
        if finder::hides(tokens.clone(), false) {
            return Ok(Call::Unknown);
        }
        let call = self.call(tokens);
        let at = mixed().located_at(first_span(&self.mac.path));
        let expr = match kind {
            Kind::Bail => parse_quote_spanned!(at=> return ::segue::machine::returned(async { #call })),
            _ => parse_quote_spanned! {at=>
                if let ::core::option::Option::Some(returned) =
                    ::segue::machine::returned_early(async { #call; ::core::future::pending().await })
                {
                    return returned
                }
            },
        };
        Ok(Call::Spelled(Spelled { expr, statement: matches!(kind, Kind::Ensure) }))
    }

    fn matches(&mut self, input: ParseStream<'_>) -> syn::Result<Call> {
        let value: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        let mut pattern: Vec<TokenTree> = input.parse::<TokenStream>()?.into_iter().collect();
        if matches!(pattern.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',') {
            pattern.pop();
        }
        let mut select: syn::ExprMatch = syn::parse2(quote_spanned! {mixed()=>
            match () { #(#pattern)* => true, _ => false }
        })?;
        *select.expr = value;
        let looked_at = self.shows_temporary(&select.expr);
        let select = Expr::Match(select);
        Ok(if looked_at || suspends(&select) { Call::Spelled(Spelled::value(select)) } else { Call::Still })
    }

    /// Does an argument suspend, or leave temporaries where they matter?
    fn counts(&self, argument: &Expr) -> bool {
        suspends(argument) || self.leaves(argument)
    }

    fn leaves(&self, argument: &Expr) -> bool {
        self.beside && operands::makes_temporaries(argument)
    }

    /// Is an argument that is borrowed a temporary, where that matters?
    fn shows_temporary(&self, argument: &Expr) -> bool {
        self.beside && makes_temporaries_when_shown(argument)
    }

    /// What a message shows is borrowed, in order.
    fn shown(&mut self, message: Message) -> Message {
        let Message { format, shown } = message;
        let shown = shown.into_iter().map(|Shown { name, expr }| {
            let expr = self.looked_at("arg", expr);
            Shown { name, expr }
        });
        let shown = shown.collect();
        Message { format, shown }
    }

    /// An argument that is borrowed. A place that is found without running anything stays in the call.
    fn looked_at(&mut self, role: &str, expr: Expr) -> Expr {
        if matches!(expr, Expr::Lit(_)) || walk::is_still_place(&expr) {
            return expr;
        }
        self.operand(role, borrowed(expr, false), true)
    }

    /// An argument that is taken by value.
    fn taken(&mut self, role: &str, expr: Expr) -> Expr {
        if matches!(expr, Expr::Lit(_)) {
            return expr;
        }
        self.operand(role, expr, false)
    }

    fn operand(&mut self, role: &str, expr: Expr, borrowed: bool) -> Expr {
        let name = self.fresh(role);
        self.operands.push((name.clone(), expr));
        if borrowed { parse_quote_spanned!(mixed()=> *#name) } else { parse_quote_spanned!(mixed()=> #name) }
    }

    /// A name that means nothing else in the function.
    fn fresh(&self, role: &str) -> Ident {
        let names: Vec<Ident> = self.operands.iter().map(|(name, _)| name.clone()).collect();
        self.around.free(role, &names, mixed())
    }

    /// The user's macro, called with these arguments where the operands are there.
    fn call(&mut self, tokens: TokenStream) -> Expr {
        let mac = Macro { tokens, ..self.mac.clone() };
        let called = Expr::Macro(syn::ExprMacro { attrs: Vec::new(), mac });
        let (names, operands): (Vec<_>, Vec<_>) = std::mem::take(&mut self.operands).into_iter().unzip();
        match &names[..] {
            [] => called,
            [name] => bound_in(one_or_tuple(operands), &name.to_token_stream(), called),
            _ => bound_in(one_or_tuple(operands), &quote_spanned!(mixed()=> (#(#names),*)), called),
        }
    }

    fn refused(&self, message: &str) -> Call {
        Call::Refused(syn::Error::new_spanned(&self.mac.path, message))
    }
}

/// Does a call of one of std's macros make temporaries that live on when it has its value?
pub(crate) fn leaves_temporaries(mac: &Macro) -> bool {
    let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
    match name.as_deref() {
        Some("vec" | "dbg") => arguments::of(mac).iter().any(operands::makes_temporaries),
        Some("write" | "writeln") => arguments::of(mac).iter().any(makes_temporaries_when_shown),
        Some("matches") => first_argument(mac).as_ref().is_some_and(makes_temporaries_when_shown),
        _ => false,
    }
}

/// Does borrowing this argument make a temporary, or evaluating it?
fn makes_temporaries_when_shown(argument: &Expr) -> bool {
    let is_place = matches!(argument, Expr::Lit(_)) || walk::is_place(argument);
    !is_place || operands::makes_temporaries(argument)
}

/// What stands before the first comma, if it is an expression.
fn first_argument(mac: &Macro) -> Option<Expr> {
    let first = |input: ParseStream<'_>| {
        let value = input.parse()?;
        input.parse::<TokenStream>().map(|_| value)
    };
    first.parse2(mac.tokens.clone()).ok()
}

/// An argument as the user wrote it, as far as that can be seen: of the `only` one it can.
pub(crate) fn text(mac: &Macro, argument: &impl ToTokens, only: bool) -> String {
    let span = match &mac.delimiter {
        syn::MacroDelimiter::Paren(paren) => paren.span.join(),
        syn::MacroDelimiter::Brace(brace) => brace.span.join(),
        syn::MacroDelimiter::Bracket(bracket) => bracket.span.join(),
    };
    let written = span.source_text().filter(|text| only && !text.contains("//") && !text.contains("/*"));
    let inner = written.as_deref().and_then(|text| text.get(1..text.len().checked_sub(1)?));
    inner.map_or_else(|| argument.to_token_stream().to_string(), one_line)
}

/// The text of an only argument without its line breaks and the comma after it.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").replace("( ", "(").replace(", )", ")").replace(" )", ")").replace(" .", ".");
    text.trim_end_matches(',').to_owned()
}

/// What `assert!` says by itself.
pub(crate) fn failed(cond: &str) -> TokenStream {
    let text = format!("assertion failed: {cond}");
    if text.contains(['{', '}']) { quote!("{}", #text) } else { quote!(#text) }
}

fn when_debugged(expr: Expr) -> Expr {
    let mut when: syn::ExprIf = parse_quote_spanned!(mixed()=> if ::core::cfg!(debug_assertions) {});
    when.then_branch.stmts = vec![statement(expr)];
    Expr::If(when)
}

// What the user wrote is put into the tree, not into tokens: there it would be read anew, by the
// precedence of what is around it.

fn statement(expr: Expr) -> Stmt {
    Stmt::Expr(expr, Some(Token![;](mixed())))
}

fn block(stmts: Vec<Stmt>) -> Expr {
    let mut block: syn::ExprBlock = parse_quote_spanned!(mixed()=> {});
    block.block.stmts = stmts;
    Expr::Block(block)
}

fn borrowed(expr: Expr, mutable: bool) -> Expr {
    let mut reference: syn::ExprReference =
        if mutable { parse_quote_spanned!(mixed()=> &mut ()) } else { parse_quote_spanned!(mixed()=> &()) };
    *reference.expr = expr;
    Expr::Reference(reference)
}

/// `let name = value;`
pub(crate) fn bound(name: &Ident, value: Expr) -> Stmt {
    let mut local: Stmt = parse_quote_spanned!(mixed()=> let #name = (););
    if let Stmt::Local(syn::Local { init: Some(init), .. }) = &mut local {
        *init.expr = value;
    }
    local
}

/// `match value { pattern => body }`: what `value` makes on the way is still there in `body`.
fn bound_in(value: Expr, pattern: &TokenStream, body: Expr) -> Expr {
    let mut select: syn::ExprMatch = parse_quote_spanned!(mixed()=> match () { #pattern => () });
    *select.expr = value;
    select.arms.iter_mut().for_each(|arm| *arm.body = body.clone());
    Expr::Match(select)
}

fn one_or_tuple(values: impl IntoIterator<Item = Expr>) -> Expr {
    let mut values: Punctuated<Expr, Token![,]> = values.into_iter().collect();
    if values.len() == 1
        && let Some(last) = values.pop()
    {
        return last;
    }
    tuple(values)
}

/// `(a, b)`, or `(a,)`
pub(crate) fn tuple(values: impl IntoIterator<Item = Expr>) -> Expr {
    let mut tuple: syn::ExprTuple = parse_quote_spanned!(mixed()=> ());
    tuple.elems.extend(values);
    if tuple.elems.len() == 1 {
        tuple.elems.push_punct(Token![,](mixed()));
    }
    Expr::Tuple(tuple)
}
