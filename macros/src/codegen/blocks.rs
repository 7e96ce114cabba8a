//! The blocks of a segment: what is declared in them, and what ends with them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};

use super::Writer;
use super::arms::in_unsafe;
use crate::flow::moved_by;
use crate::input::mixed;
use crate::layout::{Field, Kept};
use crate::names::VarId;
use crate::segments::{JumpId, Op, SegmentId};
use crate::tree::{Assign, Unsafe};
use crate::walk::{self, bindings, names_in};

impl Writer<'_> {
    /// `let x;` for what is assigned to it in this segment, and what was declared after it once more:
    /// it is dropped before. So is what ends with the block.
    pub(super) fn declarations(
        &self,
        scope: &[VarId],
        ended: &[Field],
        segment: SegmentId,
        code: &[Op],
        block: &str,
    ) -> TokenStream {
        let state = &self.layout.states[&segment];
        let named = names_in(self.names, code);
        let mut written = TokenStream::new();
        for var in scope {
            let known = self.names.get(*var);
            if state.declared.contains(var) && named.contains(var) {
                let ident = self.names.ident(*var, known.shown.span());
                let mutability = known.mutable.then(|| quote_spanned!(mixed()=> mut));
                let ty = known.ty.as_ref().map(|ty| quote_spanned!(mixed()=> : #ty));
                // What it had is dropped in its place.
                let fields = if written.is_empty() { &[][..] } else { &state.fields[..] };
                let before = ended.iter().chain(fields).find(|field| field.var == *var);
                written.extend(before.map(|field| self.bound_again(*field, block)));
                written.extend(quote_spanned!(mixed()=> let #mutability #ident #ty;));
            } else if let Some(field) = ended.iter().find(|field| field.var == *var) {
                written.extend(self.bound_again(*field, block));
            } else if !written.is_empty() && !known.glue.is_none() {
                let field = state.fields.iter().chain(&state.returned).find(|field| field.var == *var);
                written.extend(field.map(|field| self.bound_again(*field, block)));
            }
        }
        written
    }

    /// Under another name where nothing in its block has it: it isn't unused, but only dropped.
    fn bound_again(&self, field: Field, block: &str) -> TokenStream {
        let ident = self.field(field, None);
        let named = [self.names.internal(field.var), self.names.shorthand(field.var)];
        let binding = match named.iter().any(|name| block.contains(name)) {
            true => self.binding(field),
            false => self.field(Field { kept: Kept::Held, ..field }, None).into_token_stream(),
        };
        quote_spanned!(mixed()=> let #binding = #ident;)
    }

    /// `let x;` for a value that comes in another segment: declared there.
    pub(super) fn is_idle_declaration(&self, stmt: &syn::Stmt, segment: SegmentId) -> bool {
        match stmt {
            syn::Stmt::Local(local) if local.init.is_none() => {
                let named = names_in(self.names, &self.program.get(segment).code);
                !bindings(self.names, &local.pat).iter().any(|var| named.contains(var))
            }
            _ => false,
        }
    }

    /// A block: braces only where something ends with it.
    pub(super) fn scope(
        &mut self,
        reopened: &[VarId],
        code: &[Op],
        value: Option<&Assign>,
        tail: bool,
        last: bool,
        segment: SegmentId,
    ) -> TokenStream {
        let ended = self.ended(reopened, code, value, segment);
        let declares = reopened.iter().any(|var| self.is_declared(*var, segment, code));
        if last && value.is_none() && !declares && (tail || ended.is_empty()) {
            return self.code(code, tail, true, segment);
        }
        let flat = value.is_none() && !declares && self.is_flat(code);
        let braces = value.is_none() && !(flat && self.ends_by_call(&ended, code, segment));
        let inner = self.code(code, tail, braces, segment);
        let mut block = inner.to_string();
        block.extend(value.map(|assign| assign.value.to_token_stream().to_string()));
        let mut vars = reopened.to_vec();
        vars.extend(ended.iter().map(|field| field.var).filter(|var| !reopened.contains(var)));
        let lets = self.declarations(&vars, &ended, segment, code, &block);
        if let Some(assign) = value {
            return self.assign(assign, None, &quote_spanned!(mixed()=> #lets #inner));
        }
        if braces && !inner.is_empty() {
            return quote_spanned!(mixed()=> { #lets #inner });
        }
        let drops = ended.iter().rev().map(|field| {
            let ident = self.field(*field, None);
            quote_spanned!(mixed()=> ::segue::machine::end(#ident);)
        });
        inner.into_iter().chain(drops.flatten()).collect()
    }

    /// What is left of the user's `unsafe` block in this segment.
    pub(super) fn unsafe_scope(
        &mut self,
        unsafety: Unsafe,
        reopened: &[VarId],
        code: &[Op],
        value: Option<&Assign>,
        tail: bool,
        segment: SegmentId,
    ) -> TokenStream {
        let ended = self.ended(reopened, code, value, segment);
        let inner = self.code(code, tail, true, segment);
        let mut block = inner.to_string();
        block.extend(value.map(|assign| assign.value.to_token_stream().to_string()));
        let mut vars = reopened.to_vec();
        vars.extend(ended.iter().map(|field| field.var).filter(|var| !reopened.contains(var)));
        let lets = self.declarations(&vars, &ended, segment, code, &block);
        let before = quote_spanned!(mixed()=> #lets #inner);
        match value {
            Some(assign) => self.assign(assign, Some(unsafety), &before),
            None if before.is_empty() => before,
            None => in_unsafe(unsafety, before),
        }
    }

    /// Does a block with this code declare nothing that is dropped at its end?
    fn is_flat(&self, code: &[Op]) -> bool {
        walk::declared(self.names, code).iter().all(|var| {
            let var = self.names.get(*var);
            var.ours && var.glue.is_none()
        })
    }

    /// Can what ends with a block be dropped by calls at its end? The block's code must get there, and
    /// leave it alone; and nothing that was there before is declared anew, after it.
    fn ends_by_call(&self, ended: &[Field], code: &[Op], segment: SegmentId) -> bool {
        let anew = !self.layout.states[&segment].declared.is_empty();
        let falls =
            !anew && !Op::leave(code) && !matches!(code.last(), Some(Op::If { .. } | Op::Match { .. }));
        let named = names_in(self.names, code);
        let untouched = |field: &Field| !field.is_value() || !named.contains(&field.var);
        ended.is_empty() || (falls && ended.iter().all(untouched))
    }

    /// Drops a variable where its scope goes on.
    pub(super) fn end_early(&self, var: VarId, at: JumpId) -> TokenStream {
        // What no drop is seen of may not even have come along.
        if self.flow.absent(at, var) || self.names.get(var).glue.is_none() {
            return TokenStream::new();
        }
        let ident = self.at_hand(var, None);
        quote_spanned!(mixed()=> ::segue::machine::end(#ident);)
    }

    /// Is the variable declared anew for what this code assigns to it?
    fn is_declared(&self, var: VarId, segment: SegmentId, code: &[Op]) -> bool {
        self.layout.states[&segment].declared.contains(&var) && names_in(self.names, code).contains(&var)
    }

    /// The variables that came in with the segment and end with a block that goes on, if some are still
    /// there.
    fn ended(&self, vars: &[VarId], code: &[Op], value: Option<&Assign>, segment: SegmentId) -> Vec<Field> {
        let mut fields = self.dropped(vars, segment);
        let moved = |field: &Field| moved_by(self.program, self.names, code, field.var);
        let anew = !self.layout.states[&segment].declared.is_empty();
        if value.is_none() && !anew && fields.iter().all(moved) {
            return Vec::new();
        }
        // Should something panic in the block, what ends with blocks inside of it is dropped before: it
        // is bound again here too, unless such a block begins at once.
        let mut inner = reopened_in(code);
        let mut first = code.first();
        while let Some(Op::Scope { reopened, code, value, .. }) = first {
            if !self.ended(reopened, code, value.as_ref(), segment).is_empty() {
                inner.retain(|var| !reopened.contains(var));
            }
            first = code.first();
        }
        fields.extend(self.dropped(&inner, segment));
        fields
    }

    /// The fields of these variables that may have to be dropped.
    fn dropped(&self, vars: &[VarId], segment: SegmentId) -> Vec<Field> {
        let state = &self.layout.states[&segment];
        let fields = state.fields.iter().chain(&state.returned);
        let drops = |field: &&Field| vars.contains(&field.var) && !self.names.get(field.var).glue.is_none();
        fields.filter(drops).copied().collect()
    }
}

/// The variables that blocks of a segment bind or declare again.
pub(super) fn reopened_in(code: &[Op]) -> Vec<VarId> {
    let mut found = Vec::new();
    Op::each(code, &mut |op| {
        if let Op::Scope { reopened, .. } = op {
            found.extend(reopened);
        }
    });
    found
}
