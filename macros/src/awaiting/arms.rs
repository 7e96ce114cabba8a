//! The branches of a `select!`: as the macro has them, and as the function goes on with them.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, Pat, Token, parse_quote_spanned};

use super::Whose;
use crate::coverage;
use crate::edition;
use crate::input::mixed;

/// `pat = future, if condition => handler`
pub(super) struct Branch {
    pub(super) pat: Pat,
    future: Expr,
    pub(super) condition: Option<Expr>,
    pub(super) handler: Expr,
    /// The future tells whether its output matches.
    pub(super) is_tested: bool,
}

/// `complete => handler`, `default => handler` or `else => handler`
pub(super) struct Other {
    pub(super) word: TokenTree,
    pub(super) handler: Expr,
}

/// What stands in a `select!`.
pub(super) struct Select {
    /// `biased;`
    pub(super) biased: TokenStream,
    pub(super) branches: Vec<Branch>,
    pub(super) others: Vec<Other>,
}

impl Select {
    /// Whose it is, by what only one of them has.
    pub(super) fn whose(&self) -> Whose {
        let words: Vec<String> = self.others.iter().map(|other| other.word.to_string()).collect();
        let conditions = self.branches.iter().any(|branch| branch.condition.is_some());
        let is_known = |branch: &Branch| is_variant(&branch.pat);
        if words.iter().any(|word| word == "else")
            || conditions
            || !self.biased.is_empty()
            || self.branches.iter().any(is_known)
        {
            return Whose::Tokio;
        }
        if words.is_empty() { Whose::Unclear } else { Whose::Futures }
    }

    /// What would mean one thing in one of the macros and another in the other.
    pub(super) fn unclear(&self) -> Option<TokenStream> {
        self.branches.iter().find_map(|branch| match &branch.future {
            Expr::Path(path) => Some(path.to_token_stream()),
            _ if !always_matches(&branch.pat) => Some(branch.pat.to_token_stream()),
            _ => None,
        })
    }

