//! The arms of the step: what a segment runs, operation by operation.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Pat};

use super::Writer;
use super::blocks::reopened_in;
use crate::edition;
use crate::exits::{self, Leave};
use crate::flow::again;
use crate::fold;
use crate::input::{is_unit, mixed};
use crate::layout::{Kept, Shape};
use crate::names::VarId;
use crate::operands;
use crate::segments::{Arm, Entry, Op, Segment, SegmentId};
use crate::tree::{Assign, Dest, LoopId, Unsafe};
use crate::walk::{self, names_in};

impl Writer<'_> {
    pub(super) fn arm(&mut self, id: SegmentId) -> TokenStream {
        let segment = self.program.get(id);
        let state = &self.layout.states[&id];
        let fields = state.fields.iter().chain(&state.returned);
        self.held = fields.filter(|field| !field.is_value()).map(|field| (field.var, field.kept)).collect();
        let fields: Vec<TokenStream> = state.fields.iter().map(|field| self.binding(*field)).collect();
        let plain: Vec<TokenStream> =
            state.fields.iter().map(|field| self.field(*field, None).into_token_stream()).collect();
        let again = self.in_order(segment.entry, &fields, &plain);
        let pattern = if self.layout.shape == Shape::Delegating && segment.entry == Entry::Start {
            let at = &self.words.at;
            let fields = if again.is_some() { self.begun(plain) } else { fields };
            quote_spanned!(mixed()=> #at::Start((#(#fields,)*)))
        } else {
            self.placed(id, &fields)
        };
        let unpacked = self.unpack(segment, id);
        let inner = reopened_in(&segment.code);
        let inside = |var: &VarId| inner.contains(var) && state.declared.contains(var);
        let outer: Vec<VarId> = segment.scope.iter().copied().filter(|var| !inside(var)).collect();
        let code =
            if segment.ends { self.end(segment, id) } else { self.code(&segment.code, true, true, id) };
        let declared = self.declarations(&outer, &[], id, &segment.code, &code.to_string());
        let pattern = match has_unsafe(&segment.code) {
            // It may have something to do in another segment only.
            true => quote_spanned!(mixed()=> #[allow(unused_unsafe)] #pattern),
            false => pattern,
        };
        arm(&pattern, quote_spanned!(mixed()=> #again #unpacked #declared #code), mixed())
    }

    /// What a block captured comes in the order of its capture, and is dropped in that: so it is bound
    /// again in the reverse.
    fn in_order(&self, entry: Entry, fields: &[TokenStream], plain: &[TokenStream]) -> Option<TokenStream> {
        let tuple = self.layout.shape == Shape::Delegating && entry == Entry::Start;
        (tuple && self.function.block && fields.len() > 1)
            .then(|| quote_spanned!(mixed()=> let (#(#fields),*) = (#(#plain),*);))
    }

    /// The last statements of a function that ends without a value: a block that is its value, so that
    /// rustc tells of the type that is missing if it finds the end to be reached.
    fn end(&mut self, segment: &Segment, id: SegmentId) -> TokenStream {
        let mut code = self.code(&segment.code, false, true, id);
        let closed =
            matches!(code.clone().into_iter().last(), Some(TokenTree::Punct(end)) if end.as_char() == ';');
        if !closed {
            code.extend(quote_spanned!(mixed()=> ;));
        }
        let returned = exits::returned(&self.missing(code), &self.words.step);
        quote_spanned!(mixed()=> #[allow(unreachable_code, clippy::diverging_sub_expression)] #returned;)
    }

    /// A block that isn't of the type that the function returns: that is told where the type stands.
    fn missing(&self, code: TokenStream) -> Group {
        let mut block = Group::new(Delimiter::Brace, code);
        block.set_span(self.function.output().span());
        block
    }

    /// The operations of a segment; at the `tail` of one, a jump is the state that it leads to.
    /// Where it `closes` a block, what it declares ends with that.
    pub(super) fn code(&mut self, code: &[Op], tail: bool, closes: bool, segment: SegmentId) -> TokenStream {
        let mut written = TokenStream::new();
        let mut received = None;
        for (index, op) in code.iter().enumerate() {
            let last = closes && index + 1 == code.len();
            if let Op::Receive { into: Some(pat), wait, at, question: None } = op
                && let Some(var) = self.moved_at_once(pat, segment, &code[index + 1..])
            {
                received = Some((var, self.received(*wait, *at, segment)));
                continue;
            }
            let op = self.op(op, tail && index + 1 == code.len(), last, segment);
            written.extend(match received.take() {
                Some((var, value)) => fold::in_place(op, &self.names.internal(var), &value),
                None => op,
            });
        }
        written
    }

    /// The variable that a suspension's value goes to, if the next operation moves it right away and
    /// nothing else names it.
    fn moved_at_once(&self, pat: &Pat, segment: SegmentId, rest: &[Op]) -> Option<VarId> {
        let Pat::Ident(ident) = pat else { return None };
        let var = self.names.of(&ident.ident)?;
        let (next, rest) = rest.split_first()?;
        let alone = self.names.get(var).ours
            && !self.layout.stored.contains(&var)
            && !self.unpacked
            && self.layout.states[&segment].returned.is_empty()
            && !names_in(self.names, rest).contains(&var);
        (alone && fold::moves_first(next, var, self.names)).then_some(var)
    }

    fn op(&mut self, op: &Op, tail: bool, last: bool, segment: SegmentId) -> TokenStream {
        match op {
            Op::Plain { stmt, id } => {
                if self.is_idle_declaration(stmt, segment) {
                    return TokenStream::new();
                }
                self.jump = Some(*id);
                let written = exits::rewrite_stmt(stmt.clone(), self);
                let replaced = again::assigned(self.names, stmt).and_then(|var| self.replaced(var));
                quote!(#written #replaced)
            }
            Op::Assign(assign) => self.assign(assign, None, &TokenStream::new()),
            Op::Leaving { id, .. } => {
                self.jump = Some(*id);
                TokenStream::new()
            }
            Op::Recall { var, into } => {
                let var = self.names.ident(*var, self.names.get(*var).shown.span());
                let into = self.names.ident(*into, mixed());
                quote_spanned!(mixed()=> #into = ::segue::machine::loan::recall(#var);)
            }
            Op::End { var, id } => self.end_early(*var, *id),
            Op::Receive { into, wait, at, question: None } => {
                self.receive(into.as_ref(), *wait, *at, segment)
            }
            Op::Receive { into, wait, at, question: Some(question) } => {
                self.receive_tried(into.as_ref(), *wait, *at, *question, segment)
            }
            Op::Scope { reopened, code, value, unsafety: Some(unsafety) } => {
                self.unsafe_scope(*unsafety, reopened, code, value.as_ref(), tail, segment)
            }
            Op::Scope { reopened, code, value, unsafety: None } => {
                self.scope(reopened, code, value.as_ref(), tail, last, segment)
            }
            Op::If { cond, then, otherwise } => {
                let cond = exits::rewrite_expr(cond.clone(), self);
                let mut met = None;
                let then = self.branch(then, tail, segment, &mut met);
                let otherwise = self.branch(otherwise, tail, segment, &mut met);
                self.held = met.unwrap_or_else(|| std::mem::take(&mut self.held));
                let otherwise =
                    (!otherwise.is_empty()).then(|| quote_spanned!(mixed()=> else { #otherwise }));
                quote_spanned!(mixed()=> if #cond { #then } #otherwise)
            }
            Op::Match { scrutinee, arms } => {
                if let Some(item) = self.next_item(scrutinee, arms) {
                    let mut met = None;
                    let code = self.branch(&arms[0].code, tail, segment, &mut met);
                    let none = self.branch(&arms[1].code, tail, segment, &mut met);
                    self.held = met.unwrap_or_else(|| std::mem::take(&mut self.held));
                    let none = (!none.is_empty()).then(|| quote_spanned!(mixed()=> else { #none }));
                    return quote_spanned!(mixed()=> if #item { #code } #none);
                }
                let scrutinee = exits::rewrite_expr(scrutinee.clone(), self);
                let mut met = None;
                let arms = arms.iter().enumerate().map(|(index, branch)| {
                    let (attrs, pat) = (&branch.attrs, &branch.pat);
                    let code = self.branch(&branch.code, tail, segment, &mut met);
                    let pattern = quote_spanned!(mixed()=> #(#attrs)* #pat);
                    // After the last one rustc suggests to add what is missing.
                    let last = index + 1 == arms.len();
                    if last {
                        braced(&pattern, code, branch.braces)
                    } else {
                        arm(&pattern, code, branch.braces)
                    }
                });
                let arms: Vec<_> = arms.collect();
                self.held = met.unwrap_or_else(|| std::mem::take(&mut self.held));
                quote_spanned!(mixed()=> match #scrutinee { #(#arms)* })
            }
            Op::LetElse { pat, value, diverge } => {
                let value = exits::rewrite_expr(value.clone(), self);
                let held = self.held.clone();
                let diverge = self.code(diverge, false, true, segment);
                self.held = held;
                quote_spanned!(mixed()=> let #pat = (#value) else { #diverge };)
            }
            Op::Suspend { suspend, to } => self.suspend(suspend, *to),
            Op::Goto { to, id } => {
                self.jump = Some(*id);
                let state = self.state(*to);
                self.given = None;
                match state {
                    Ok(state) if tail => state,
                    Ok(state) => quote_spanned!(mixed()=> state = #state; continue;),
                    Err(leaves) => quote_spanned!(mixed()=> #leaves;),
                }
            }
            Op::Return(Expr::Tuple(unit)) if unit.elems.is_empty() && !is_unit(&self.function.output()) => {
                let returned = exits::returned(&self.missing(TokenStream::new()), &self.words.step);
                quote_spanned!(mixed()=> #returned;)
            }
            Op::Return(value) => {
                // What panics is given too, for its type.
                let allowed = walk::leaves(value).then(
                    || quote_spanned!(mixed()=> #[allow(unreachable_code, clippy::diverging_sub_expression)]),
                );
                let value = exits::rewrite_expr(value.clone(), self);
                let returned = exits::returned(&value, &self.words.step);
                quote_spanned!(mixed()=> #allowed #returned;)
            }
        }
    }

    /// A branch of the segment; `met` is what is held where branches meet.
    fn branch(
        &mut self,
        code: &[Op],
        tail: bool,
        segment: SegmentId,
        met: &mut Option<HashMap<VarId, Kept>>,
    ) -> TokenStream {
        let before = self.held.clone();
        let written = self.code(code, tail, true, segment);
        let after = std::mem::replace(&mut self.held, before);
        if !Op::leave(code) {
            *met = Some(after);
        }
        written
    }

    /// Drops what a variable had that was just assigned to, if it comes in only for that.
    fn replaced(&mut self, var: VarId) -> Option<TokenStream> {
        if self.held.get(&var) != Some(&Kept::Flagged) {
            return None;
        }
        let before = self.at_hand(var, None);
        self.held.remove(&var);
        Some(quote_spanned!(mixed()=> ::segue::machine::end(#before);))
    }

    /// `let Some(x) = next(&mut iter)`, where that is what a `for` comes to and `x` is all there may be.
    fn next_item(&mut self, scrutinee: &Expr, arms: &[Arm]) -> Option<TokenStream> {
        let (Expr::Call(call), [some, none]) = (scrutinee, arms) else { return None };
        let (Expr::Reference(iter), Pat::TupleStruct(item)) = (call.args.first()?, &some.pat) else {
            return None;
        };
        let iter = walk::local(self.names, &iter.expr)?;
        let bound = item.elems.first()?;
        let ours = self.names.get(iter).ours
            && matches!(&none.pat, Pat::Path(none) if none.path.leading_colon.is_some());
        if !ours || !walk::is_irrefutable(self.names, bound) {
            return None;
        }
        self.steps_iterator = true;
        let (next, args) = (&self.words.next, &call.args);
        Some(quote_spanned!(mixed()=> let #item = #next(#args)))
    }

    /// `let var = value;`, or `let var = { before value };`, which may be an `unsafe` block.
    pub(super) fn assign(
        &mut self,
        assign: &Assign,
        unsafety: Option<Unsafe>,
        before: &TokenStream,
    ) -> TokenStream {
        let Assign { var, mutable, ty, value } = assign;
        self.given = self.names.of(var).map(|var| (var, value.span()));
        let mixes = operands::mixes(value);
        let value = exits::rewrite_expr(value.clone(), self);
        let value = match unsafety {
            None if before.is_empty() => quote!(#value),
            // As a tail it would drop its temporaries before its operands.
            _ if mixes => quote_spanned!(mixed()=> { #before let value = #value; value }),
            Some(_) if edition::ends_before_variables() => quote!(#before #value),
            _ => quote_spanned!(mixed()=> { #before #value }),
        };
        let value = unsafety.map_or(value.clone(), |unsafety| in_unsafe(unsafety, value));
        let mutability = mutable.then(|| quote_spanned!(mixed()=> mut));
        let ty = ty.as_ref().map(|ty| quote_spanned!(mixed()=> : #ty));
        quote_spanned!(mixed()=> let #mutability #var #ty = #value;)
    }
}

impl Leave for Writer<'_> {
    fn step(&self) -> Ident {
        self.words.step.clone()
    }

    fn jump(&mut self, id: LoopId, breaks: bool, value: Option<TokenStream>) -> Vec<TokenStream> {
        let jumps = self.program.jumps_of(id);
        let result = &self.program.results[id.0];
        if breaks && matches!(result, Dest::Return) {
            let value = value.unwrap_or_else(|| quote_spanned!(mixed()=> ()));
            return vec![exits::returned(&value, &self.words.step)];
        }
        let assign = match (breaks, result) {
            (true, Dest::Var { var, ty, .. }) => {
                let value = value.unwrap_or_else(|| quote_spanned!(mixed()=> ()));
                let ty = ty.as_ref().map(|ty| quote_spanned!(mixed()=> : #ty));
                Some(quote_spanned!(mixed()=> let #var #ty = #value))
            }
            (true, _) => value,
            (false, _) => None,
        };
        let goes = match self.state(if breaks { jumps.after } else { jumps.again }) {
            Ok(state) => {
                self.labelled = true;
                vec![quote_spanned!(mixed()=> state = #state), quote_spanned!(mixed()=> continue 'step)]
            }
            Err(leaves) => vec![leaves],
        };
        assign.into_iter().chain(goes).collect()
    }
}

/// Code in the user's own `unsafe` block.
pub(super) fn in_unsafe(Unsafe { word, braces }: Unsafe, code: TokenStream) -> TokenStream {
    let mut block = Group::new(Delimiter::Brace, code);
    block.set_span(braces);
    quote!(#word #block)
}

/// Does a part of the code stand in an `unsafe` block that suspends?
fn has_unsafe(code: &[Op]) -> bool {
    let mut found = false;
    Op::each(code, &mut |op| found |= matches!(op, Op::Scope { unsafety: Some(_), .. }));
    found
}

/// An arm of a `match`: without braces where it only leaves the step.
fn arm(pattern: &TokenStream, code: TokenStream, braces: Span) -> TokenStream {
    let mut tokens: Vec<TokenTree> = code.clone().into_iter().collect();
    let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let returns = matches!(tokens.first(), Some(TokenTree::Ident(first)) if first == "return");
    if returns && tokens.iter().position(is_semicolon) == Some(tokens.len() - 1) {
        tokens.pop();
        let code: TokenStream = tokens.into_iter().collect();
        return quote_spanned!(mixed()=> #pattern => #code,);
    }
    braced(pattern, code, braces)
}

fn braced(pattern: &TokenStream, code: TokenStream, braces: Span) -> TokenStream {
    let mut code = Group::new(Delimiter::Brace, code);
    code.set_span(braces);
    quote_spanned!(mixed()=> #pattern => #code)
}
