//! Reads the attribute's arguments and the function under it.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt as _;
use syn::parse::{End, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Block, FnArg, Ident, Pat, ReturnType, Signature, Token, Type, Visibility, parse_quote_spanned,
};

use crate::error::Errors;

/// A function to be lowered.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) modifiers: TokenStream,
    pub(crate) sig: Signature,
    pub(crate) kind: Kind,
    pub(crate) params: Vec<Param>,
    pub(crate) body: Block,
    /// It is the block of a `generator!`: it has captures for parameters, and bare words.
    pub(crate) block: bool,
    /// The names by which it delegates to itself.
    pub(crate) itself: Vec<syn::Path>,
    /// `no_loan(a, b)` among the arguments.
    pub(crate) no_loan: Option<NoLoan>,
}

/// The variables that the user says nothing borrows across a suspension.
#[derive(Clone)]
pub(crate) struct NoLoan {
    pub(crate) at: Span,
    pub(crate) names: Vec<Ident>,
}

/// What the function becomes.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(crate) enum Kind {
    /// `#[coroutine(yield = Y, resume = R)]`: a `Coroutine`.
    Generator { yields: Type, resume: Type },
    /// `#[coroutine]`: a `Future`.
    Task,
    /// `#[coroutine(yield = Y)] async fn`: a `Stream`.
    Stream { yields: Type },
}

/// One parameter: `pat` is bound to it when the function begins.
#[derive(Clone)]
pub(crate) struct Param {
    /// What the signature calls it.
    pub(crate) ident: Ident,
    /// The user's pattern, when it is more than a name.
    pub(crate) pat: Option<Pat>,
    pub(crate) mutable: bool,
    pub(crate) ty: Option<Type>,
}

/// Why an item is not lowered, and what stands in for it.
pub(crate) struct Refused {
    /// Nothing where rustc has told of it already.
    pub(crate) error: Option<syn::Error>,
    pub(crate) instead: Instead,
}

pub(crate) enum Instead {
    /// A function of the same signature; its body couldn't be read where `unread` says.
    Function { function: Box<Function>, unread: Option<Span> },
    /// A function whose signature couldn't be read.
    Unread(TokenStream, Span),
    /// The item as it is.
    Item(TokenStream),
    /// An expression or a statement: the error is enough.
    Nothing,
}

impl Function {
    pub(crate) fn is_task(&self) -> bool {
        matches!(self.kind, Kind::Task)
    }

    /// Is it sent nothing, since nothing can be sent to it?
    pub(crate) fn is_polled(&self) -> bool {
        matches!(self.kind, Kind::Task | Kind::Stream { .. })
    }

    /// Does it delegate to itself?
    pub(crate) fn is_recursive(&self) -> bool {
        !self.itself.is_empty()
    }

    /// The type the body evaluates to.
    pub(crate) fn output(&self) -> Type {
        match &self.sig.output {
            ReturnType::Default => parse_quote_spanned!(mixed()=> ()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        }
    }
}

/// The span of all that is not the user's own.
pub(crate) fn mixed() -> Span {
    Span::mixed_site()
}

/// Where a piece of syntax begins.
pub(crate) fn first_span(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(mixed, |token| token.span())
}

/// Where its last token stands.
pub(crate) fn last_span(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().last().map_or_else(mixed, |token| token.span())
}

/// `true` for `()`.
pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

pub(crate) struct Arguments {
    pub(crate) yields: Option<Type>,
    pub(crate) resume: Option<Type>,
    /// Only at the head of a block: a function has a signature that says it.
    pub(crate) returns: Option<Type>,
    pub(crate) no_loan: Option<NoLoan>,
}

/// The arguments as far as they can be read: the function keeps a kind, and so what uses it isn't a
/// mistake as well.
fn read_arguments(tokens: TokenStream, errors: &mut Errors) -> Arguments {
    let mut arguments = read(tokens, false, errors);
    if let (None, Some(resume)) = (&arguments.yields, &arguments.resume) {
        errors.at(
            resume,
            "a coroutine that is sent values must say what it yields: \
             `#[segue::coroutine(yield = (), resume = ...)]`",
        );
        arguments.yields = Some(parse_quote_spanned!(mixed()=> ()));
    }
    arguments
}

/// What stands at the head of a block. All of it may be left out.
pub(crate) fn read_head(tokens: TokenStream, errors: &mut Errors) -> Arguments {
    read(tokens, true, errors)
}

fn read(tokens: TokenStream, block: bool, errors: &mut Errors) -> Arguments {
    let mut arguments = Arguments { yields: None, resume: None, returns: None, no_loan: None };
    let mut read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let start = input.fork();
            let read = arguments.one(input, block, errors).and_then(|()| comma(input));
            if let Err(error) = read {
                errors.push(error);
                let meant = likely_type(&start);
                arguments
                    .yields
                    .get_or_insert_with(|| meant.unwrap_or_else(|| parse_quote_spanned!(mixed()=> ())));
                let _rest: TokenStream = input.parse()?;
            }
        }
        Ok(())
    };
    if let Err(error) = (|input: ParseStream<'_>| read(input)).parse2(tokens) {
        errors.push(error);
    }
    arguments
}