    /// What the macro is given: each branch says which one it is.
    pub(super) fn inner(&self, names: &[Ident], enabled: &[Option<Ident>], output: &Ident) -> TokenStream {
        let branches = self.branches.iter().zip(names).zip(enabled).enumerate();
        let branches = branches.map(|(index, ((branch, name), enabled))| {
            let value = self.variant(index, &output.to_token_stream());
            let condition = enabled.as_ref().map(|enabled| quote_spanned!(mixed()=> , if #enabled));
            let pat = match branch.is_tested {
                true => quote_spanned!(mixed()=> ::core::result::Result::Ok(#output)),
                false => output.to_token_stream(),
            };
            // A bare name would be borrowed where it is.
            quote_spanned!(mixed()=> #pat = {#name} #condition => #value,)
        });
        let others = self.others.iter().enumerate().map(|(index, Other { word, .. })| {
            let value = self.variant(self.branches.len() + index, &quote!(()));
            quote_spanned!(mixed()=> #word => #value,)
        });
        let (branches, others): (Vec<_>, Vec<_>) = (branches.collect(), others.collect());
        quote!(#(#branches)* #(#others)*)
    }

    /// What is done with what the macro gave.
    pub(super) fn outer(self, selected: Expr) -> Expr {
        let mut select: syn::ExprMatch = parse_quote_spanned!(mixed()=> match () {});
        *select.expr = selected;
        let tested = self.branches.iter().any(|branch| branch.is_tested);
        let branches = self.branches.iter().map(|branch| (branch.pat.to_token_stream(), &branch.handler));
        let others = self.others.iter().map(|other| (quote_spanned!(mixed()=> ()), &other.handler));
        for (index, (pat, handler)) in branches.chain(others).enumerate() {
            let pat = self.variant(index, &pat);
            let mut arm: syn::Arm = parse_quote_spanned!(mixed()=> #pat => (),);
            *arm.body = handler.clone();
            select.arms.push(arm);
        }
        if tested {
            let arm = parse_quote_spanned!(mixed()=> _ => ::core::unreachable!("failed to match bind"),);
            select.arms.push(arm);
        }
        Expr::Match(select)
    }

    /// Is what an arm leaves of its output dropped too late by what this becomes? It is to be dropped when the macro ends,
    /// in each edition.
    pub(super) fn lingers(&self) -> bool {
        let leaves_rest = self.branches.iter().any(|branch| coverage::leaves_rest(&branch.pat, false));
        leaves_rest && !edition::ends_before_variables()
    }

    /// `Other(Other(This(value)))` for the third branch; the last has nothing beside it.
    fn variant(&self, index: usize, value: &TokenStream) -> TokenStream {
        let last = self.branches.len() + self.others.len() - 1;
        let this = match index == last {
            true => value.clone(),
            false => quote_spanned!(mixed()=> ::segue::machine::Branch::This(#value)),
        };
        (0..index).fold(this, |inner, _| quote_spanned!(mixed()=> ::segue::machine::Branch::Other(#inner)))
    }
}

impl Branch {
    pub(super) fn take_future(&mut self) -> Expr {
        std::mem::replace(&mut self.future, Expr::Verbatim(TokenStream::new()))
    }

    /// A closure that tells whether an output matches, if it may not.
    pub(super) fn test(&self) -> Option<Expr> {
        if always_matches(&self.pat) {
            return None;
        }
        let mut pat = self.pat.clone();
        Unbound.visit_pat_mut(&mut pat);
        Some(parse_quote_spanned! {mixed()=>
            |output| match output {
                #pat => true,
                _ => false,
            }
        })
    }
}

/// Makes a pattern bind nothing.
struct Unbound;

impl VisitMut for Unbound {
    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        match pat {
            Pat::Ident(ident) if binds(ident) => {
                let nothing = parse_quote_spanned!(mixed()=> _);
                *pat = ident.subpat.take().map_or(nothing, |(_, pat)| *pat);
                visit_mut::visit_pat_mut(self, pat);
            }
            Pat::Struct(fields) => {
                for field in &mut fields.fields {
                    field.colon_token.get_or_insert(Token![:](mixed()));
                }
                visit_mut::visit_pat_mut(self, pat);
            }
            _ => visit_mut::visit_pat_mut(self, pat),
        }
    }
}

/// Does this bind a variable? By its name it may be a constant or a variant too.
fn binds(pat: &syn::PatIdent) -> bool {
    pat.by_ref.is_some() || !pat.ident.to_string().starts_with(char::is_uppercase)
}

/// Is it plain to see that the pattern matches everything?
fn always_matches(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(ident) => binds(ident) && ident.subpat.iter().all(|(_, pat)| always_matches(pat)),
        Pat::Tuple(tuple) => tuple.elems.iter().all(always_matches),
        Pat::Reference(reference) => always_matches(&reference.pat),
        Pat::Paren(inner) => always_matches(&inner.pat),
        Pat::Type(typed) => always_matches(&typed.pat),
        _ => false,
    }
}

/// Is it a variant of std's, beside which there is another?
fn is_variant(pat: &Pat) -> bool {
    let named = |path: &syn::Path| {
        path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            matches!(&*name, "Some" | "None" | "Ok" | "Err")
        })
    };
    match pat {
        Pat::TupleStruct(variant) => named(&variant.path),
        Pat::Ident(ident) => ident.ident == "None",
        Pat::Tuple(tuple) => tuple.elems.iter().any(is_variant),
        Pat::Paren(inner) => is_variant(&inner.pat),
        _ => false,
    }
}

/// `biased;`, if it stands there.
pub(super) fn biased(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    if input.peek(Ident) && input.peek2(Token![;]) && input.fork().parse::<Ident>()? == "biased" {
        input.parse::<Ident>()?.to_tokens(&mut tokens);
        input.parse::<Token![;]>()?.to_tokens(&mut tokens);
    }
    Ok(tokens)
}

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Select> {
        let biased = biased(input)?;
        let (mut branches, mut others) = (Vec::new(), Vec::new());
        while !input.is_empty() {
            if input.peek(Token![else]) || (input.peek(Ident) && input.peek2(Token![=>])) {
                let word: TokenTree = input.parse()?;
                if !["else", "complete", "default"].contains(&&*word.to_string()) {
                    return Err(syn::Error::new(word.span(), "expected a pattern and a future"));
                }
                others.push(Other { word, handler: handler(input)? });
            } else {
                branches.push(branch(input)?);
            }
        }
        if branches.is_empty() {
            return Err(input.error("expected a pattern and a future"));
        }
        Ok(Select { biased, branches, others })
    }
}

fn branch(input: ParseStream<'_>) -> syn::Result<Branch> {
    let pat = Pat::parse_multi_with_leading_vert(input)?;
    input.parse::<Token![=]>()?;
    let future = input.parse()?;
    let mut condition = None;
    if input.parse::<Option<Token![,]>>()?.is_some() {
        input.parse::<Token![if]>()?;
        condition = Some(input.parse()?);
    }
    Ok(Branch { pat, future, condition, handler: handler(input)?, is_tested: false })
}

/// `=> handler,`: after a block the comma may be left out.
fn handler(input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse::<Token![=>]>()?;
    let block = input.peek(syn::token::Brace);
    let handler = if block { Expr::Block(input.parse()?) } else { input.parse()? };
    if block || input.is_empty() {
        input.parse::<Option<Token![,]>>()?;
    } else {
        input.parse::<Token![,]>()?;
    }
    Ok(handler)
}
