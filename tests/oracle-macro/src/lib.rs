//! The oracle's side of the differential tests.
//!
//! `#[lowered]` stands where segue's own attribute stands and takes the same arguments, but leaves the lowering to rustc:
//!
//! ```text
//! Input:   #[lowered(yield = Y, resume = R)] fn f(args) -> T { body }
//! Output:  async fn f(args) -> T { macro_rules! yield_ { … } macro_rules! yield_from { … } body }
//! ```
//!
//! The two macros hand values over through the harness (`segue_tests::oracle`), with `Y` and `R` written out, so that
//! coercions and inference at a yield are those of the real thing. Arguments, receivers, generics and drop order are
//! those of an `async fn`: nothing here can get them wrong.
#![forbid(unsafe_code)]

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// Gives the function to rustc's own lowering, with `yield_!` and `yield_from!` defined inside.
#[proc_macro_attribute]
pub fn lowered(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let prelude = prelude(&arguments);
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    prepend_to_body(&mut tokens, prelude);
    make_async(&mut tokens);
    tokens.into_iter().collect()
}

/// A block that says at its head what it yields, given to rustc's own lowering: an `async move` block.
#[proc_macro]
pub fn generator(block: TokenStream) -> TokenStream {
    let mut tokens = block.into_iter();
    let Some(TokenTree::Group(head)) = tokens.next() else { panic!("the oracle needs the head of a block") };
    let (prelude, returned) = (prelude(&head.stream()), returned(&head.stream()));
    let body: TokenStream = [prelude, returned, tokens.collect()].into_iter().collect();
    let mut block = parse("async move");
    block.extend([TokenTree::Group(Group::new(Delimiter::Brace, body))]);
    block
}

/// Says of what type the value of the block is, if its head does: by a `return` that is never reached.
fn returned(arguments: &TokenStream) -> TokenStream {
    argument(arguments, "return").map_or_else(TokenStream::new, |ty| {
        parse(&format!("if false {{ return ::segue_tests::oracle::never::<{ty}>() }}"))
    })
}

/// The two macros a body may use. Without a yield type the function is a task, and delegation is `.await`.
fn prelude(arguments: &TokenStream) -> TokenStream {
    [parse(FOR_AWAIT), suspensions(arguments)].into_iter().collect()
}

/// `for_await!` as a `while let`, in a `match` as that of a `for`: what is made on the way to the stream lives as long as it. The
/// expression is told from the body by being before the last token.
const FOR_AWAIT: &str = "#[allow(unused_macros)] macro_rules! for_await { \
        (@ [$($label:tt)*] $pat:pat, [$($stream:tt)+] $body:block) => { match $($stream)+ { mut stream => { \
            $($label)* while let Some($pat) = ::segue_tests::oracle::next_item(&mut stream).await $body \
        } } }; \
        (@ [$($label:tt)*] $pat:pat, [$($stream:tt)*] $next:tt $($rest:tt)+) => { \
            for_await!(@ [$($label)*] $pat, [$($stream)* $next] $($rest)+) \
        }; \
        ($label:lifetime: $pat:pat in $($rest:tt)+) => { for_await!(@ [$label:] $pat, [] $($rest)+) }; \
        ($pat:pat in $($rest:tt)+) => { for_await!(@ [] $pat, [] $($rest)+) }; \
    }";

fn suspensions(arguments: &TokenStream) -> TokenStream {
    let Some(yielded) = argument(arguments, "yield") else {
        return parse(
            "#[allow(unused_macros)] macro_rules! yield_from { ($child:expr) => { $child.await } }",
        );
    };
    let resumed = argument(arguments, "resume").unwrap_or_else(|| "()".to_owned());
    parse(&format!(
        "#[allow(unused_macros)] macro_rules! yield_ {{ \
             () => {{ yield_!(()) }}; \
             ($value:expr) => {{{{ \
                 let value: {yielded} = $value; \
                 ::segue_tests::oracle::suspend::<{yielded}, {resumed}>(value).await \
             }}}} \
         }} \
         #[allow(unused_macros)] macro_rules! yield_from {{ ($child:expr) => {{{{ let child = $child; \
             ::segue_tests::delegate!(child, {resumed}) \
         }}}} }}"
    ))
}

/// The tokens, as text, of the argument called `name`; commas inside angle brackets do not end it.
fn argument(arguments: &TokenStream, name: &str) -> Option<String> {
    let mut depth = 0;
    let mut parts = vec![TokenStream::new()];
    for token in arguments.clone() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => depth -= 1,
            TokenTree::Punct(punct) if punct.as_char() == ',' && depth == 0 => {
                parts.push(TokenStream::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("there is always a last part").extend([token]);
    }
    parts.into_iter().find_map(|part| {
        let mut part = part.into_iter();
        let found = part.next()?.to_string() == name;
        part.next()?;
        found.then(|| part.collect::<TokenStream>().to_string())
    })
}

/// Puts `prelude` before the first statement of the function.
fn prepend_to_body(tokens: &mut [TokenTree], prelude: TokenStream) {
    if let Some(TokenTree::Group(body)) = tokens.last_mut()
        && body.delimiter() == Delimiter::Brace
    {
        let mut group = Group::new(Delimiter::Brace, [prelude, body.stream()].into_iter().collect());
        group.set_span(body.span());
        *body = group;
    }
}

/// Puts `async` before `fn`, unless it is there already.
fn make_async(tokens: &mut Vec<TokenTree>) {
    let is =
        |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(found) if found.to_string() == word);
    let already = tokens.iter().take_while(|token| !is(token, "fn")).any(|token| is(token, "async"));
    let place = tokens.iter().position(|token| is(token, "fn"));
    if let (Some(place), false) = (place, already) {
        tokens.insert(place, Ident::new("async", Span::call_site()).into());
    }
}

/// Text to tokens that resolve where the attribute stands.
fn parse(text: &str) -> TokenStream {
    text.parse().expect("the prelude is well formed")
}