/// The type in `u32`, `yields = u32` or `yield: u32`.
fn likely_type(input: ParseStream<'_>) -> Option<Type> {
    let named = input.peek2(Token![=]) || (input.peek2(Token![:]) && !input.peek2(Token![::]));
    if named {
        input.parse::<TokenTree>().ok()?;
        input.parse::<TokenTree>().ok()?;
    }
    input.parse().ok()
}

fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() { Ok(()) } else { input.parse::<Token![,]>().map(drop) }
}

impl Arguments {
    fn one(&mut self, input: ParseStream<'_>, block: bool, errors: &mut Errors) -> syn::Result<()> {
        let span = input.span();
        if input.peek(Ident) && input.fork().parse::<Ident>()? == "no_loan" {
            return self.read_no_loan(input, errors);
        }
        let (name, slot) = if input.peek(Token![yield]) {
            input.parse::<Token![yield]>()?;
            ("yield", &mut self.yields)
        } else if input.peek(Ident) && input.fork().parse::<Ident>()? == "resume" {
            input.parse::<Ident>()?;
            ("resume", &mut self.resume)
        } else if block && input.peek(Token![return]) {
            input.parse::<Token![return]>()?;
            ("return", &mut self.returns)
        } else {
            let expected = match block {
                true => {
                    "expected `yield = Type`, `resume = Type` or `return = Type`, \
                     as in `generator! { (yield = u32, resume = i64, return = bool) ... }`"
                }
                false => {
                    "expected `yield = Type`, `resume = Type` or `no_loan(variables)`, as in `#[segue::coroutine(yield = u32, resume = i64)]`"
                }
            };
            return Err(syn::Error::new(span, expected));
        };
        if !input.peek(Token![=]) || input.peek2(End) {
            return Err(syn::Error::new(span, format!("`{name}` needs a type: `{name} = Type`")));
        }
        input.parse::<Token![=]>()?;
        let at = input.span();
        let ty = input
            .parse()
            .map_err(|_| syn::Error::new(at, format!("`{name}` needs a type: `{name} = Type`")))?;
        if slot.is_some() {
            errors.push(syn::Error::new(span, format!("`{name}` is given twice; say it once")));
        } else {
            *slot = Some(ty);
        }
        Ok(())
    }

    /// `no_loan(a, b)`
    fn read_no_loan(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let word: Ident = input.parse()?;
        let names;
        if !input.peek(syn::token::Paren) {
            return Err(syn::Error::new(word.span(), "`no_loan` names variables: `no_loan(a, b)`"));
        }
        syn::parenthesized!(names in input);
        let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(&names, Ident::parse_any)?;
        if self.no_loan.is_some() {
            errors
                .push(syn::Error::new(word.span(), "`no_loan` is given twice; say it once: `no_loan(a, b)`"));
        }
        self.no_loan = Some(NoLoan { at: word.span(), names: names.into_iter().collect() });
        Ok(())
    }
}

/// What stands before a function, and what follows it.
struct Item {
    attrs: Vec<Attribute>,
    vis: Visibility,
    modifiers: TokenStream,
    function: TokenStream,
}

/// `Err` is what stands there in place of a function.
fn read_item(item: TokenStream) -> syn::Result<Result<Item, TokenStream>> {
    let parser = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let modifiers = input.parse::<Option<Token![default]>>()?.to_token_stream();
        let is_function = is_function(&input.fork())?;
        let function: TokenStream = input.parse()?;
        Ok(if is_function { Ok(Item { attrs, vis, modifiers, function }) } else { Err(function) })
    };
    parser.parse2(item)
}

