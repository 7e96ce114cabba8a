//! The enums of states and jumps, and a state as it is built and matched.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Ident;

use super::{Writer, located_ident};
use crate::input::mixed;
use crate::layout::{Field, Kept, Shape, State};
use crate::names::VarId;
use crate::pretty::HELD;
use crate::segments::{Entry, SegmentId};

impl Writer<'_> {
    /// The enums: of the states that are stored, and of the jumps inside a step.
    pub(super) fn enums(&self) -> TokenStream {
        match &self.layout.groups {
            Some(groups) => groups.all.iter().map(|group| self.enums_of(&group.segments)).collect(),
            None => self.enums_of(&self.program.order),
        }
    }

    /// Those of some segments: all, or a group.
    fn enums_of(&self, segments: &[SegmentId]) -> TokenStream {
        match self.layout.shape {
            Shape::Plain => self.define(segments, |_| true),
            Shape::Delegating => {
                let states = self.define(segments, |entry| matches!(entry, Entry::Resume(_)));
                let jumps = self.define(segments, |entry| matches!(entry, Entry::Loop | Entry::After));
                quote_spanned!(mixed()=> #states #jumps)
            }
        }
    }

    /// What the enum is called that this state is in.
    fn enum_of(&self, id: SegmentId) -> Ident {
        let jumps = self.layout.shape == Shape::Delegating
            && matches!(self.program.get(id).entry, Entry::Loop | Entry::After);
        match &self.layout.groups {
            Some(groups) => {
                let word = if jumps { "Jump" } else { "State" };
                let name = self.names.free(&format!("Group{}{word}", groups.of(id) + 1));
                Ident::new(&name, mixed())
            }
            None if jumps => self.words.jump.clone(),
            None => self.words.state.clone(),
        }
    }

    /// The type parameters that these states need, in the order of their names' first appearance.
    fn params(&self, states: &[&State]) -> Vec<&Ident> {
        let mut params = Vec::new();
        for field in states.iter().flat_map(|state| &state.fields) {
            let param = &self.layout.params[field];
            if !params.contains(&param) {
                params.push(param);
            }
        }
        params
    }

    /// Fields stand in reverse order of declaration: that is the order in which they are dropped.
    /// Arguments that were never taken are dropped in order, as a future's captures are.
    fn define(&self, segments: &[SegmentId], wanted: impl Fn(Entry) -> bool) -> TokenStream {
        let chosen = segments.iter().filter(|id| wanted(self.program.get(**id).entry));
        let chosen: Vec<SegmentId> = chosen.copied().collect();
        let Some(first) = chosen.first() else { return TokenStream::new() };
        let name = self.enum_of(*first);
        let states: Vec<&State> = chosen.iter().map(|id| &self.layout.states[id]).collect();
        let params = self.params(&states);
        let variants = states.iter().map(|state| {
            let variant = &state.name;
            let fields: Vec<TokenStream> = state
                .fields
                .iter()
                .map(|field| {
                    let (ident, param) = (self.field(*field, None), &self.layout.params[field]);
                    quote_spanned!(mixed()=> #ident: #param)
                })
                .collect();
            let fields: Vec<_> =
                if *variant == "Start" { self.begun(fields) } else { fields.into_iter().rev().collect() };
            if fields.is_empty() {
                quote_spanned!(mixed()=> #variant)
            } else {
                quote_spanned!(mixed()=> #variant { #(#fields),* })
            }
        });
        let generics = (!params.is_empty()).then(|| quote_spanned!(mixed()=> <#(#params),*>));
        // What can't be in a state, a type that isn't `Send`, is told at the function's name.
        let name = located_ident(&name, mixed().located_at(self.function.sig.ident.span()));
        quote_spanned!(mixed()=> enum #name #generics { #(#variants),* })
    }

    /// The arguments in the order in which they are dropped if the function never begins: that of their
    /// declaration, or of their capture, which is the reverse.
    pub(super) fn begun(&self, mut fields: Vec<TokenStream>) -> Vec<TokenStream> {
        if self.function.block {
            fields.reverse();
        }
        fields
    }

    /// A variable in a state: its name, or `_name` where it is only held.
    pub(super) fn field(&self, field: Field, at: Option<Span>) -> Ident {
        let own = self.names.get(field.var).shown.span();
        let span = at.map_or(own, |at| at.resolved_at(own));
        if !field.is_value() {
            Ident::new(&format!("{HELD}{}", self.names.internal(field.var)), mixed().located_at(span))
        } else {
            self.names.ident(field.var, span)
        }
    }

    /// A field as a pattern binds it.
    pub(super) fn binding(&self, field: Field) -> TokenStream {
        let ident = self.field(field, None);
        let mutability =
            (self.names.get(field.var).mutable && field.is_value() && !self.names.on_loan(field.var))
                .then(|| quote_spanned!(mixed()=> mut));
        quote_spanned!(mixed()=> #mutability #ident)
    }

    /// `name { fields }` in the place where states of this kind stand.
    pub(super) fn placed(&self, id: SegmentId, fields: &[TokenStream]) -> TokenStream {
        let at = &self.words.at;
        let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
        let state = self.named(id, &fields.into_token_stream());
        match (self.layout.shape, self.program.get(id).entry) {
            (Shape::Plain, _) => state,
            (_, Entry::Start) => unreachable!("arguments are a tuple"),
            (_, Entry::Resume(_)) => quote_spanned!(mixed()=> #at::Suspended(#state)),
            _ => quote_spanned!(mixed()=> #at::Jump(#state)),
        }
    }

    /// `State::name { fields }`, of the enum that it is in.
    pub(super) fn named(&self, id: SegmentId, fields: &TokenStream) -> TokenStream {
        let (enumeration, name) = (self.enum_of(id), &self.layout.states[&id].name);
        quote_spanned!(mixed()=> #enumeration::#name #fields)
    }

    /// A jump to a state, built from the variables at hand: the state as the next one, or else what leaves for the
    /// group that it is in.
    pub(super) fn state(&self, to: SegmentId) -> Result<TokenStream, TokenStream> {
        let state = &self.layout.states[&to];
        let at = self.first_suspension(to);
        // In reverse order of declaration: what may still borrow an earlier variable goes first.
        let fields: Vec<TokenStream> =
            state.fields.iter().rev().map(|field| self.stored(*field, at)).collect();
        match self.elsewhere(to) {
            None => Ok(self.placed(to, &fields)),
            Some(group) => {
                let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
                Err(self.leaves_for(group, self.named(to, &fields.into_token_stream())))
            }
        }
    }

    fn stored(&self, field: Field, at: Option<Span>) -> TokenStream {
        let given = self.given.filter(|(var, _)| *var == field.var);
        let ident = self.field(field, given.map(|(_, value)| value).or(at));
        let came = self.held.get(&field.var).copied();
        if came == Some(field.kept) || field.is_value() {
            return quote_spanned!(mixed()=> #ident);
        }
        let value = match came {
            Some(_) => quote_spanned!(mixed()=> #ident),
            None => self.hold(field.var, at),
        };
        match field.kept {
            Kept::Flagged if self.jump.is_some_and(|jump| self.flow.absent(jump, field.var)) => {
                quote_spanned!(mixed()=> #ident: ::core::option::Option::None)
            }
            Kept::Flagged => quote_spanned!(mixed()=> #ident: ::core::option::Option::Some(#value)),
            _ => quote_spanned!(mixed()=> #ident: #value),
        }
    }

    pub(super) fn hold(&self, var: VarId, at: Option<Span>) -> TokenStream {
        let ident = self.field(Field { var, kept: Kept::Value }, at);
        if self.names.get(var).closure.is_some() {
            return ident.into_token_stream();
        }
        quote_spanned!(mixed()=> Held::new(#ident).hold())
    }

    /// The state that is stored while suspended, without where it stands in a step.
    pub(super) fn suspended(&self, to: SegmentId, span: Span) -> TokenStream {
        let state = &self.layout.states[&to];
        let fields: Vec<TokenStream> =
            state.fields.iter().rev().map(|field| self.stored(*field, Some(span))).collect();
        let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
        let state = self.named(to, &fields.into_token_stream());
        self.exit(to, |group| &group.suspends, state, span)
    }

    /// What a variable goes by in this segment.
    pub(super) fn at_hand(&self, var: VarId, at: Option<Span>) -> Ident {
        let kept = self.held.get(&var).copied().unwrap_or(Kept::Value);
        self.field(Field { var, kept }, at)
    }
}
