//! The step of a large function: a closure for each group of its states, and the way from one to another.
//!
//! A group knows its own states and delegates, and those that it makes for others: an `Exit` is `Here` or `There`. What it
//! ends with is put in its place in the whole where the closure has returned, so that no arm names the whole.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Ident;

use super::suspensions::{nested, share};
use super::{Writer, nameable};
use crate::groups::{Group, Groups};
use crate::input::{Kind, mixed};
use crate::layout::Shape;
use crate::segments::{Entry, SegmentId};

impl Writer<'_> {
    /// The group of a segment, if that is another than the one at hand.
    pub(super) fn elsewhere(&self, to: SegmentId) -> Option<usize> {
        let group = self.layout.groups.as_ref()?.of(to);
        (group != self.group).then_some(group)
    }

    /// What leaves the group at hand for another, to go on there.
    pub(super) fn leaves_for(&self, group: usize, state: TokenStream) -> TokenStream {
        let jumps = &self.groups().all[self.group].jumps;
        let jump = one_of(place(group, jumps), jumps.len(), &state, mixed());
        quote_spanned!(mixed()=> return ::core::ops::ControlFlow::Continue(#jump))
    }

    /// A state in which the function is suspended, or a delegate for it, as the group at hand knows it.
    pub(super) fn exit(
        &self,
        to: SegmentId,
        others: impl Fn(&Group) -> &[usize],
        value: TokenStream,
        at: Span,
    ) -> TokenStream {
        if self.layout.groups.is_none() {
            return value;
        }
        let located = mixed().located_at(at);
        let Some(group) = self.elsewhere(to) else {
            return quote_spanned!(located=> ::segue::machine::Exit::Here { 0: #value });
        };
        let others = others(&self.groups().all[self.group]);
        let value = one_of(place(group, others), others.len(), &value, located);
        quote_spanned!(located=> ::segue::machine::Exit::There { 0: #value })
    }

    /// A state of a group, in its place in the whole.
    pub(super) fn in_whole(&self, group: usize, state: TokenStream) -> TokenStream {
        match &self.layout.groups {
            Some(groups) => one_of(group, groups.all.len(), &state, mixed()),
            None => state,
        }
    }

    fn groups(&self) -> &Groups {
        self.layout.groups.as_ref().expect("a part is of a function that has several")
    }

    /// The closure that takes a state to its group.
    pub(super) fn step_of_groups(&mut self, groups: &Groups) -> TokenStream {
        let parts: Vec<TokenStream> = (0..groups.all.len()).map(|number| self.part(number, groups)).collect();
        let chosen = self.chosen(&parts);
        if groups.all.iter().all(|group| group.jumps.is_empty()) {
            return quote_spanned!(mixed()=> |state, mut input| #chosen);
        }
        quote_spanned!(mixed()=> |mut state, mut input| loop { state = #chosen })
    }

    /// The part that a state belongs to: a `match` for each level of the tree that they are in.
    fn chosen(&self, parts: &[TokenStream]) -> TokenStream {
        if let [part] = parts {
            return part.clone();
        }
        let arms: Vec<&[TokenStream]> = parts.chunks(share(parts.len())).collect();
        let width = arms.len();
        let entered = match self.layout.shape {
            Shape::Plain => quote_spanned!(mixed()=> state),
            Shape::Delegating => {
                let enter = format_ident!("enter{width}", span = mixed());
                quote_spanned!(mixed()=> ::segue::machine::#enter(state))
            }
        };
        let state = quote_spanned!(mixed()=> state);
        let arms = arms.iter().enumerate().map(|(index, parts)| {
            let (pattern, inner) = (member(index + 1, width, &state, mixed()), self.chosen(parts));
            quote_spanned!(mixed()=> #pattern => #inner,)
        });
        quote_spanned!(mixed()=> match #entered { #(#arms)* })
    }

    /// A group: its closure, called, and what that ends with in the place that it has in the whole.
    fn part(&mut self, number: usize, groups: &Groups) -> TokenStream {
        let group = &groups.all[number];
        let reads_input = std::mem::take(&mut self.reads_input);
        self.group = number;
        self.labelled = false;
        let arms: Vec<TokenStream> = group.segments.iter().map(|id| self.arm(*id)).collect();
        let input = self.input();
        self.reads_input |= reads_input;
        let step = if group.loops {
            let label = self.labelled.then(|| quote_spanned!(mixed()=> 'step:));
            quote_spanned!(mixed()=> |mut state, #input| #label loop { state = match state { #(#arms)* } })
        } else {
            quote_spanned!(mixed()=> |state, #input| match state { #(#arms)* })
        };
        let (part, given) = (self.function_of(number, groups), self.given_to(number, groups));
        let waits = groups.waiting.contains(&number);
        let state = |group| one_of(group, groups.all.len(), &it(), mixed());
        let at = &self.words.at;
        let jump = |group| match self.layout.shape {
            Shape::Plain => state(group),
            Shape::Delegating => {
                let jump = state(group);
                quote_spanned!(mixed()=> #at::Jump(#jump))
            }
        };
        let own = self.layout.shape == Shape::Plain
            || self.enters(group, |entry| matches!(entry, Entry::Resume(_)));
        let states = lifted(own.then_some(number), &group.suspends, state);
        let delegates =
            lifted(waits.then_some(number), &group.delegates, |group| in_delegates(group, groups));
        let (ended, jumps) = (self.whole_ends(states, delegates), &group.jumps);
        let jumps = jumps.iter().enumerate().map(|(index, to)| {
            let (pattern, next) = (one_of(index, jumps.len(), &it(), mixed()), jump(*to));
            quote_spanned!(mixed()=> ::core::ops::ControlFlow::Continue { 0: #pattern } => #next,)
        });
        quote_spanned!(mixed()=> match #part(state, #given, #step) { #ended #(#jumps)* })
    }

    /// The arms that end the whole step as a group has ended.
    fn whole_ends(&self, states: Option<TokenStream>, delegates: Option<TokenStream>) -> TokenStream {
        let step = &self.words.step;
        let end = quote_spanned!(mixed()=> ::core::ops::ControlFlow::Break);
        let yields = states.as_ref().filter(|_| !matches!(self.function.kind, Kind::Task)).map(|states| {
            quote_spanned! {mixed()=>
                #end { 0: #step::Yield { 0: value, 1: it } } => return #end { 0: #step::Yield { 0: value, 1: #states } },
            }
        });
        let delegates = states.zip(delegates).map(|(states, delegates)| {
            quote_spanned! {mixed()=>
                #end { 0: #step::Delegate { 0: waits, 1: it } } => {
                    let state = #states;
                    let it = waits;
                    return #end { 0: #step::Delegate { 0: #delegates, 1: state } };
                }
            }
        });
        quote_spanned! {mixed()=>
            #yields
            #delegates
            #end { 0: #step::Return { 0: value } } => return #end { 0: #step::Return { 0: value } },
        }
    }

    /// What came, as the group knows it.
    fn given_to(&self, number: usize, groups: &Groups) -> TokenStream {
        if self.layout.shape == Shape::Plain {
            return quote_spanned!(mixed()=> input.within(|it| it));
        }
        if !groups.waiting.contains(&number) {
            return quote_spanned!(mixed()=> input.without());
        }
        let levels = super::suspensions::levels(place(number, &groups.waiting) + 1, groups.waiting.len());
        let found = levels.iter().fold(it(), |found, level| {
            let outcome = format_ident!("Outcome{}", level.width, span = mixed());
            let method = format_ident!("outcome{}", level.of, span = mixed());
            quote_spanned!(mixed()=> ::segue::machine::#outcome::#method(#found))
        });
        quote_spanned!(mixed()=> input.within(|it| #found))
    }

    /// The function that calls the closure of a group, with the types that no arm of it may tell.
    fn function_of(&self, number: usize, groups: &Groups) -> TokenStream {
        let group = &groups.all[number];
        let known = |there: bool| match there {
            true => quote_spanned!(mixed()=> _),
            false => quote_spanned!(mixed()=> ::core::convert::Infallible),
        };
        let begins = known(number == 0);
        let states = known(self.enters(group, |entry| matches!(entry, Entry::Resume(_))));
        let own_jumps = known(self.enters(group, |entry| matches!(entry, Entry::Loop | Entry::After)));
        let (suspends, jumps) = (known(!group.suspends.is_empty()), known(!group.jumps.is_empty()));
        let delegates = known(!group.delegates.is_empty());
        let output = nameable(self.function.output());
        let (resume, yields, output) = match &self.function.kind {
            Kind::Task => (quote_spanned!(mixed()=> _), known(false), quote_spanned!(mixed()=> #output)),
            Kind::Stream { yields } => {
                (quote_spanned!(mixed()=> _), quote_spanned!(mixed()=> #yields), quote_spanned!(mixed()=> ()))
            }
            Kind::Generator { yields, resume } => (
                quote_spanned!(mixed()=> #resume),
                quote_spanned!(mixed()=> #yields),
                quote_spanned!(mixed()=> #output),
            ),
        };
        if self.layout.shape == Shape::Plain {
            return quote_spanned! {mixed()=>
                ::segue::machine::generator::part::<_, #suspends, #jumps, #resume, #yields, #output>
            };
        }
        if !groups.waiting.contains(&number) {
            return quote_spanned! {mixed()=>
                ::segue::machine::alone::<#begins, #states, #own_jumps, #suspends, #delegates, #jumps, #resume, #yields, #output>
            };
        }
        let (module, types) = match &self.function.kind {
            Kind::Task => ("task", output),
            Kind::Stream { .. } => ("stream", yields),
            Kind::Generator { .. } => ("delegator", quote_spanned!(mixed()=> #resume, #yields, #output)),
        };
        let module = Ident::new(module, mixed());
        quote_spanned!(mixed()=> ::segue::machine::#module::part::<#begins, #states, #own_jumps, _, #suspends, _, #delegates, #jumps, #types>)
    }

    fn enters(&self, group: &Group, wanted: impl Fn(Entry) -> bool) -> bool {
        group.segments.iter().any(|id| wanted(self.program.get(*id).entry))
    }
}

/// What is moved from a group to the whole.
fn it() -> TokenStream {
    quote_spanned!(mixed()=> it)
}

fn place(group: usize, others: &[usize]) -> usize {
    others.iter().position(|other| *other == group).expect("a group knows where it leads")
}

/// Place `index` of `count`.
fn one_of(index: usize, count: usize, value: &TokenStream, span: Span) -> TokenStream {
    if count == 1 {
        return value.clone();
    }
    nested(index + 1, count, |of, width, _, inner| {
        let inner = inner.unwrap_or_else(|| value.clone());
        member(of, width, &inner, span)
    })
}

/// `Group4::B(value)`
fn member(of: usize, width: usize, value: &TokenStream, span: Span) -> TokenStream {
    let (group, letter) = (format_ident!("Group{width}", span = mixed()), letter(of));
    quote_spanned!(span=> ::segue::machine::#group::#letter { 0: #value })
}

/// The name of a member, from 1.
fn letter(of: usize) -> Ident {
    Ident::new(["A", "B", "C", "D", "E", "F", "G", "H"][of - 1], mixed())
}

/// `Delegate4::B { delegate: value }`
pub(super) fn delegated(of: usize, width: usize, value: &TokenStream, span: Span) -> TokenStream {
    let (delegate, letter) = (format_ident!("Delegate{width}", span = mixed()), letter(of));
    quote_spanned!(span=> ::segue::machine::#delegate::#letter { delegate: #value })
}

fn in_delegates(group: usize, groups: &Groups) -> TokenStream {
    nested(place(group, &groups.waiting) + 1, groups.waiting.len(), |of, width, _, inner| {
        delegated(of, width, &inner.unwrap_or_else(it), mixed())
    })
}

/// What a group ends with in its place: what it has of its own, and what is for others. Nothing, where there is neither.
fn lifted(own: Option<usize>, groups: &[usize], whole: impl Fn(usize) -> TokenStream) -> Option<TokenStream> {
    let own = own.map(|group| {
        let whole = whole(group);
        quote_spanned!(mixed()=> ::segue::machine::Exit::Here { 0: it } => #whole,)
    });
    let others = groups.iter().enumerate().map(|(index, group)| {
        let (pattern, whole) = (one_of(index, groups.len(), &it(), mixed()), whole(*group));
        quote_spanned!(mixed()=> ::segue::machine::Exit::There { 0: #pattern } => #whole,)
    });
    let arms: Vec<TokenStream> = own.into_iter().chain(others).collect();
    (!arms.is_empty()).then(|| quote_spanned!(mixed()=> match it { #(#arms)* }))
}