/// Whatever may stand before a `fn`, and then a `fn`.
fn is_function(input: ParseStream<'_>) -> syn::Result<bool> {
    while !input.is_empty() && !input.peek(Token![fn]) {
        let qualifies = input.peek(Token![const])
            || input.peek(Token![async])
            || input.peek(Token![unsafe])
            || input.peek(Token![extern])
            || input.peek(syn::LitStr)
            || (input.peek(Ident) && input.fork().parse::<Ident>()? == "safe");
        if !qualifies {
            return Ok(false);
        }
        input.parse::<TokenTree>()?;
    }
    Ok(input.peek(Token![fn]))
}

/// The attributes before something, and the rest of it.
pub(crate) fn attributes(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, TokenStream)> {
    Ok((input.call(Attribute::parse_outer)?, input.parse()?))
}

/// The signature; the body apart, so that a mistake in it leaves the signature.
fn signature(input: ParseStream<'_>) -> syn::Result<(Signature, TokenStream)> {
    Ok((input.parse()?, input.parse()?))
}

/// Refuses what isn't a function at all.
fn not_a_function(item: TokenStream, found: &TokenStream) -> Refused {
    let message = "`#[segue::coroutine]` goes on a function or a method with a body";
    let first = found.clone().into_iter().next();
    let word = first.as_ref().map(ToString::to_string).unwrap_or_default();
    let (message, instead) = match word.as_str() {
        "impl" | "trait" | "unsafe" => {
            (format!("{message}: put it on the methods in here"), Instead::Item(item))
        }
        "|" | "move" | "static" | "async" | "let" | "{" => {
            (format!("{message}: write a function in place of a closure or a block"), Instead::Nothing)
        }
        _ => (message.to_owned(), Instead::Item(item)),
    };
    let error = syn::Error::new(first.map_or_else(Span::call_site, |token| token.span()), message);
    Refused { error: Some(error), instead }
}

/// Reads both, and refuses what can't be a coroutine at all.
///
/// What syn can't read rustc couldn't either, and has told so before it called the macro; should it
/// know more of the language than syn does, it tells by the lint of [`Instead`]'s stand-in.
pub(crate) fn parse(arguments: TokenStream, item: TokenStream) -> Result<Function, Refused> {
    let unread =
        |error: syn::Error| Refused { error: None, instead: Instead::Unread(item.clone(), error.span()) };
    let Item { attrs, vis, modifiers, function } = match read_item(item.clone()).map_err(unread)? {
        Ok(item) => item,
        Err(found) => return Err(not_a_function(item, &found)),
    };
    let (mut sig, body) = signature.parse2(function).map_err(unread)?;
    let mut errors = Errors::default();
    let arguments = read_arguments(arguments, &mut errors);
    let attrs = refuse_twice(attrs, &mut errors);
    refuse_signature(&mut sig, &arguments, &mut errors);
    let params = params(&mut sig, &mut errors);
    let (body, unread) = match without_body(&sig, &body) {
        Some(error) => {
            return Err(Refused { error: Some(error), instead: Instead::Item(item) });
        }
        None => match parse_body(body) {
            Ok(body) => (body, None),
            Err(error) => (parse_quote_spanned!(mixed()=> {}), Some(error.span())),
        },
    };
    let function = Function {
        attrs,
        vis,
        modifiers,
        no_loan: arguments.no_loan.clone(),
        kind: kind(arguments, sig.asyncness.is_some()),
        sig,
        params,
        body,
        block: false,
        itself: Vec::new(),
    };
    match errors.finish() {
        Ok(()) if unread.is_none() => Ok(function),
        result => Err(Refused {
            error: result.err(),
            instead: Instead::Function { function: Box::new(function), unread },
        }),
    }
}

fn without_body(sig: &Signature, body: &TokenStream) -> Option<syn::Error> {
    let semicolon =
        matches!(body.clone().into_iter().next(), Some(TokenTree::Punct(end)) if end.as_char() == ';');
    semicolon.then(|| {
        syn::Error::new_spanned(
            &sig.ident,
            "this function has no body to lower; in a trait, declare it as \
             `-> impl segue::Coroutine<...>` or `-> impl Future<...>` and put the attribute on the method of the impl",
        )
    })
}

/// The attribute once more on the same function.
fn refuse_twice(mut attrs: Vec<Attribute>, errors: &mut Errors) -> Vec<Attribute> {
    attrs.retain(|attr| {
        let again = attr.path().segments.last().is_some_and(|last| last.ident == "coroutine");
        if again {
            errors.at(attr, "`#[segue::coroutine]` is given twice; say it once");
        }
        !again
    });
    attrs
}

