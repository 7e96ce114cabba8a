//! Every pass in order: from the user's function to the enum and the step that it becomes.

use std::collections::BTreeSet;
use std::fmt::Display;

#[cfg(test)]
use proc_macro2::Span;
use proc_macro2::TokenStream;
use quote::quote;

use crate::flow::Lost;
use crate::input::{Function, Instead, Refused};
use crate::loans::Holders;
use crate::names::VarId;
use crate::proof::Proof;
use crate::recall::{self, Recalls};
use crate::spent::{self, Spent};
use crate::{
    apart, block, borrows, codegen, configured, destructured, flow, in_place, input, large, layout, leaving,
    lend, loans, lower, made, normalise, parted, places, pretty, recursion, refusal, resolve, rests, shorten,
    suspension, whole,
};

/// The expansion of `#[segue::coroutine(arguments)] item`.
///
/// On any error it is the error and, where the function could be read, a function of the same
/// signature: so one mistake gives one error.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let both = configured::both(&arguments, &item);
    let function = match input::parse(arguments, item) {
        Ok(function) => function,
        Err(refused) => return refusal::instead(refused),
    };
    if let Some(both) = both {
        return both;
    }
    match lowered(function.clone(), &mut |_, _| {}) {
        Ok(expansion) => expansion,
        Err(error) => {
            let instead = Instead::Function { function: Box::new(function), unread: None };
            refusal::instead(Refused { error: Some(error), instead })
        }
    }
}

/// The expansion of `generator! { block }`: an expression.
pub(crate) fn expand_block(block: TokenStream) -> TokenStream {
    let expansion = block::parse(block).and_then(lower);
    expansion.unwrap_or_else(|error| {
        let error = error.to_compile_error();
        quote!({ #error })
    })
}

/// The expansion of what was read.
pub(crate) fn lower(function: Function) -> syn::Result<TokenStream> {
    lowered(function, &mut |_, _| {})
}

/// The expansion, for tests: what the passes hand on is shown to `dump`, under a name.
#[cfg(test)]
pub(crate) fn dumped(
    arguments: TokenStream,
    item: TokenStream,
    dump: &mut dyn FnMut(&str, &dyn Display),
) -> syn::Result<TokenStream> {
    let function = input::parse(arguments, item)
        .map_err(|refused| refused.error.unwrap_or_else(|| syn::Error::new(Span::call_site(), "unread")))?;
    lowered(function, dump)
}

/// Lowers the function. What has to be known of a variable that is assigned to again shows only in the end:
/// then it is lowered again, with that in mind.
fn lowered(function: Function, dump: &mut dyn FnMut(&str, &dyn Display)) -> syn::Result<TokenStream> {
    let mut again = BTreeSet::new();
    loop {
        match once(function.clone(), &again, dump) {
            Ok(expansion) => return Ok(expansion),
            Err(Stopped::Lost(Lost { vars, .. })) if !vars.is_subset(&again) => again.extend(vars),
            Err(Stopped::Refused(error) | Stopped::Lost(Lost { error, .. })) => return Err(error),
        }
    }
}

/// Why a function isn't lowered.
enum Stopped {
    Refused(syn::Error),
    Lost(Lost),
}

impl From<syn::Error> for Stopped {
    fn from(error: syn::Error) -> Self {
        Stopped::Refused(error)
    }
}

impl From<Lost> for Stopped {
    fn from(lost: Lost) -> Self {
        Stopped::Lost(lost)
    }
}

fn once(
    mut function: Function,
    again: &BTreeSet<VarId>,
    dump: &mut dyn FnMut(&str, &dyn Display),
) -> Result<TokenStream, Stopped> {
    suspension::mark(&mut function)?;
    leaving::check(&function)?;
    let proof = Proof::of(&function);
    let mut names = resolve::resolve(&mut function)?;
    destructured::write(&mut function.body, &mut names);
    large::write(&mut function, &mut names);
    recursion::mark(&mut function, &names)?;
    apart::mark(&mut function, &names, again);
    let body = normalise::normalise(&mut function, &mut names)?;
    dump("tree", &body);
    let mut program = shorten::shorten(lower::lower(&body, &Spent::new(), &names), &names);
    let mut flow = flow::analyse(&program, &names, again)?;
    let loans = loans::choose(&function, &program, &flow, &names)?;
    let mut recalls = Recalls::new();
    if !loans.is_empty() {
        dump("loans", &loans);
        let holders = Holders::find(&program, &flow, &names);
        loans.enter(&mut names);
        recalls = recall::choose(&mut program, &flow, &holders, &mut names);
        recall::write(&mut program, &flow, &holders, &recalls, &names);
        places::write(&mut program, &names);
        flow = flow::analyse(&program, &names, again)?;
    }
    borrows::check(&program, &flow, &names)?;
    let spent = spent::choose(&function, &program, &flow, &names);
    if !spent.is_empty() {
        program = shorten::shorten(lower::lower(&body, &spent, &names), &names);
        if !recalls.is_empty() {
            let flow = flow::analyse(&program, &names, again)?;
            let holders = Holders::find(&program, &flow, &names);
            recall::write(&mut program, &flow, &holders, &recalls, &names);
        }
        places::write(&mut program, &names);
        flow = flow::analyse(&program, &names, again)?;
    }
    dump("segments", &program);
    let parted = parted::leave(&mut program, &flow, &mut names);
    if rests::leave(&mut program, &flow, &mut names) || parted {
        flow = flow::analyse(&program, &names, again)?;
    }
    whole::ask(&mut program, &flow, &names);
    made::ask(&mut program, &names);
    recursion::refuse_lent(&program, &flow, &names)?;
    let lends = lend::decide(&program, &flow, &names);
    let in_place = in_place::choose(&function, &mut program, &flow, &names);
    let layout = layout::lay_out(&function, &program, &flow, &lends, in_place, &names);
    let proof = (!loans.is_empty()).then_some(&proof);
    let expansion = codegen::generate(&function, &program, &flow, &layout, proof, &names);
    Ok(pretty::rename(expansion, &layout, &names))
}
