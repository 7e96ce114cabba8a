//! Macros that hide an `.await`: `join!`, `try_join!`, `select!`, `select_biased!` and `poll!` of the crates that have them.
//!
//! A macro is expanded after the attribute, inside of a step that isn't `async`. So it is called in an `async` block of
//! its own, which the function awaits: what it does stays its own affair. What it is given is evaluated before, and
//! what it does with an output is done after, by ordinary code of the function, which may suspend, leave and borrow.
//!
//! ```text
//! join!(a, b)                         within((a, b), |(future, future2)| async move { join!(future, future2) }).await
//!
//! select! { x = a => f(x), .. }       match within((a, b), |(future, future2)| async move {
//!                                         select! { output = future => Branch::This(output), .. }
//!                                     }).await { Branch::This(x) => f(x), .. }
//! ```
//!
//! A macro is known by its name, as those of std are.

mod arms;
mod own;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Macro, Stmt, Token, parse_quote_spanned};

use self::arms::{Branch, Select};
pub(crate) use self::own::expand;
use self::own::{awaited, finished};
use crate::input::mixed;
use crate::operands;
use crate::std_macros::{Surroundings, bound, tuple};

/// The macros that await what they are given, by name.
const AWAITING: [&str; 4] = ["join", "try_join", "poll", "pending"];
/// Those that then go on with what is done.
const SELECTING: [&str; 2] = ["select", "select_biased"];

/// segue's own.
const OWN: [&str; 3] = ["join", "try_join", "select"];

/// May a macro of this name await?
pub(crate) fn may_await(name: &str) -> bool {
    AWAITING.contains(&name) || SELECTING.contains(&name)
}

/// Whose macro it is, as far as its path and what is in it tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Futures,
    Tokio,
    Segue,
    Unclear,
}

impl Whose {
    fn by_path(mac: &Macro) -> Whose {
        let segments = &mac.path.segments;
        let first = segments.first().filter(|_| segments.len() > 1).map(|first| first.ident.to_string());
        match first.as_deref() {
            Some("futures" | "futures_util") => Whose::Futures,
            Some("tokio") => Whose::Tokio,
            Some("segue") => Whose::Segue,
            _ => Whose::Unclear,
        }
    }
}

/// The call as an expression that awaits, if it is one of these macros and written as one.
pub(crate) fn read(mac: &Macro, around: &Surroundings) -> Option<syn::Result<Expr>> {
    let name = mac.path.segments.last()?.ident.to_string();
    if !may_await(&name) || (mac.path.segments.len() == 1 && around.defines(&name)) {
        return None;
    }
    let word = mac.path.segments.last()?.ident.span();
    let call = Call { word, name: &name, around, whose: Whose::by_path(mac), names: Vec::new() };
    if call.whose == Whose::Segue && OWN.contains(&&*name) {
        return Some(call.own(mac.tokens.clone()));
    }
    if AWAITING.contains(&&*name) {
        let (biased, operands) = joined.parse2(mac.tokens.clone()).ok()?;
        // The name may mean something else, that puts texts together.
        if operands.iter().any(|operand| matches!(operand, Expr::Lit(_))) {
            return None;
        }
        return Some(call.join(mac, &biased, operands.into_iter().collect()));
    }
    let select: Select = syn::parse2(mac.tokens.clone()).ok()?;
    Some(call.select(mac, select))
}

/// `biased; a, b`
fn joined(input: ParseStream<'_>) -> syn::Result<(TokenStream, Punctuated<Expr, Token![,]>)> {
    let biased = arms::biased(input)?;
    Ok((biased, input.parse_terminated(syn::parse::Parse::parse, Token![,])?))
}

/// Writes one call.
struct Call<'a> {
    /// Where its word stands.
    word: Span,
    name: &'a str,
    around: &'a Surroundings,
    whose: Whose,
    /// The names that are taken.
    names: Vec<Ident>,
}

