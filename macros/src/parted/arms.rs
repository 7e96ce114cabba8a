//! A pattern that may not match takes a part: which one, the block tells by an `Option`, or by a `Result` for each arm but the last.
//!
//! ```text
//! if let Some(Three { a, .. }) = it { .. }    let part = if let Some(Three { a, .. }) = it { Some(a) } else { None };
//!                                             if let Some(a) = part { .. }
//! ```

use syn::visit_mut::VisitMut;
use syn::{Expr, Ident, Pat, parse_quote_spanned};

use super::{Settled, Take, both_sides, owner};
use crate::coverage;
use crate::input::mixed;
use crate::names::Names;
use crate::segments::Op;
use crate::types::Glue;
use crate::walk;

/// What a construct takes of a variable that it looks at.
pub(super) fn take<'o>(names: &Names, op: &'o Op) -> Option<Take<'o>> {
    let (value, pats) = match op {
        Op::If { cond: Expr::Let(condition), .. } => (&*condition.expr, vec![&*condition.pat]),
        Op::LetElse { pat, value, .. } => (value, vec![pat]),
        Op::Match { scrutinee, arms } => {
            let plain = arms.iter().all(|arm| arm.attrs.is_empty() && !matches!(arm.pat, Pat::Guard(_)));
            (scrutinee, arms.iter().filter(|_| plain).map(|arm| &arm.pat).collect())
        }
        _ => return None,
    };
    let of = owner(names, value)?;
    let is_part = walk::is_field(value);
    let takes = |pat: &&Pat| coverage::moves(pat) && (is_part || coverage::takes_a_part(pat));
    let bound: Vec<_> = pats.iter().flat_map(|pat| walk::bindings(names, pat)).collect();
    let moves = bound.iter().any(|var| names.get(*var).glue == Glue::Unknown);
    let key = *bound.first()?;
    let taken = pats.iter().any(takes) && !pats.iter().any(|pat| walk::says_ref(pat));
    taken.then_some(Take { of, value, pat: None, only: false, moves, key })
}

/// Lets the construct look at `part`; the expression that this is given.
pub(super) fn spill(names: &Names, op: &mut Op, part: &Ident) -> Expr {
    let part = parse_quote_spanned!(mixed()=> #part);
    match op {
        Op::If { cond: Expr::Let(condition), .. } => {
            let value = std::mem::replace(&mut *condition.expr, part);
            option(names, &mut condition.pat, &value)
        }
        Op::LetElse { pat, value, .. } => {
            let value = std::mem::replace(value, part);
            option(names, pat, &value)
        }
        Op::Match { scrutinee, arms } => {
            let value = std::mem::replace(scrutinee, part);
            let last = arms.len() - 1;
            let arms = arms.iter_mut().enumerate().map(|(index, arm)| {
                let (taken, mut given) = taken(names, &mut arm.pat);
                let mut bound = arm.pat.clone();
                if index < last {
                    given = parse_quote_spanned!(mixed()=> ::core::result::Result::Ok(#given));
                    bound = parse_quote_spanned!(mixed()=> ::core::result::Result::Ok(#bound));
                }
                for _ in 0..index {
                    given = parse_quote_spanned!(mixed()=> ::core::result::Result::Err(#given));
                    bound = parse_quote_spanned!(mixed()=> ::core::result::Result::Err(#bound));
                }
                arm.pat = bound;
                parse_quote_spanned!(mixed()=> #taken => #given,)
            });
            let arms: Vec<syn::Arm> = arms.collect();
            parse_quote_spanned!(mixed()=> match #value { #(#arms)* })
        }
        _ => unreachable!("nothing else takes a part"),
    }
}

/// The pattern becomes that of an option of what it binds; the expression that gives this option.
fn option(names: &Names, pat: &mut Pat, value: &Expr) -> Expr {
    let (taken, given) = taken(names, pat);
    *pat = parse_quote_spanned!(mixed()=> ::core::option::Option::Some(#pat));
    parse_quote_spanned! {mixed()=>
        if let #taken = #value { ::core::option::Option::Some(#given) } else { ::core::option::Option::None }
    }
}

/// The pattern becomes what it binds; as it was, and what is given of that.
fn taken(names: &Names, pat: &mut Pat) -> (Pat, Expr) {
    let (given, bound) = both_sides(names, &walk::bindings(names, pat));
    let mut taken = std::mem::replace(pat, bound);
    Settled.visit_pat_mut(&mut taken);
    (taken, given)
}
