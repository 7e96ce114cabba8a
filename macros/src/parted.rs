//! Variables of which a part is taken, and nothing else is named afterwards.
//!
//! ```text
//! let body = request.body;     let rest_of_request;
//! send(body).await;            let (rest, body) = at_once(Rest::of(&request).leaving(|given| async move {
//!                                  let _ = &request;
//!                                  let body = request.body;
//!                                  given.give(body).await
//!                              }));
//!                              rest_of_request = rest;
//! ```
//!
//! The other parts are dropped where the variable's scope ends, and nobody but rustc knows which there are. A variable that lacks a
//! part can't be moved into a state. So an `async` block keeps it, which gives the part away, as one does that
//! [awaits](crate::rests) what it may use up; nothing is awaited here, and so it is done in generators too.

mod arms;

use std::collections::BTreeSet;

use proc_macro2::Span;
use quote::quote_spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, Local, Pat, Stmt, parse_quote_spanned};

use crate::beside;
use crate::flow::Flow;
use crate::following::{Following, Place};
use crate::input::{first_span, mixed};
use crate::loans::Borrowers;
use crate::names::{Names, VarId};
use crate::rests;
use crate::segments::{Op, Program, SegmentId};
use crate::tree::Assign;
use crate::types::Glue;
use crate::walk::{self, Mentions};

/// Lets a block keep what is left of each such variable; `true` if there is any.
pub(crate) fn leave(program: &mut Program, flow: &Flow, names: &mut Names) -> bool {
    let chosen = if rests::ARE_KEPT { chosen(program, flow, names) } else { Vec::new() };
    program.parted = !chosen.is_empty();
    for Run { segment, of, first } in chosen {
        let rest = beside::rest(names, of);
        let mut code = std::mem::take(&mut program.segments[segment.0].code);
        beside::each_code(&mut code, &mut |code| {
            let is_first =
                |op: &Op| Take::of(names, op).is_some_and(|take| (take.of, take.key) == (of, first));
            if let Some(begin) = code.iter().position(is_first) {
                write(names, code, begin, of, rest);
            }
        });
        let is_start = program.order.first() == Some(&segment);
        let params = if is_start { &program.get(segment).scope[..] } else { &[] };
        declare(names, &mut code, params, of, rest);
        program.segments[segment.0].code = code;
        beside::declare(program, of, rest);
        program.beside.push(rest);
    }
    program.parted
}

/// Operations that take parts of a variable, one right after the other.
struct Run {
    segment: SegmentId,
    of: VarId,
    /// What the first of them is known by.
    first: VarId,
}

/// What an operation takes of a variable, before it does anything else.
struct Take<'o> {
    of: VarId,
    value: &'o Expr,
    /// What the part is bound to, if that is what is done with it.
    pat: Option<&'o Pat>,
    /// Nothing else is done.
    only: bool,
    /// It isn't plain to see that the part is copied.
    moves: bool,
    /// The first variable that it binds: it is known by that.
    key: VarId,
}

impl<'o> Take<'o> {
    fn of(names: &Names, op: &'o Op) -> Option<Take<'o>> {
        match op {
            Op::Plain { stmt: Stmt::Local(Local { attrs, pat, init: Some(init), .. }), .. }
                if attrs.is_empty() && init.diverge.is_none() =>
            {
                Take::bound(names, pat, &init.expr)
            }
            Op::Assign(Assign { var, value, .. }) => {
                let items = items(value);
                let (value, key) = (items.unwrap_or(value), names.of(var)?);
                let of = owner_of_part(names, value)?;
                Some(Take { of, value, pat: None, only: items.is_none(), moves: true, key })
            }
            Op::If { .. } | Op::LetElse { .. } | Op::Match { .. } => arms::take(names, op),
            // What it binds isn't seen outside.
            Op::Scope { reopened, code, unsafety: None, .. } if reopened.is_empty() => {
                let first = Take::of(names, code.first()?)?;
                first.pat.is_none_or(is_name).then_some(Take { pat: None, only: false, ..first })
            }
            _ => None,
        }
    }

    /// `let pat = value;`
    fn bound(names: &Names, pat: &'o Pat, value: &'o Expr) -> Option<Take<'o>> {
        let of = owner_of_part(names, value).or_else(|| owner(names, value).filter(|_| !is_name(pat)))?;
        let bound = walk::bindings(names, pat);
        let moves = bound.iter().any(|var| names.get(*var).glue == Glue::Unknown);
        let key = *bound.first()?;
        (!walk::says_ref(pat)).then_some(Take { of, value, pat: Some(pat), only: true, moves, key })
    }
}