impl Call<'_> {
    fn join(mut self, mac: &Macro, biased: &TokenStream, operands: Vec<Expr>) -> syn::Result<Expr> {
        self.refuse_unclear(&operands)?;
        let names = self.fresh_for("future", &operands);
        let called = called(mac, quote!(#biased #(#names),*));
        let mut stmts = Vec::new();
        let given = self.given(operands, &names, &mut stmts);
        Ok(finished(stmts, self.within(given, &called)))
    }

    fn select(mut self, mac: &Macro, mut select: Select) -> syn::Result<Expr> {
        if self.whose == Whose::Unclear {
            self.whose = if self.name == "select_biased" { Whose::Futures } else { select.whose() };
        }
        self.refuse_unclear_select(&select)?;
        let mut stmts = Vec::new();
        let conditions = self.conditions(&mut select, &mut stmts);
        let operands: Vec<Expr> = select.branches.iter_mut().map(|branch| self.future_of(branch)).collect();
        self.refuse_unclear(&operands)?;
        let names = self.fresh_for("future", &operands);
        let output = self.fresh("output", mixed());
        let arms = select.inner(&names, &conditions, &output);
        let biased = &select.biased;
        let called = called(mac, quote!(#biased #arms));
        let mut given = self.given(operands, &names, &mut stmts);
        let enabled = conditions.iter().flatten();
        given.splice(0..0, enabled.map(|name| Given { value: variable(name), pat: quote!(#name) }));
        let lingers = select.lingers();
        let value = select.outer(self.within(given, &called));
        Ok(self.ended(stmts, value, lingers))
    }

    /// The arms, after these statements. In a variable, if what they leave of an output would live on otherwise.
    fn ended(&mut self, mut stmts: Vec<Stmt>, mut value: Expr, lingers: bool) -> Expr {
        if lingers {
            let name = self.fresh("value", mixed());
            stmts.push(bound(&name, value));
            value = parse_quote_spanned!(mixed()=> #name);
        }
        finished(stmts, value)
    }

    /// The preconditions, which all are evaluated before the futures are.
    fn conditions(&mut self, select: &mut Select, stmts: &mut Vec<Stmt>) -> Vec<Option<Ident>> {
        let conditions = select.branches.iter_mut().map(|branch| {
            let condition = branch.condition.take()?;
            let name = self.fresh("enabled", mixed().located_at(condition.span()));
            stmts.push(bound(&name, condition));
            Some(name)
        });
        conditions.collect()
    }

    /// What is given for the future of a branch.
    fn future_of(&self, branch: &mut Branch) -> Expr {
        let future = branch.take_future();
        let located = mixed().located_at(future.span());
        match (self.whose, branch.test()) {
            // It is polled where it is, and stays the variable's.
            (Whose::Futures, _) if matches!(future, Expr::Path(_)) => {
                parse_quote_spanned!(located=> &mut #future)
            }
            (Whose::Tokio, Some(test)) => {
                branch.is_tested = true;
                let mut call: syn::ExprMethodCall =
                    parse_quote_spanned!(located=> ::segue::machine::Tested::new(()).by(#test));
                if let Expr::Call(tested) = &mut *call.receiver {
                    tested.args[0] = future;
                }
                Expr::MethodCall(call)
            }
            _ => future,
        }
    }

    /// Evaluates the operands. What they make on the way is gone before anything is polled.
    fn evaluated(&self, operands: Vec<Expr>, names: &[Ident], stmts: &mut Vec<Stmt>) -> Vec<Expr> {
        if !self.leaves_temporaries(&operands) {
            return operands;
        }
        stmts.extend(names.iter().zip(operands).map(|(name, operand)| bound(name, operand)));
        names.iter().map(variable).collect()
    }

    /// The same as the macro would do it, to be given to the block in which it is called.
    fn given(&self, operands: Vec<Expr>, names: &[Ident], stmts: &mut Vec<Stmt>) -> Vec<Given> {
        if self.whose == Whose::Tokio && operands.len() > 1 && self.leaves_temporaries(&operands) {
            // It goes on as a whole: rustc takes a tuple to be there still if only its parts were moved.
            let all: Ident = self.around.free("futures", &self.names, mixed());
            stmts.push(bound(&all, tuple(operands)));
            return vec![Given { value: variable(&all), pat: quote!((#(#names),*)) }];
        }
        let values = self.evaluated(operands, names, stmts);
        names.iter().zip(values).map(|(name, value)| Given { value, pat: quote!(#name) }).collect()
    }

    fn leaves_temporaries(&self, operands: &[Expr]) -> bool {
        self.name != "poll" && operands.iter().any(operands::makes_temporaries)
    }

    /// The `async` block in which the macro is called, awaited.
    fn within(&self, given: Vec<Given>, called: &Expr) -> Expr {
        let at = mixed().located_at(self.word);
        let pats = given.iter().map(|given| &given.pat);
        let mut call: syn::ExprCall = parse_quote_spanned! {at=>
            ::segue::machine::within((), |(#(#pats,)*)| async move { #called })
        };
        call.args[0] = tuple(given.into_iter().map(|given| given.value));
        awaited(Expr::Call(call), self.word)
    }

    fn fresh(&mut self, role: &str, span: Span) -> Ident {
        let name = self.around.free(role, &self.names, span);
        self.names.push(name.clone());
        name
    }

    fn fresh_for(&mut self, role: &str, operands: &[Expr]) -> Vec<Ident> {
        operands.iter().map(|operand| self.fresh(role, mixed().located_at(operand.span()))).collect()
    }

    /// The macros of futures and of tokio drop what an operand makes on the way at different times.
    fn refuse_unclear(&self, operands: &[Expr]) -> syn::Result<()> {
        let Some((_, others)) = operands.split_last() else { return Ok(()) };
        let made = others.iter().find(|operand| operands::makes_temporaries(operand));
        match made {
            Some(made) if self.whose == Whose::Unclear && self.name != "poll" => {
                Err(syn::Error::new_spanned(
                    made,
                    format!(
                        "this makes a temporary value, and it isn't clear when it is dropped: {}; or bind it with a `let` first",
                        self.ways()
                    ),
                ))
            }
            _ => Ok(()),
        }
    }

    /// A bare name is borrowed by the one macro and moved into the other.
    fn refuse_unclear_select(&self, select: &Select) -> syn::Result<()> {
        if self.whose != Whose::Unclear {
            return Ok(());
        }
        match select.unclear() {
            Some(unclear) => Err(syn::Error::new_spanned(
                unclear,
                format!(
                    "it isn't clear whose `select!` this is, and so what becomes of this: {}",
                    self.ways()
                ),
            )),
            None => Ok(()),
        }
    }

    /// How to say whose macro it is.
    fn ways(&self) -> String {
        let name = self.name;
        format!("write `futures::{name}!` or `tokio::{name}!`")
    }
}

/// The user's macro, with these tokens in it.
fn called(mac: &Macro, tokens: TokenStream) -> Expr {
    let mac = Macro { tokens, ..mac.clone() };
    Expr::Macro(syn::ExprMacro { attrs: Vec::new(), mac })
}

/// What is given to the block in which the macro is called, and the names that it has there.
struct Given {
    value: Expr,
    pat: TokenStream,
}

fn variable(name: &Ident) -> Expr {
    parse_quote_spanned!(name.span()=> #name)
}

/// `{ stmts value }`
fn ending_in(mut stmts: Vec<Stmt>, value: Expr) -> Expr {
    let mut block: syn::ExprBlock = parse_quote_spanned!(mixed()=> {});
    stmts.push(Stmt::Expr(value, None));
    block.block.stmts = stmts;
    Expr::Block(block)
}
