//! Which variables other variables borrow while the function is suspended: those are on *loan*.
//!
//! A state moves at each step, so the value of such a variable gets a home of its own ([`places`](crate::places)
//! writes that), and the function's body stands beside the machine for rustc to check
//! ([`proof`](crate::proof)). One loan too many costs an allocation; one too few is an error of rustc's.

mod conventions;
mod holders;
mod looked_through;
mod sources;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::Pat;

pub(crate) use self::holders::{Holder, Holders};
use self::sources::{Owners, Sources};
use crate::flow::{Flow, Need, Presence};
use crate::input::{Function, NoLoan};
use crate::names::{Loan, Names, VarId};
use crate::rests;
use crate::segments::{Entry, Op, Program, SegmentId};
use crate::suspension::Wait;
use crate::tree::Dest;
use crate::walk;

/// The variables on loan, and why.
#[derive(Default)]
pub(crate) struct Loans {
    of: BTreeMap<VarId, Reason>,
    /// Types that the function is generic over may be in what is borrowed: how long those live has to be said.
    framed: bool,
}

struct Reason {
    name: String,
    loan: Loan,
    /// Who has the borrow; nobody where the suspension itself does.
    holder: Option<String>,
    over: Over,
    /// It is used by value and again later.
    copies: bool,
}

/// What a borrow lasts over.
#[derive(Clone, Copy)]
enum Over {
    Wait(Wait),
    /// From one segment to the next: a state moves then too.
    Jump,
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Over::Wait(wait) => write!(f, "{wait:?}"),
            Over::Jump => f.write_str("a jump"),
        }
    }
}

impl Loans {
    pub(crate) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Leaves out what the user says nothing borrows. Where that isn't so rustc finds a borrow that doesn't live long enough.
    fn leave_out(&mut self, no_loan: &NoLoan) -> syn::Result<()> {
        let names: BTreeSet<String> = self.of.values().map(|reason| format!("`{}`", reason.name)).collect();
        let there = match names.is_empty() {
            true => "nothing is on loan here".to_owned(),
            false => format!("on loan here: {}", names.into_iter().collect::<Vec<_>>().join(", ")),
        };
        if no_loan.names.is_empty() {
            return Err(syn::Error::new(no_loan.at, format!("`no_loan` names no variable; {there}")));
        }
        for name in &no_loan.names {
            let before = self.of.len();
            self.of.retain(|_, reason| *name != reason.name);
            if self.of.len() == before {
                return Err(syn::Error::new(name.span(), format!("`{name}` isn't on loan; {there}")));
            }
        }
        Ok(())
    }

    /// Tells the variables of it, from here on.
    pub(crate) fn enter(&self, names: &mut Names) {
        names.framed = self.framed;
        for (var, reason) in &self.of {
            names.lend_out(*var, reason.loan, reason.copies);
        }
    }
}

impl fmt::Display for Loans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for reason in self.of.values() {
            let holder = reason.holder.as_deref().unwrap_or("what is waited for");
            writeln!(f, "{}: {holder} borrows it over {} ({:?})", reason.name, reason.over, reason.loan)?;
        }
        Ok(())
    }
}

pub(crate) fn choose(
    function: &Function,
    program: &Program,
    flow: &Flow,
    names: &Names,
) -> syn::Result<Loans> {
    let chooser = Chooser { program, flow, names, sources: Sources::of(program, names) };
    let mut loans = Loans::default();
    if rests::ARE_KEPT && !function.is_recursive() {
        loans.of = chooser.loans();
    }
    if let Some(no_loan) = &function.no_loan {
        loans.leave_out(no_loan)?;
    }
    let origins = loans.of.keys().flat_map(|owner| chooser.sources.origins(*owner));
    loans.framed = origins.into_iter().any(|var| may_be_generic(function, names, var));
    Ok(loans)
}

/// Which variables may borrow others.
pub(crate) struct Borrowers(Sources);

impl Borrowers {
    pub(crate) fn find(program: &Program, names: &Names) -> Borrowers {
        Borrowers(Sources::of(program, names))
    }

    /// May one of these have a borrow of the variable?
    pub(crate) fn borrow(&self, vars: &BTreeSet<VarId>, owner: VarId) -> bool {
        vars.iter().any(|var| *var != owner && self.0.of_var(*var).all().any(|other| other == owner))
    }
}

/// Is it an argument whose type the function is generic over, or has a lifetime in it?
fn may_be_generic(function: &Function, names: &Names, var: VarId) -> bool {
    if var.0 >= names.params {
        return false;
    }
    let Some(ty) = &names.get(var).ty else { return true };
    let generic = |ident: &syn::Ident| {
        ident == "Self"
            || ident == "impl"
            || function.sig.generics.type_params().any(|param| param.ident == *ident)
    };
    walk::mentions_any(ty.to_token_stream(), &|token| match token {
        TokenTree::Ident(ident) => generic(ident),
        TokenTree::Punct(punct) => matches!(punct.as_char(), '\'' | '&'),
        _ => false,
    })
}

