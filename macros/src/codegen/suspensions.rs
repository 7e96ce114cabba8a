//! A suspension: what is yielded or waited for, and what comes of it.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Expr, Ident, Pat, parse_quote_spanned};

use super::parts::delegated;
use super::{Writer, located_ident};
use crate::capturing::{self, Captured};
use crate::exits;
use crate::input::{Kind, is_unit, mixed};
use crate::layout::{Field, Kept, State};
use crate::names::VarId;
use crate::segments::{Op, Segment, SegmentId};
use crate::suspension::{At, Wait};
use crate::tree::Suspend;
use crate::walk::split_type;

impl Writer<'_> {
    pub(super) fn suspend(&mut self, suspend: &Suspend, to: SegmentId) -> TokenStream {
        let span = suspend.at.word;
        let located = mixed().located_at(span);
        let step = located_ident(&self.words.step, located);
        // Of the user's own span: it is what is yielded, should that be wrong.
        let unit = || parse_quote_spanned!(span=> ());
        let operand = exits::rewrite_expr(suspend.operand.clone().unwrap_or_else(unit), self);
        let state = self.suspended(to, span);
        match suspend.wait {
            Wait::Yield if self.layout.groups.is_some() => {
                quote_spanned! {located=>
                    return ::core::ops::ControlFlow::Break { 0: #step::Yield { 0: #operand, 1: #state } };
                }
            }
            Wait::Yield => quote_spanned!(located=> return #step::yields(#operand, #state);),
            Wait::Call => quote_spanned!(located=> return #step::calls(#operand, #state);),
            Wait::YieldFrom => {
                let child = self.child(&operand, located);
                let delegate = self.delegate(suspend, to, child);
                self.waits("delegates", &delegate, &state, located)
            }
            Wait::Await | Wait::Item => {
                let future = match suspend.wait {
                    Wait::Item => self.item(to, located),
                    _ => self.future(operand, suspend.ready, to, span),
                };
                let future = self.awaited(future, located);
                let delegate = self.delegate(suspend, to, future);
                self.waits("awaits", &delegate, &state, located)
            }
        }
    }

    /// `return Step::awaits(delegate, state);`, or in a group of states what names its types but once.
    fn waits(&self, how: &str, delegate: &TokenStream, state: &TokenStream, located: Span) -> TokenStream {
        let step = located_ident(&self.words.step, located);
        if self.layout.groups.is_some() {
            return quote_spanned! {located=>
                return ::core::ops::ControlFlow::Break { 0: #step::Delegate { 0: #delegate, 1: #state } };
            };
        }
        let how = Ident::new(how, located);
        quote_spanned!(located=> return #step::#how(#delegate, #state);)
    }

    /// What a generator delegates to, told what it must yield and take.
    fn child(&self, operand: &Expr, located: Span) -> TokenStream {
        match &self.function.kind {
            Kind::Generator { yields, resume } => {
                quote_spanned!(located=> Child::<_, #resume, #yields>::new(#operand).delegate())
            }
            Kind::Stream { yields } => {
                let streamed = located_ident(&self.words.streamed, located);
                quote_spanned!(located=> #streamed::<#yields, _, _>(#operand))
            }
            Kind::Task => unreachable!("a task awaits"),
        }
    }

    /// The next item of a stream: what waits for it has the stream, and gives both.
    fn item(&self, to: SegmentId, located: Span) -> TokenStream {
        let stream = self.layout.states[&to].returned.iter().map(|field| self.at_hand(field.var, None));
        quote_spanned!(located=> ::segue::machine::next_item(#(#stream)*))
    }

    /// A future as one of the things that a stream waits for.
    fn awaited(&self, future: TokenStream, located: Span) -> TokenStream {
        match self.function.kind {
            Kind::Stream { .. } => {
                let awaited = located_ident(&self.words.awaited, located);
                quote_spanned!(located=> #awaited(#future))
            }
            _ => future,
        }
    }

    /// The awaited future: the operand itself, or a block that it borrows from.
    fn future(&mut self, operand: Expr, ready: bool, to: SegmentId, span: Span) -> TokenStream {
        let layout = self.layout;
        let state = &layout.states[&to];
        if !state.wrapped {
            self.awaits_operand = true;
            let (located, awaitable) = (mixed().located_at(span), &self.words.awaitable);
            let awaitable = located_ident(awaitable, located);
            return quote_spanned!(located=> #awaitable::awaited(#operand));
        }
        let order = self.captured_in_order(state, &operand);
        let awaited = match ready {
            true => operand,
            false => Expr::Await(syn::ExprAwait {
                attrs: Vec::new(),
                base: Box::new(operand),
                dot_token: syn::Token![.](mixed()),
                await_token: syn::Token![await](span),
            }),
        };
        let rest = self.program.rests.get(&to);
        let back = state.returned.iter().filter(|field| rest.is_none_or(|rest| rest.var != field.var));
        let back = back.map(|field| match (field.kept, self.held.get(&field.var)) {
            (Kept::Value, _) | (_, Some(_)) => self.at_hand(field.var, Some(span)).into_token_stream(),
            _ => self.hold(field.var, Some(span)),
        });
        let back: Vec<TokenStream> = back.collect();
        if back.is_empty() && rest.is_none() {
            return quote_spanned!(mixed()=> async move { #order #awaited });
        }
        let output = self.output(state);
        // What can't come back, since the output borrows it, is told at the `await`.
        let all = match back.is_empty() {
            true => quote_spanned!(mixed().located_at(span)=> #output),
            false => quote_spanned!(mixed().located_at(span)=> (#(#back,)* #output)),
        };
        let given = match rest {
            None => return quote_spanned!(mixed()=> async move { #order let #output = #awaited; #all }),
            Some(rest) if rest.of.is_empty() => {
                // Built, not quoted: a struct literal in what is looked at needs parentheses.
                let mut gives: syn::ExprMatch =
                    parse_quote_spanned!(mixed()=> match () { #output => given.give(#all).await });
                *gives.expr = awaited;
                gives.into_token_stream()
            }
            Some(_) => quote_spanned!(mixed()=> let #output = #awaited; given.give(#all).await),
        };
        let leaving = self.leaving(rest.map_or(&[], |rest| &rest.of));
        quote_spanned!(mixed()=> #leaving(|given| async move { #order #given }))
    }

    /// Captures are dropped in the order in which they are first named: in reverse of declaration. A variable of
    /// which only parts are named is captured whole if it is named first.
    fn captured_in_order(&self, state: &State, operand: &Expr) -> Option<TokenStream> {
        let order: Vec<Ident> = state.captured.iter().rev().map(|var| self.at_hand(*var, None)).collect();
        let moved = capturing::moved_into(self.names, operand);
        let is_whole = |var| matches!(moved.get(var), Some((Captured::Whole, _)));
        let named_whole = state.captured.iter().all(is_whole);
        match &order[..] {
            [] => None,
            [one] => (!named_whole).then(|| quote_spanned!(mixed()=> let _ = &#one;)),
            order => Some(quote_spanned!(mixed()=> let _ = (#(&#order),*);)),
        }
    }

    /// What makes the future that something may stay behind in: by the types of these variables, if they are known
    /// where it stands.
    fn leaving(&mut self, of: &[VarId]) -> TokenStream {
        let known = of.iter().all(|var| self.names.get(*var).closure.is_none());
        let Some((first, more)) = of.split_first().filter(|_| known) else {
            self.leaves = true;
            return self.words.leaving.to_token_stream();
        };
        self.leaves_by_type = true;
        let (rest, first) = (&self.words.rest, self.at_hand(*first, None));
        let more = more.iter().map(|var| self.at_hand(*var, None));
        quote_spanned!(mixed()=> #rest::of(&#first) #(.and(&#more))* .leaving)
    }

    /// What comes of an awaited future that something stays behind in, its variables in their order.
    fn with_rest(&self, outcome: TokenStream, to: SegmentId) -> TokenStream {
        let state = &self.layout.states[&to];
        let Some(rest) = self.program.rests.get(&to).filter(|_| state.returned.len() > 1) else {
            return outcome;
        };
        let all = state.returned.iter().map(|field| self.field(*field, None));
        let given = state.returned.iter().filter(|field| field.var != rest.var);
        let given = given.map(|field| self.field(*field, None));
        let (var, output) = (self.at_hand(rest.var, None), self.output(state));
        quote_spanned!(mixed()=> { let (#var, (#(#given,)* #output)) = #outcome; (#(#all,)* #output) })
    }

    /// What the output of a future is called beside what comes back with it.
    pub(super) fn output(&self, state: &State) -> Ident {
        let taken = |field: &Field| {
            let var = self.names.get(field.var);
            var.ours && var.shown == "output"
        };
        match state.fields.iter().chain(&state.returned).any(taken) {
            true => self.words.output.clone(),
            false => Ident::new("output", mixed()),
        }
    }

    fn delegate(&self, suspend: &Suspend, to: SegmentId, delegate: TokenStream) -> TokenStream {
        let number = self.layout.states[&to].delegate.expect("a delegation has a number");
        let located = mixed().located_at(suspend.at.word);
        let name = Ident::new(&self.words.delegate.to_string(), located);
        let grouped = self.layout.groups.is_some();
        let delegate = nested(number, self.beside(to), |place, width, outermost, inner| {
            let of = format_ident!("of{place}", span = located);
            let inner = inner.unwrap_or_else(|| delegate.clone());
            if grouped {
                return delegated(place, width, &inner, located);
            }
            if outermost {
                quote_spanned!(located=> #name::#of(#inner))
            } else {
                let item = format_ident!("Delegate{width}", span = mixed());
                quote_spanned!(mixed()=> ::segue::machine::#item::#of(#inner))
            }
        });
        self.exit(to, |group| &group.delegates, delegate, suspend.at.word)
    }

    /// How many delegates there are for the state to be told apart from: all, or those of its group.
    fn beside(&self, to: SegmentId) -> usize {
        match &self.layout.groups {
            Some(groups) => {
                let segments = &groups.all[groups.of(to)].segments;
                segments.iter().filter(|id| self.layout.states[id].delegate.is_some()).count()
            }
            None => self.layout.delegates,
        }
    }

    /// What comes back from an awaited future belongs to the whole arm, even where a block goes on,
    /// and was there before what is declared anew.
    pub(super) fn unpack(&mut self, segment: &Segment, to: SegmentId) -> Option<TokenStream> {
        let state = &self.layout.states[&to];
        let in_turn = matches!(segment.code.first(), Some(Op::Receive { .. })) && state.declared.is_empty();
        self.unpacked = !state.returned.is_empty() && !in_turn;
        if !self.unpacked {
            return None;
        }
        self.reads_input = true;
        let back = state.returned.iter().map(|field| self.binding(*field));
        let nowhere = At { word: mixed(), end: mixed() };
        let outcome = self.with_rest(self.outcome(to, nowhere), to);
        let output = self.output(state);
        Some(quote_spanned!(mixed()=> let (#(#back,)* #output) = #outcome;))
    }

    fn outcome(&self, of: SegmentId, at: At) -> TokenStream {
        let number = self.layout.states[&of].delegate.expect("a delegation has a number");
        let located = mixed().located_at(at.word);
        let outcomes = outcome_path(number, self.beside(of), located);
        outcomes.into_iter().fold(quote_spanned!(located=> input), |before, outcome| {
            called(&quote_spanned!(located=> #before.#outcome), at)
        })
    }

    /// What a suspension evaluates to.
    pub(super) fn received(&mut self, wait: Wait, at: At, segment: SegmentId) -> TokenStream {
        let located = mixed().located_at(at.word);
        if self.sends_nothing(wait) {
            return quote_spanned!(located=> ());
        }
        self.reads_input = true;
        let state = &self.layout.states[&segment];
        match wait {
            Wait::Yield => called(&quote_spanned!(located=> input.sent), at),
            Wait::Call => called(&quote_spanned!(located=> input.returned), at),
            _ if self.unpacked => located_ident(&self.output(state), located).into_token_stream(),
            _ => self.with_rest(self.outcome(segment, at), segment),
        }
    }

    fn sends_nothing(&self, wait: Wait) -> bool {
        let nothing = match &self.function.kind {
            Kind::Generator { resume, .. } => is_unit(resume),
            Kind::Stream { .. } => true,
            Kind::Task => false,
        };
        wait == Wait::Yield && nothing
    }

    /// Binds what a suspension evaluates to.
    pub(super) fn receive(
        &mut self,
        into: Option<&Pat>,
        wait: Wait,
        at: At,
        segment: SegmentId,
    ) -> TokenStream {
        if into.is_none() && self.sends_nothing(wait) {
            return TokenStream::new();
        }
        let value = self.received(wait, at, segment);
        let returned = if self.unpacked { &[][..] } else { &self.layout.states[&segment].returned };
        let back: Vec<TokenStream> = returned.iter().map(|field| self.binding(*field)).collect();
        // What a pattern leaves of a variable would stay in it.
        let taken = |output: TokenStream, pat: &Pat| match split_type(pat).0 {
            Pat::Ident(_) => output,
            _ => quote_spanned!(mixed()=> { #output }),
        };
        match into {
            None if back.is_empty() => quote_spanned!(mixed()=> #value;),
            None => quote_spanned!(mixed()=> let (#(#back,)* _) = #value;),
            Some(pat) if back.is_empty() => {
                let value = if self.unpacked { taken(value, pat) } else { value };
                quote_spanned!(mixed()=> let #pat = #value;)
            }
            Some(pat @ Pat::Type(_)) => {
                let output = self.output(&self.layout.states[&segment]);
                let taken = taken(output.to_token_stream(), pat);
                quote_spanned!(mixed()=> let (#(#back,)* #output) = #value; let #pat = #taken;)
            }
            Some(pat) => quote_spanned!(mixed()=> let (#(#back,)* #pat) = #value;),
        }
    }

    /// The same, if a `?` lets it.
    pub(super) fn receive_tried(
        &mut self,
        into: Option<&Pat>,
        wait: Wait,
        at: At,
        question: syn::Token![?],
        segment: SegmentId,
    ) -> TokenStream {
        let output = self.output(&self.layout.states[&segment]);
        let tried = exits::question(&output, question, &self.words.step);
        let output: Pat = parse_quote_spanned!(mixed()=> #output);
        let received = self.receive(Some(&output), wait, at, segment);
        let binding = into.map(|pat| quote_spanned!(mixed()=> let #pat =));
        quote_spanned!(mixed()=> #received #binding #tried;)
    }

    /// Where the function next suspends after a jump: what can't be kept till then is told there.
    pub(super) fn first_suspension(&self, to: SegmentId) -> Option<Span> {
        let mut seen = vec![to];
        let mut index = 0;
        while let Some(id) = seen.get(index) {
            let mut next = Vec::new();
            if let Some(span) = suspension_in(&self.program.get(*id).code, &mut next) {
                return Some(span);
            }
            next.retain(|to| !seen.contains(to));
            seen.extend(next);
            index += 1;
        }
        None
    }
}

/// How many delegates one `Delegate…` tells apart.
const WIDTH: usize = 8;

/// One step on the way to a delegate: it is place `of`, from 1, of a `Delegate…` of so many.
pub(super) struct Level {
    pub(super) of: usize,
    pub(super) width: usize,
}

/// How many delegates the outermost `Delegate…` tells apart.
pub(super) fn outermost_width(count: usize) -> usize {
    count.div_ceil(share(count))
}

/// How many delegates each place of the outermost `Delegate…` holds, but for the last: one if they are few, and else
/// a power of [`WIDTH`], so that no delegate lies deeper than it must.
pub(super) fn share(count: usize) -> usize {
    let mut share = 1;
    while share * WIDTH < count {
        share *= WIDTH;
    }
    share
}

/// The way to delegate `number`, from 1, of `count`, from the outside in.
pub(super) fn levels(number: usize, count: usize) -> Vec<Level> {
    let mut levels = Vec::new();
    let (mut before, mut count) = (number - 1, count);
    loop {
        let share = share(count);
        levels.push(Level { of: before / share + 1, width: outermost_width(count) });
        count = share.min(count - before / share * share);
        before %= share;
        if count == 1 {
            return levels;
        }
    }
}

/// Builds what stands for delegate `number` of `count`, from the inside out.
pub(super) fn nested(
    number: usize,
    count: usize,
    build: impl Fn(usize, usize, bool, Option<TokenStream>) -> TokenStream,
) -> TokenStream {
    let mut inner = None;
    for (depth, level) in levels(number, count).iter().enumerate().rev() {
        inner = Some(build(level.of, level.width, depth == 0, inner));
    }
    inner.expect("there is at least one level")
}

fn outcome_path(number: usize, count: usize, span: Span) -> Vec<Ident> {
    let outcome = |level: &Level| format_ident!("outcome{}", level.of, span = span);
    levels(number, count).iter().map(outcome).collect()
}

/// The first suspension in a segment, or else where it jumps.
fn suspension_in(code: &[Op], jumps: &mut Vec<SegmentId>) -> Option<Span> {
    let mut first = None;
    Op::each(code, &mut |op| match op {
        Op::Suspend { suspend, .. } => first = first.or(Some(suspend.at.word)),
        Op::Goto { to, .. } => jumps.push(*to),
        _ => {}
    });
    first
}

/// A call that stands where a suspension does, to its end.
fn called(function: &TokenStream, at: At) -> TokenStream {
    let mut arguments = Group::new(Delimiter::Parenthesis, TokenStream::new());
    arguments.set_span(mixed().located_at(at.end));
    quote_spanned!(mixed()=> #function #arguments)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{WIDTH, levels};

    /// Each delegate has a way of its own, and ways that go through one place agree on how wide it is.
    #[test]
    fn delegates_are_told_apart() {
        for count in 1..=WIDTH * WIDTH * WIDTH + 3 {
            let (mut ways, mut widths) = (BTreeSet::new(), BTreeMap::new());
            for number in 1..=count {
                let mut way = Vec::new();
                for level in levels(number, count) {
                    assert!((1..=level.width).contains(&level.of) && level.width <= WIDTH);
                    assert_eq!(*widths.entry(way.clone()).or_insert(level.width), level.width);
                    way.push(level.of);
                }
                assert!(ways.insert(way));
            }
            assert!(ways.iter().all(|way| (0..way.len()).all(|end| !ways.contains(&way[..end]))));
            assert_eq!(count <= WIDTH, ways.iter().all(|way| way.len() == 1));
        }
    }
}