fn parse_body(body: TokenStream) -> syn::Result<Block> {
    syn::parse2(body)
}

fn kind(arguments: Arguments, asynchronous: bool) -> Kind {
    match arguments.yields {
        Some(yields) if asynchronous => Kind::Stream { yields },
        Some(yields) => {
            let resume = arguments.resume.unwrap_or_else(|| parse_quote_spanned!(mixed()=> ()));
            Kind::Generator { yields, resume }
        }
        None => Kind::Task,
    }
}

/// Refuses what a coroutine can't be, and leaves it out of the function that stands in.
fn refuse_signature(sig: &mut Signature, arguments: &Arguments, errors: &mut Errors) {
    if let Some(token) = sig.constness.take() {
        errors.at(token, "a coroutine can't be a `const fn`; leave out the `const`");
    }
    if let Some(abi) = sig.abi.take() {
        errors.at(abi, "a coroutine can't have a foreign ABI; leave out the `extern`");
    }
    if let Some(variadic) = sig.variadic.take() {
        errors.at(variadic, "a coroutine can't be variadic; take a slice");
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        errors.at(token, "an `unsafe fn` can't be lowered yet; wrap a safe coroutine in an unsafe function");
    }
    if sig.asyncness.is_some() && arguments.yields.is_some() {
        refuse_async_generator(sig, arguments, errors);
    }
}

/// A stream is sent nothing and returns nothing.
fn refuse_async_generator(sig: &mut Signature, arguments: &Arguments, errors: &mut Errors) {
    if let Some(resume) = &arguments.resume {
        errors.at(
            resume,
            "an async generator is a `Stream`, which is sent nothing; leave out the `resume = ...`, \
             and await what is to come in, from a channel or a queue",
        );
    }
    if let ReturnType::Type(_, output) = &sig.output
        && !is_unit(output)
    {
        errors.at(
            output,
            "an async generator is a `Stream`, which returns nothing; yield it as the last item, \
             and what can fail as an item too: `yield = Result<T, E>`",
        );
        sig.output = ReturnType::Default;
    }
}

/// Gives every parameter a name in the signature; patterns are bound when the function begins, and
/// so are the names that come after one: as an `async fn` does, which tells in the order of drops.
fn params(sig: &mut Signature, errors: &mut Errors) -> Vec<Param> {
    let mut params: Vec<Param> = Vec::new();
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let patterns = params.iter().any(|param| param.pat.is_some());
        match input {
            FnArg::Receiver(receiver) => {
                params.push(Param {
                    ident: Ident::new("self", receiver.self_token.span),
                    pat: None,
                    mutable: receiver.mutability.take().is_some(),
                    ty: receiver_type(receiver),
                });
            }
            FnArg::Typed(typed) => {
                if let Some(attr) = typed.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
                    errors
                        .at(attr, "a parameter under `cfg` can't be lowered; put the `cfg` on the function");
                    *typed.pat = parse_quote_spanned!(mixed()=> _);
                    continue;
                }
                let ty = Some((*typed.ty).clone());
                let param = match &mut *typed.pat {
                    Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                        let ident = pat.ident.clone();
                        let user = Pat::Ident(pat.clone());
                        let mutable = pat.mutability.take().is_some();
                        if patterns {
                            Param { ident, pat: Some(user), mutable: false, ty }
                        } else {
                            Param { ident, pat: None, mutable, ty }
                        }
                    }
                    pat => {
                        let ident = format_ident!("arg{}", index, span = mixed());
                        let user = std::mem::replace(pat, parse_ident_pat(&ident));
                        Param { ident, pat: Some(user), mutable: false, ty }
                    }
                };
                params.push(param);
            }
        }
    }
    params
}

fn parse_ident_pat(ident: &Ident) -> Pat {
    Pat::Ident(syn::PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: ident.clone(),
        subpat: None,
    })
}

/// The type of `&self` and `&mut self`; that of `self` isn't known here.
fn receiver_type(receiver: &syn::Receiver) -> Option<Type> {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, _, None) => Some(parse_quote_spanned!(mixed()=> &Self)),
        syn::ReceiverKind::Reference(_, _, Some(_)) => Some(parse_quote_spanned!(mixed()=> &mut Self)),
        syn::ReceiverKind::Typed(_, ty) => Some((**ty).clone()),
        _ => None,
    }
}
