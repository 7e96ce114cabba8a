//! The bare words of a block: `yield x` for `yield_!(x)`, `yield from x` for `yield_from!(x)`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

/// The source with the bare words in its `generator!`s.
///
/// Panics if the source is not tokens, which is the generator's fault.
pub fn bare_words(source: &str) -> String {
    let tokens: TokenStream = source.parse().expect("a body is tokens");
    in_blocks(tokens).to_string()
}

/// What follows the `!` of a macro's name, and how many tokens that is in all.
fn macro_named<'a>(rest: &'a [TokenTree], name: &str) -> Option<&'a Group> {
    match rest {
        [TokenTree::Ident(found), TokenTree::Punct(bang), TokenTree::Group(group), ..]
            if found == name && bang.as_char() == '!' =>
        {
            Some(group)
        }
        _ => None,
    }
}

/// Outside of blocks.
fn in_blocks(tokens: TokenStream) -> TokenStream {
    mapped(tokens, in_blocks, |rest| {
        let block = macro_named(rest, "generator")?;
        let words = Group::new(Delimiter::Brace, words(block.stream()));
        Some((quote!(generator! #words), 3))
    })
}

/// Inside of one.
fn words(tokens: TokenStream) -> TokenStream {
    mapped(tokens, words, |rest| {
        let (operand, from) = match macro_named(rest, "yield_") {
            Some(operand) => (operand, quote!(yield)),
            None => (macro_named(rest, "yield_from")?, quote!(yield from)),
        };
        let operand = words(operand.stream());
        // The word takes in all that follows.
        let ends = match rest.get(3) {
            None => true,
            Some(TokenTree::Punct(next)) => matches!(next.as_char(), ';' | ','),
            Some(_) => false,
        };
        Some((if ends { quote!(#from #operand) } else { quote!((#from #operand)) }, 3))
    })
}

/// Replaces what `replace` says (with so many tokens), and goes into all other groups with `inside`.
fn mapped(
    tokens: TokenStream,
    inside: impl Fn(TokenStream) -> TokenStream,
    replace: impl Fn(&[TokenTree]) -> Option<(TokenStream, usize)>,
) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut mapped = TokenStream::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((text, taken)) = replace(&tokens[at..]) {
            mapped.extend(text);
            at += taken;
            continue;
        }
        mapped.extend([match &tokens[at] {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), inside(group.stream())))
            }
            token => token.clone(),
        }]);
        at += 1;
    }
    mapped
}
