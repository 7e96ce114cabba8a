//! segue's own `join!`, `try_join!` and `select!`, which are the same in a function that is lowered and outside of one.
//!
//! ```text
//! join!(a, b)                match joined(join(a, join(b, ()))).await { (a, (b, ())) => (a, b) }
//!
//! select! { x = a => f(x) }  match chosen(choice(a, true, |_| true, ())).await {
//!                                Some(Branch::This(x)) => f(x), ..
//!                            }
//! ```

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::parse::Parser;
use syn::{Expr, Stmt, parse_quote_spanned};

use super::arms::Select;
use super::{Call, Whose, ending_in, joined};
use crate::input::mixed;
use crate::std_macros::Surroundings;

/// The expansion of one of them outside of a function that is lowered.
pub(crate) fn expand(name: &str, tokens: TokenStream) -> TokenStream {
    let around = Surroundings::default();
    let call =
        Call { word: Span::call_site(), name, around: &around, whose: Whose::Segue, names: Vec::new() };
    match call.own(tokens) {
        Ok(expr) => expr.into_token_stream(),
        Err(error) => error.to_compile_error(),
    }
}

impl Call<'_> {
    /// One of segue's macros, written out.
    pub(super) fn own(self, tokens: TokenStream) -> syn::Result<Expr> {
        match self.name {
            "select" => self.own_select(syn::parse2(tokens)?),
            name => {
                let (biased, operands) = joined.parse2(tokens)?;
                if !biased.is_empty() {
                    let message = format!("`segue::{name}!` always polls in order; leave out the `biased;`");
                    return Err(syn::Error::new_spanned(biased, message));
                }
                if operands.is_empty() {
                    return Err(syn::Error::new(self.word, format!("`segue::{name}!` needs a future")));
                }
                Ok(self.own_join(operands.into_iter().collect()))
            }
        }
    }

    fn own_join(mut self, operands: Vec<Expr>) -> Expr {
        let tries = self.name == "try_join";
        let located = mixed().located_at(self.word);
        let names = self.fresh_for("future", &operands);
        let mut stmts = Vec::new();
        let given = self.evaluated(operands, &names, &mut stmts);
        let unit: Expr = parse_quote_spanned!(mixed()=> ());
        let all = given.into_iter().zip(&names).rev().fold(unit, |rest, (future, name)| {
            called(parse_quote_spanned!(name.span()=> ::segue::machine::join((), ())), [future, rest])
        });
        let whole = match tries {
            true => parse_quote_spanned!(located=> ::segue::machine::try_joined(())),
            false => parse_quote_spanned!(located=> ::segue::machine::joined(())),
        };
        let pat = names
            .iter()
            .rev()
            .fold(quote_spanned!(mixed()=> ()), |rest, name| quote_spanned!(mixed()=> (#name, #rest)));
        let mut select: syn::ExprMatch = match tries {
            true => parse_quote_spanned! {mixed()=> match () {
                ::core::result::Result::Ok(#pat) => ::core::result::Result::Ok((#(#names,)*)),
                ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
            }},
            false => parse_quote_spanned!(mixed()=> match () { #pat => (#(#names,)*) }),
        };
        *select.expr = awaited(called(whole, [all]), self.word);
        finished(stmts, Expr::Match(select))
    }

    fn own_select(mut self, mut select: Select) -> syn::Result<Expr> {
        select.refuse_foreign()?;
        let mut stmts = Vec::new();
        let conditions = self.conditions(&mut select, &mut stmts);
        let operands: Vec<Expr> = select.branches.iter_mut().map(|branch| branch.take_future()).collect();
        let names = self.fresh_for("future", &operands);
        let given = self.evaluated(operands, &names, &mut stmts);
        let branches = select.branches.iter().zip(&names).zip(conditions).zip(given).rev();
        let unit: Expr = parse_quote_spanned!(mixed()=> ());
        let all = branches.fold(unit, |rest, (((branch, name), condition), future)| {
            let enabled = condition.map_or_else(
                || parse_quote_spanned!(mixed()=> true),
                |condition| parse_quote_spanned!(mixed()=> #condition),
            );
            let test = branch.test().unwrap_or_else(|| parse_quote_spanned!(mixed()=> |_| true));
            let call = parse_quote_spanned!(name.span()=> ::segue::machine::choice((), (), (), ()));
            called(call, [future, enabled, test, rest])
        });
        let located = mixed().located_at(self.word);
        let chosen = called(parse_quote_spanned!(located=> ::segue::machine::chosen(())), [all]);
        let lingers = select.lingers();
        let value = select.own(awaited(chosen, self.word));
        Ok(self.ended(stmts, value, lingers))
    }
}

/// A call with these arguments.
fn called<const N: usize>(mut call: syn::ExprCall, args: [Expr; N]) -> Expr {
    call.args.iter_mut().zip(args).for_each(|(place, arg)| *place = arg);
    Expr::Call(call)
}

/// `future.await`
pub(super) fn awaited(future: Expr, word: Span) -> Expr {
    let at = mixed().located_at(word);
    Expr::Await(syn::ExprAwait {
        attrs: Vec::new(),
        base: Box::new(future),
        dot_token: syn::Token![.](at),
        await_token: syn::Token![await](at),
    })
}

pub(super) fn finished(stmts: Vec<Stmt>, value: Expr) -> Expr {
    if stmts.is_empty() { value } else { ending_in(stmts, value) }
}

impl Select {
    /// Refuses what the macros of other crates have.
    fn refuse_foreign(&self) -> syn::Result<()> {
        if !self.biased.is_empty() {
            let message = "`segue::select!` always polls in order; leave out the `biased;`";
            return Err(syn::Error::new_spanned(&self.biased, message));
        }
        match self.others.iter().find(|other| other.word.to_string() != "else") {
            Some(other) => {
                let message = format!(
                    "`segue::select!` has no `{}`; what is to be done when no future is left stands after `else =>`",
                    other.word
                );
                Err(syn::Error::new(other.word.span(), message))
            }
            None => Ok(()),
        }
    }

    /// What is done with the branch that was chosen.
    fn own(self, chosen: Expr) -> Expr {
        let mut select: syn::ExprMatch = parse_quote_spanned!(mixed()=> match () {});
        *select.expr = chosen;
        for (index, branch) in self.branches.into_iter().enumerate() {
            let pat = branch.pat;
            let this = quote_spanned!(mixed()=> ::segue::machine::Branch::This(#pat));
            let pat = (0..index)
                .fold(this, |inner, _| quote_spanned!(mixed()=> ::segue::machine::Branch::Other(#inner)));
            let mut arm: syn::Arm = parse_quote_spanned!(mixed()=> ::core::option::Option::Some(#pat) => (),);
            *arm.body = branch.handler;
            select.arms.push(arm);
        }
        let mut none: syn::Arm = parse_quote_spanned! {mixed()=>
            ::core::option::Option::None => ::core::panic!("no branch is left, and there is no `else`"),
        };
        if let Some(other) = self.others.into_iter().next() {
            *none.body = other.handler;
        }
        select.arms.push(none);
        select.arms.push(parse_quote_spanned!(mixed()=> _ => ::core::unreachable!("a branch matches"),));
        Expr::Match(select)
    }
}
