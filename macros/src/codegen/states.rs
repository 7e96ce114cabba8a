//! The enums of states and jumps, and a state as it is built and matched.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Ident;

use super::{Words, Writer, located_ident};
use crate::input::mixed;
use crate::layout::{Field, Kept, Shape, State};
use crate::names::VarId;
use crate::pretty::HELD;
use crate::segments::{Entry, SegmentId};

impl Writer<'_> {
    /// The enums: of the states that are stored, and of the jumps inside a step.
    pub(super) fn enums(&self) -> TokenStream {
        let (state, jump) = (&self.words.state, &self.words.jump);
        match self.layout.shape {
            Shape::Plain => self.define(state, |_| true),
            Shape::Delegating => {
                let states = self.define(state, |entry| matches!(entry, Entry::Resume(_)));
                let jumps = self.define(jump, |entry| matches!(entry, Entry::Loop | Entry::After));
                quote_spanned!(mixed()=> #states #jumps)
            }
        }
    }

    fn members(&self, wanted: impl Fn(Entry) -> bool) -> Vec<&State> {
        let chosen = self.program.order.iter().filter(|id| wanted(self.program.get(**id).entry));
        chosen.map(|id| &self.layout.states[id]).collect()
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
    fn define(&self, name: &Ident, wanted: impl Fn(Entry) -> bool) -> TokenStream {
        let states = self.members(wanted);
        if states.is_empty() {
            return TokenStream::new();
        }
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
        let name = located_ident(name, mixed().located_at(self.function.sig.ident.span()));
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
        let Words { state, jump, at, .. } = &self.words;
        let name = &self.layout.states[&id].name;
        let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
        match (self.layout.shape, self.program.get(id).entry) {
            (Shape::Plain, _) => quote_spanned!(mixed()=> #state::#name #fields),
            (_, Entry::Start) => unreachable!("arguments are a tuple"),
            (_, Entry::Resume(_)) => quote_spanned!(mixed()=> #at::Suspended(#state::#name #fields)),
            _ => quote_spanned!(mixed()=> #at::Jump(#jump::#name #fields)),
        }
    }

    /// A state, built from the variables at hand.
    pub(super) fn state(&self, to: SegmentId) -> TokenStream {
        let state = &self.layout.states[&to];
        let at = self.first_suspension(to);
        // In reverse order of declaration: what may still borrow an earlier variable goes first.
        let fields = state.fields.iter().rev().map(|field| self.stored(*field, at));
        self.placed(to, &fields.collect::<Vec<_>>())
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
        let (enumeration, name) = (&self.words.state, &state.name);
        let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
        quote_spanned!(mixed()=> #enumeration::#name #fields)
    }

    /// What a variable goes by in this segment.
    pub(super) fn at_hand(&self, var: VarId, at: Option<Span>) -> Ident {
        let kept = self.held.get(&var).copied().unwrap_or(Kept::Value);
        self.field(Field { var, kept }, at)
    }
}