/// The values of loops: they are bound by the jump that leaves the loop.
fn results(program: &Program, names: &Names) -> BTreeSet<VarId> {
    let vars = program.results.iter().filter_map(Dest::var);
    vars.filter_map(|var| names.of(&var)).collect()
}

/// Is the variable gone somewhere, and yet named later?
fn is_copied(program: &Program, flow: &Flow, names: &Names, var: VarId) -> bool {
    let is_copied = |id| flow.presence(id, var) == Presence::Gone && flow.need(names, id, var) == Need::Value;
    program.order.iter().any(|id| is_copied(*id))
}

/// Is it a `&mut` argument of which only what it refers to is used?
fn is_only_looked_through(program: &Program, names: &Names, var: VarId) -> bool {
    let of_argument = |ty: &syn::Type| matches!(ty, syn::Type::Reference(to) if to.mutability.is_some());
    var.0 < names.params
        && names.get(var).ty.as_ref().is_some_and(of_argument)
        && !names.get(var).mutable
        && looked_through::is_only_looked_through(program, names, var)
}

struct Chooser<'a> {
    program: &'a Program,
    flow: &'a Flow,
    names: &'a Names,
    sources: Sources,
}

impl Chooser<'_> {
    /// The variables on loan; of several reasons the first that is a suspension.
    fn loans(&self) -> BTreeMap<VarId, Reason> {
        let Chooser { program, flow, names, .. } = *self;
        let results = results(program, names);
        let mut loans: BTreeMap<VarId, Reason> = BTreeMap::new();
        for id in &program.order {
            self.suspensions(*id, &mut |owner, holder, over| {
                if results.contains(&owner) {
                    return;
                }
                // A suspension says more than a jump.
                let jumps_only = |reason: &Reason| matches!((reason.over, over), (Over::Jump, Over::Wait(_)));
                if loans.get(&owner).is_some_and(|reason| !jumps_only(reason)) {
                    return;
                }
                let looked_through = is_only_looked_through(program, names, owner);
                let reason = Reason {
                    name: names.called(owner),
                    loan: if looked_through { Loan::Reference } else { Loan::Home },
                    holder: holder.map(|holder| names.called(holder)),
                    over,
                    copies: is_copied(program, flow, names, owner),
                };
                loans.insert(owner, reason);
            });
        }
        loans
    }

    /// Shows each variable that is borrowed while the function waits, or is about, to go on in this segment, or waits in one of its
    /// suspensions.
    fn suspensions(&self, id: SegmentId, found: &mut dyn FnMut(VarId, Option<VarId>, Over)) {
        let segment = self.program.get(id);
        let over = match segment.entry {
            Entry::Start => None,
            Entry::Resume(wait) => Some(Over::Wait(wait)),
            Entry::Loop | Entry::After => Some(Over::Jump),
        };
        if let Some(over) = over {
            for holder in &segment.scope {
                let owners = match self.flow.need(self.names, id, *holder) {
                    Need::Value => self.sources.of_var(*holder),
                    Need::Held | Need::Flagged => self.sources.of_guard(*holder),
                    Need::Declared | Need::Nothing => continue,
                };
                let here = self.there(id, &owners).into_iter().filter(|owner| owner != holder);
                here.for_each(|owner| found(owner, Some(*holder), over));
            }
        }
        Op::each(&segment.code, &mut |op| {
            if let Op::Suspend { suspend, to } = op
                && let Some(operand) = &suspend.operand
            {
                let waiting = self.sources.of_operand(self.names, operand, suspend.wait);
                let over = Over::Wait(suspend.wait);
                self.there(*to, &waiting).into_iter().for_each(|owner| found(owner, None, over));
                if let (Wait::Await, Some(into)) = (suspend.wait, received(self.program, *to)) {
                    let lent = self.there(*to, &self.sources.of_output(self.names, operand, into));
                    for output in walk::bindings(self.names, into) {
                        lent.iter().for_each(|owner| found(*owner, Some(output), over));
                    }
                }
            }
        });
    }

    /// Those that are there while the function waits to go on in this segment.
    fn there(&self, id: SegmentId, owners: &Owners) -> BTreeSet<VarId> {
        let named = |var: &&VarId| self.flow.need(self.names, id, **var) == Need::Value;
        let here = |var: &&VarId| matches!(self.flow.presence(id, **var), Presence::Set | Presence::Maybe);
        // What is gone and yet borrowed was copied.
        let copied = owners.referred.iter().filter(|var| self.flow.presence(id, **var) != Presence::Unset);
        let borrowed = owners.borrowed.iter().filter(here).chain(owners.perhaps.iter().filter(named));
        let scope = &self.program.get(id).scope;
        let mut found: BTreeSet<VarId> = copied.chain(borrowed).copied().collect();
        found.retain(|var| scope.contains(var) && !walk::is_shared_reference(self.names, *var));
        found
    }
}

/// What the value of the suspension before a segment is bound to.
fn received(program: &Program, id: SegmentId) -> Option<&Pat> {
    let mut received = None;
    Op::each(&program.get(id).code, &mut |op| {
        if let (None, Op::Receive { into, .. }) = (received, op) {
            received = into.as_ref();
        }
    });
    received
}