fn is_name(pat: &Pat) -> bool {
    matches!(walk::split_type(pat).0, Pat::Ident(_))
}

/// The variable that a place belongs to, if it may lack a part.
fn owner(names: &Names, value: &Expr) -> Option<VarId> {
    let var = walk::root(names, value).filter(|_| walk::is_still_place(value))?;
    (names.get(var).glue == Glue::Unknown && !names.on_loan(var)).then_some(var)
}

/// The same of a place that is a field of it, or in a field, and of some such places.
fn owner_of_part(names: &Names, value: &Expr) -> Option<VarId> {
    if let Expr::Tuple(parts) = value {
        let of = owner_of_part(names, parts.elems.first()?)?;
        let all = parts.elems.iter().all(|part| owner_of_part(names, part) == Some(of));
        return all.then_some(of);
    }
    owner(names, value).filter(|_| walk::is_field(value))
}

/// What a loop goes through.
fn items(value: &Expr) -> Option<&Expr> {
    let Expr::Call(call) = value else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let words = path.path.segments.iter().map(|segment| &segment.ident);
    let ours = path.path.leading_colon.is_some() && words.eq(["segue", "machine", "Iterable", "into_iter"]);
    call.args.first().filter(|_| ours)
}

fn chosen(program: &Program, flow: &Flow, names: &Names) -> Vec<Run> {
    let following = Following { program, flow, names };
    let mut borrowers = None;
    let mut chosen = Vec::new();
    for segment in &program.order {
        let mut any = false;
        Op::each(&program.get(*segment).code, &mut |op| any |= Take::of(names, op).is_some());
        if !any {
            continue;
        }
        following.each(*segment, &mut |place| {
            let Some(last) = Take::of(names, &place.code[place.index]) else { return };
            let (of, begin) = (last.of, begin_of_run(names, place, &last));
            if is_named_again(names, place, of) || !following.is_left(of, &following.reached(place.after)) {
                return;
            }
            let mut run = place.code[begin..=place.index].iter().filter_map(|op| Take::of(names, op));
            let first = run.clone().next().map(|take| take.key);
            let borrowers = borrowers.get_or_insert_with(|| Borrowers::find(program, names));
            if let Some(first) = first
                && run.any(|take| take.moves)
                && is_told_apart(names, place, of)
                && !borrowers.borrow(&place.after.named, of)
            {
                chosen.push(Run { segment: *segment, of, first });
            }
        });
    }
    chosen
}

/// Where the operations begin that take parts of the variable, up to this one. What they bind is bound by one pattern, each name once.
fn begin_of_run(names: &Names, place: &Place<'_>, last: &Take<'_>) -> usize {
    let mut taken = BTreeSet::new();
    let mut is_new = |take: &Take<'_>| {
        let bound = take.pat.map_or_else(Vec::new, |pat| walk::bindings(names, pat));
        bound.into_iter().all(|var| taken.insert(names.get(var).shown.to_string()))
    };
    is_new(last);
    let takes =
        |op: &&Op| Take::of(names, op).is_some_and(|take| take.of == last.of && take.only && is_new(&take));
    place.index - place.code[..place.index].iter().rev().take_while(takes).count()
}

/// Is the variable named after the operation takes a part of it, in this segment?
fn is_named_again(names: &Names, place: &Place<'_>, of: VarId) -> bool {
    let mut naming = 0;
    Op::each(&place.code[place.index..=place.index], &mut |op| {
        let mut mentions = Mentions::new(names);
        mentions.visit_op(op);
        naming += usize::from(mentions.found.contains(&of));
    });
    naming > 1 || place.after.named.contains(&of)
}

/// Does the segment know on which way the part was taken? It does if the code leads elsewhere, or declares the variable.
fn is_told_apart(names: &Names, place: &Place<'_>, of: VarId) -> bool {
    Op::leave(place.code) || place.brought.contains(&of) || walk::declared(names, place.code).contains(&of)
}

/// Writes the operations of a run.
fn write(names: &mut Names, code: &mut Vec<Op>, begin: usize, of: VarId, rest: VarId) {
    let mut lets: Vec<Stmt> = Vec::new();
    let mut bound = Vec::new();
    let mut index = begin;
    let at = Take::of(names, &code[begin]).map_or_else(mixed, |take| first_span(take.value));
    while let Some(take) = code.get(index).and_then(|op| Take::of(names, op)).filter(|take| take.of == of) {
        let (pat, only) = (take.pat.cloned(), take.only);
        if let Some(mut pat) = pat {
            let value = take.value.clone();
            Settled.visit_pat_mut(&mut pat);
            bound.extend(walk::bindings(names, &pat));
            lets.push(parse_quote_spanned!(mixed()=> let #pat = #value;));
            code.remove(index);
            continue;
        }
        let part = names.temporary("part", false);
        let value = spill(names, &mut code[index], &part);
        lets.push(parse_quote_spanned!(mixed()=> let #part = #value;));
        bound.extend(names.of(&part));
        index += 1;
        if !only {
            break;
        }
    }
    let stmts = kept(names, &lets, &bound, of, rest, at);
    code.splice(begin..begin, stmts.map(Op::ours));
}

/// Declares what is left of a variable where that is declared, to be dropped in its turn: in this code, if it isn't among those that
/// are `bound` when it begins. Where the variable came in with the segment, `codegen` does that.
fn declare(names: &Names, code: &mut Vec<Op>, bound: &[VarId], of: VarId, rest: VarId) {
    let mut declared = bound.to_vec();
    let mut before = 0;
    for (index, op) in code.iter_mut().enumerate() {
        let bound = walk::declared(names, std::slice::from_ref(op));
        if bound.contains(&of) {
            (declared, before) = (bound, index + 1);
            break;
        }
        let goes_on = matches!(op, Op::Scope { .. });
        let bound = op.brought(names).into_iter().map(|bound| if goes_on { Vec::new() } else { bound });
        op.inner_mut()
            .into_iter()
            .zip(bound)
            .for_each(|(code, bound)| declare(names, code, &bound, of, rest));
    }
    if !declared.contains(&of) {
        return;
    }
    let rest = names.ident(rest, mixed());
    let declaration = Op::ours(parse_quote_spanned!(mixed()=> let #rest;));
    let later = declared.into_iter().skip_while(|var| *var != of).skip(1);
    let again = later.filter(|var| !names.get(*var).glue.is_none()).map(|var| Op::bound_again(names, var));
    let ops: Vec<Op> = [declaration].into_iter().chain(again).collect();
    code.splice(before..before, ops);
}

/// Puts the variable that has the part in its place; what the variable is given.
fn spill(names: &Names, op: &mut Op, part: &Ident) -> Expr {
    let place = match op {
        Op::Plain { stmt: Stmt::Local(Local { init: Some(init), .. }), .. } => &mut *init.expr,
        Op::Assign(Assign { value, .. }) => match value {
            // A loop goes through it.
            Expr::Call(call) => &mut call.args[0],
            value => value,
        },
        Op::Scope { code, .. } => return spill(names, &mut code[0], part),
        op => return arms::spill(names, op, part),
    };
    std::mem::replace(place, parse_quote_spanned!(mixed()=> #part))
}

/// `let (rest, (a, mut b)) = ..; rest_of_it = rest;`, of a block that takes the parts and keeps the rest.
fn kept(names: &Names, lets: &[Stmt], bound: &[VarId], of: VarId, rest: VarId, at: Span) -> [Stmt; 2] {
    let rest = names.ident(rest, mixed());
    let of = names.ident(of, names.get(of).shown.span().located_at(at));
    let located = mixed().located_at(at);
    let whole = quote_spanned!(located=> &#of);
    let by_type = beside::by_type_ident(names);
    let (given, taken) = both_sides(names, bound);
    // The block is to have all of the variable: it would capture the parts.
    let takes = parse_quote_spanned! {mixed()=>
        let (rest, #taken) = ::segue::machine::at_once(#by_type::of(#whole).leaving(|given| async move {
            let _ = #whole;
            #(#lets)*
            given.give(#given).await
        }));
    };
    [takes, parse_quote_spanned!(mixed()=> #rest = rest;)]
}

/// Variables as a block gives them, and as they are bound to that: one by itself, else as a tuple.
fn both_sides(names: &Names, bound: &[VarId]) -> (Expr, Pat) {
    let given = bound.iter().map(|var| names.ident(*var, names.get(*var).shown.span()));
    let taken = given.clone().zip(bound).map(|(ident, var)| {
        let mutable = names.get(*var).mutable.then(|| quote_spanned!(mixed()=> mut));
        quote_spanned!(mixed()=> #mutable #ident)
    });
    match bound.len() {
        1 => (parse_quote_spanned!(mixed()=> #(#given)*), parse_quote_spanned!(mixed()=> #(#taken)*)),
        _ => (parse_quote_spanned!(mixed()=> (#(#given),*)), parse_quote_spanned!(mixed()=> (#(#taken),*))),
    }
}

/// In the block nothing is changed.
struct Settled;

impl VisitMut for Settled {
    fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
        pat.mutability = None;
        visit_mut::visit_pat_ident_mut(self, pat);
    }
}
