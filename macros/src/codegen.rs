//! Writes the machine: the enum of its states, and the step that goes from one to the next.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, Ident, Pat, ReturnType};

use crate::exits::{self, Leave};
use crate::flow::{Flow, moved_by};
use crate::fold;
use crate::input::{Function, Kind, is_unit, mixed};
use crate::layout::{Field, Kept, Layout, Shape, State};
use crate::names::{Names, VarId};
use crate::operands;
use crate::pretty::HELD;
use crate::segments::{Arm, Entry, JumpId, Op, Program, Segment, SegmentId};
use crate::suspension::Wait;
use crate::tree::{Assign, Dest, LoopId, Suspend};
use crate::walk::{self, bindings, names_in};

/// The function that returns the machine.
pub(crate) fn generate(
    function: &Function,
    program: &Program,
    flow: &Flow,
    layout: &Layout,
    names: &Names,
) -> TokenStream {
    let mut writer = Writer {
        function,
        program,
        flow,
        layout,
        names,
        words: Words::new(names),
        held: HashMap::new(),
        jump: None,
        labelled: false,
        reads_input: false,
        steps_iterator: false,
        unpacked: false,
    };
    let body = writer.body();
    signature(function, &body)
}

/// A function of the same signature that stands in for one that is refused.
pub(crate) fn refused(function: &Function) -> TokenStream {
    let output = function.output();
    let stand_in = match &function.kind {
        Kind::Generator { yields, .. } => {
            quote_spanned!(mixed()=> ::segue::machine::Refused::<#yields, #output>::new())
        }
        Kind::Task => quote_spanned!(mixed()=> ::core::future::pending::<#output>()),
    };
    let used = function.params.iter().map(|param| &param.ident);
    signature(function, &quote_spanned!(mixed()=> let _ = (#(&#used,)*); #stand_in))
}

/// The user's signature, with what the machine is as its return type.
fn signature(function: &Function, body: &TokenStream) -> TokenStream {
    let Function { attrs, vis, modifiers, sig, .. } = function;
    let mut sig = sig.clone();
    let output = function.output();
    sig.asyncness = None;
    let machine = match &function.kind {
        Kind::Generator { yields, resume } => {
            let iterator = (is_unit(resume) && is_unit(&output))
                .then(|| quote_spanned!(mixed()=> + ::core::iter::Iterator<Item = #yields>));
            quote_spanned!(mixed()=> impl ::segue::Coroutine<#resume, Yield = #yields, Return = #output> #iterator)
        }
        Kind::Task => quote_spanned!(mixed()=> impl ::core::future::Future<Output = #output>),
    };
    sig.output = ReturnType::Type(syn::Token![->](mixed()), Box::new(syn::Type::Verbatim(machine)));
    quote_spanned! {mixed()=>
        #(#attrs)*
        #vis #modifiers #sig {
            #body
        }
    }
}

/// The names of the machine's own types, clear of the user's.
struct Words {
    state: Ident,
    jump: Ident,
    step: Ident,
    at: Ident,
    delegate: Ident,
    /// A future's output, where another variable of ours is called so.
    output: Ident,
    /// What takes the next item of an iterator.
    next: Ident,
    /// The function that a machine begins with, and the variable that has what it returns.
    init: Ident,
}

impl Words {
    fn new(names: &Names) -> Words {
        let word = |wanted: &str| Ident::new(&names.free(wanted), mixed());
        Words {
            state: word("State"),
            jump: word("Jump"),
            step: word("Step"),
            at: word("At"),
            delegate: word("Delegate"),
            output: word("output"),
            next: word("next"),
            init: word("init"),
        }
    }
}

/// What is used of `segue::machine`, under which name.
fn import(wanted: &str, name: &Ident) -> TokenStream {
    let item = Ident::new(wanted, mixed());
    if name == wanted { quote_spanned!(mixed()=> #item) } else { quote_spanned!(mixed()=> #item as #name) }
}

struct Writer<'a> {
    function: &'a Function,
    program: &'a Program,
    flow: &'a Flow,
    layout: &'a Layout,
    names: &'a Names,
    words: Words,
    /// The variables that came into this segment only to be dropped, and how.
    held: HashMap<VarId, Kept>,
    /// The jumps out of the statement at hand.
    jump: Option<JumpId>,
    labelled: bool,
    reads_input: bool,
    steps_iterator: bool,
    /// What the suspension evaluates to has been taken out already.
    unpacked: bool,
}

impl Writer<'_> {
    fn body(&mut self) -> TokenStream {
        let arms: Vec<TokenStream> = self.program.order.iter().map(|id| self.arm(*id)).collect();
        let items = &self.function.body.stmts;
        let imports = self.imports();
        let enums = self.enums();
        let machine = self.machine(&arms);
        quote_spanned!(mixed()=> #(#items)* #imports #enums #machine)
    }

    fn imports(&self) -> TokenStream {
        let module = match (&self.function.kind, self.layout.shape) {
            (Kind::Task, _) => quote_spanned!(mixed()=> task),
            (_, Shape::Plain) => quote_spanned!(mixed()=> generator),
            (_, Shape::Delegating) => quote_spanned!(mixed()=> delegator),
        };
        let mut items = Vec::new();
        if self.layout.shape == Shape::Delegating {
            items.push(import("At", &self.words.at));
            if matches!(self.function.kind, Kind::Generator { .. }) {
                items.push(quote_spanned!(mixed()=> Child));
            }
            if self.layout.delegates > 0 {
                let width = self.layout.delegates.min(WIDTH);
                items.push(import(&format!("Delegate{width}"), &self.words.delegate));
            }
            if matches!(self.function.kind, Kind::Generator { .. }) {
                items.push(quote_spanned!(mixed()=> FromChild as _));
            }
        }
        if self.layout.holds {
            items.push(quote_spanned!(mixed()=> Held));
            items.push(quote_spanned!(mixed()=> Hold as _));
        }
        items.push(import("Step", &self.words.step));
        items.push(import("init", &self.words.init));
        if self.steps_iterator {
            items.push(import("next", &self.words.next));
        }
        quote_spanned!(mixed()=> use ::segue::machine::#module::{#(#items),*};)
    }

    /// The enums: of the states that are stored, and of the jumps inside a step.
    fn enums(&self) -> TokenStream {
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
                if *variant == "Start" { fields } else { fields.into_iter().rev().collect() };
            if fields.is_empty() {
                quote_spanned!(mixed()=> #variant)
            } else {
                quote_spanned!(mixed()=> #variant { #(#fields),* })
            }
        });
        let generics = (!params.is_empty()).then(|| quote_spanned!(mixed()=> <#(#params),*>));
        quote_spanned!(mixed()=> enum #name #generics { #(#variants),* })
    }

    /// What the machine begins with, and the closure that takes it from state to state.
    fn machine(&mut self, arms: &[TokenStream]) -> TokenStream {
        let (output, init) = (self.function.output(), &self.words.init);
        let start = self.start();
        let types = match &self.function.kind {
            Kind::Task => quote_spanned!(mixed()=> _, #output),
            Kind::Generator { yields, resume } => quote_spanned!(mixed()=> _, #resume, #yields, #output),
        };
        let none = quote_spanned!(mixed()=> ::core::convert::Infallible);
        // What no arm tells: that there are no suspensions, no jumps or no delegates.
        let types_of_step =
            (self.layout.delegates == 0 && self.layout.shape == Shape::Delegating).then(|| {
                let jump = if self.layout.has_jumps { quote_spanned!(mixed()=> _) } else { none.clone() };
                quote_spanned!(mixed()=> ::<#none, #jump, #none, _>)
            });
        let step = self.step(arms);
        quote_spanned! {mixed()=>
            let #init = #init::<#types>(#start);
            #init.step #types_of_step (#step)
        }
    }

    /// The first state, or the arguments.
    fn start(&self) -> TokenStream {
        let arguments: Vec<TokenStream> = self.function.sig.inputs.iter().map(argument).collect();
        if self.layout.shape == Shape::Delegating {
            return quote_spanned!(mixed()=> (#(#arguments,)*));
        }
        let (name, start) = (&self.words.state, &self.layout.states[&self.program.order[0]]);
        let fields = start.fields.iter().zip(&arguments).map(|(field, value)| {
            let ident = self.field(*field, None);
            let same = !self.names.get(field.var).ours
                && self.names.receiver != Some(field.var)
                && !self.layout.shown.contains_key(&field.var);
            if same { quote_spanned!(mixed()=> #ident) } else { quote_spanned!(mixed()=> #ident: #value) }
        });
        let fields: Vec<_> = fields.collect();
        let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
        quote_spanned!(mixed()=> #name::Start #fields)
    }

    fn step(&self, arms: &[TokenStream]) -> TokenStream {
        let input =
            if self.reads_input { quote_spanned!(mixed()=> mut input) } else { quote_spanned!(mixed()=> _) };
        if !self.layout.has_jumps {
            let no_jumps = (self.layout.shape == Shape::Delegating).then(|| {
                let at = &self.words.at;
                quote_spanned!(mixed()=> : #at<_, _>)
            });
            return quote_spanned!(mixed()=> |state #no_jumps, #input| match state { #(#arms)* });
        }
        let label = self.labelled.then(|| quote_spanned!(mixed()=> 'step:));
        quote_spanned! {mixed()=>
            |mut state, #input| #label loop {
                state = match state { #(#arms)* }
            }
        }
    }

    /// A variable in a state: its name, or `_name` where it is only held.
    fn field(&self, field: Field, at: Option<Span>) -> Ident {
        let own = self.names.get(field.var).shown.span();
        let span = at.map_or(own, |at| at.resolved_at(own));
        if !field.is_value() {
            Ident::new(&format!("{HELD}{}", self.names.internal(field.var)), mixed().located_at(span))
        } else {
            self.names.ident(field.var, span)
        }
    }

    /// A field as a pattern binds it.
    fn binding(&self, field: Field) -> TokenStream {
        let ident = self.field(field, None);
        let mutability =
            (self.names.get(field.var).mutable && field.is_value()).then(|| quote_spanned!(mixed()=> mut));
        quote_spanned!(mixed()=> #mutability #ident)
    }

    /// `name { fields }` in the place where states of this kind stand.
    fn placed(&self, id: SegmentId, fields: &[TokenStream]) -> TokenStream {
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

    fn arm(&mut self, id: SegmentId) -> TokenStream {
        let segment = self.program.get(id);
        let state = &self.layout.states[&id];
        let fields = state.fields.iter().chain(&state.returned);
        self.held = fields.filter(|field| !field.is_value()).map(|field| (field.var, field.kept)).collect();
        let fields: Vec<TokenStream> = state.fields.iter().map(|field| self.binding(*field)).collect();
        let pattern = if self.layout.shape == Shape::Delegating && segment.entry == Entry::Start {
            let at = &self.words.at;
            quote_spanned!(mixed()=> #at::Start((#(#fields,)*)))
        } else {
            self.placed(id, &fields)
        };
        let checked = self.start_check(segment.entry);
        let unpacked = self.unpack(segment, state);
        let mut inner = Vec::new();
        reopened_in(&segment.code, &mut inner);
        let outer: Vec<VarId> = segment.scope.iter().copied().filter(|var| !inner.contains(var)).collect();
        let declared = self.declarations(&outer, &[], id, &segment.code);
        let code = self.code(&segment.code, true, id);
        arm(&pattern, quote_spanned!(mixed()=> #checked #unpacked #declared #code))
    }

    /// `let x;` for what is assigned to it in this segment, and what was declared after it once more:
    /// it is dropped before. So is what ends with the block.
    fn declarations(&self, scope: &[VarId], ended: &[Field], segment: SegmentId, code: &[Op]) -> TokenStream {
        let state = &self.layout.states[&segment];
        let named = names_in(self.names, code);
        let mut written = TokenStream::new();
        for var in scope {
            let known = self.names.get(*var);
            if state.declared.contains(var) && named.contains(var) {
                let ident = self.names.ident(*var, known.shown.span());
                let mutability = known.mutable.then(|| quote_spanned!(mixed()=> mut));
                let ty = known.ty.as_ref().map(|ty| quote_spanned!(mixed()=> : #ty));
                written.extend(quote_spanned!(mixed()=> let #mutability #ident #ty;));
            } else if let Some(field) = ended.iter().find(|field| field.var == *var) {
                written.extend(self.bound_again(*field));
            } else if !written.is_empty() && !known.glue.is_none() {
                let field = state.fields.iter().chain(&state.returned).find(|field| field.var == *var);
                written.extend(field.map(|field| self.bound_again(*field)));
            }
        }
        written
    }

    fn bound_again(&self, field: Field) -> TokenStream {
        let (binding, ident) = (self.binding(field), self.field(field, None));
        quote_spanned!(mixed()=> let #binding = #ident;)
    }

    /// `let x;` for a value that comes in another segment: declared there.
    fn is_idle_declaration(&self, stmt: &syn::Stmt, segment: SegmentId) -> bool {
        match stmt {
            syn::Stmt::Local(local) if local.init.is_none() => {
                let named = names_in(self.names, &self.program.get(segment).code);
                !bindings(self.names, &local.pat).iter().any(|var| named.contains(var))
            }
            _ => false,
        }
    }

    /// Where the function next suspends after a jump: what can't be kept till then is told there.
    fn first_suspension(&self, to: SegmentId) -> Option<Span> {
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

    /// What comes back from an awaited future belongs to the whole arm, even where a block goes on,
    /// and was there before what is declared anew.
    fn unpack(&mut self, segment: &Segment, state: &State) -> Option<TokenStream> {
        let in_turn = matches!(segment.code.first(), Some(Op::Receive { .. })) && state.declared.is_empty();
        self.unpacked = !state.returned.is_empty() && !in_turn;
        if !self.unpacked {
            return None;
        }
        self.reads_input = true;
        let back = state.returned.iter().map(|field| self.binding(*field));
        let (outcome, output) = (self.outcome(state), self.output(state));
        Some(quote_spanned!(mixed()=> let (#(#back,)* #output) = #outcome;))
    }

    fn outcome(&self, state: &State) -> TokenStream {
        let number = state.delegate.expect("a delegation has a number");
        let outcomes = outcome_path(number, self.layout.delegates);
        quote_spanned!(mixed()=> input #(.#outcomes())*)
    }

    /// A value that is sent before the start would be lost: that is checked, if there is one.
    fn start_check(&mut self, entry: Entry) -> Option<TokenStream> {
        match &self.function.kind {
            Kind::Generator { resume, .. } if entry == Entry::Start && !is_unit(resume) => {
                self.reads_input = true;
                let name = self.function.sig.ident.to_string();
                Some(quote_spanned!(mixed()=> input.started(#name);))
            }
            _ => None,
        }
    }

    /// The operations of a segment; at the `tail` of one, a jump is the state that it leads to.
    fn code(&mut self, code: &[Op], tail: bool, segment: SegmentId) -> TokenStream {
        let mut written = TokenStream::new();
        let mut received = None;
        for (index, op) in code.iter().enumerate() {
            let last = index + 1 == code.len();
            if let Op::Receive { into: Some(pat), wait } = op
                && let Some(var) = self.moved_at_once(pat, segment, &code[index + 1..])
            {
                received = Some((var, self.received(*wait, segment)));
                continue;
            }
            let op = self.op(op, tail && last, last, segment);
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
                exits::rewrite_stmt(stmt.clone(), self).into_token_stream()
            }
            Op::Assign(assign) => self.assign(assign, &TokenStream::new()),
            Op::Receive { into, wait } => self.receive(into.as_ref(), *wait, segment),
            Op::Scope { reopened, code, value } => {
                self.scope(reopened, code, value.as_ref(), tail, last, segment)
            }
            Op::If { cond, then, otherwise } => {
                let cond = exits::rewrite_expr(cond.clone(), self);
                let then = self.code(then, tail, segment);
                let otherwise = self.code(otherwise, tail, segment);
                let otherwise =
                    (!otherwise.is_empty()).then(|| quote_spanned!(mixed()=> else { #otherwise }));
                quote_spanned!(mixed()=> if #cond { #then } #otherwise)
            }
            Op::Match { scrutinee, arms } => {
                if let Some(item) = self.next_item(scrutinee, arms) {
                    let code = self.code(&arms[0].code, tail, segment);
                    let none = self.code(&arms[1].code, tail, segment);
                    if none.is_empty() {
                        return quote_spanned!(mixed()=> if #item { #code });
                    }
                }
                let scrutinee = exits::rewrite_expr(scrutinee.clone(), self);
                let arms = arms.iter().map(|branch| {
                    let (attrs, pat) = (&branch.attrs, &branch.pat);
                    let code = self.code(&branch.code, tail, segment);
                    arm(&quote_spanned!(mixed()=> #(#attrs)* #pat), code)
                });
                let arms: Vec<_> = arms.collect();
                quote_spanned!(mixed()=> match #scrutinee { #(#arms)* })
            }
            Op::LetElse { pat, value, diverge } => {
                let value = exits::rewrite_expr(value.clone(), self);
                let diverge = self.code(diverge, false, segment);
                quote_spanned!(mixed()=> let #pat = (#value) else { #diverge };)
            }
            Op::Suspend { suspend, to } => self.suspend(suspend, *to),
            Op::Goto { to, id } => {
                self.jump = Some(*id);
                let state = self.state(*to);
                if tail { state } else { quote_spanned!(mixed()=> state = #state; continue;) }
            }
            Op::Return(value) => {
                let value = exits::rewrite_expr(value.clone(), self);
                let step = &self.words.step;
                quote_spanned!(mixed()=> return #step::returns(#value);)
            }
        }
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

    fn assign(&mut self, assign: &Assign, before: &TokenStream) -> TokenStream {
        let Assign { var, mutable, ty, value } = assign;
        let mixes = operands::mixes(value);
        let value = exits::rewrite_expr(value.clone(), self);
        let value = match before.is_empty() {
            true => quote!(#value),
            // As a tail it would drop its temporaries before its operands.
            false if mixes => quote_spanned!(mixed()=> { #before let value = #value; value }),
            false => quote_spanned!(mixed()=> { #before #value }),
        };
        let mutability = mutable.then(|| quote_spanned!(mixed()=> mut));
        let ty = ty.as_ref().map(|ty| quote_spanned!(mixed()=> : #ty));
        quote_spanned!(mixed()=> let #mutability #var #ty = #value;)
    }

    /// A block: braces only where something ends with it.
    fn scope(
        &mut self,
        reopened: &[VarId],
        code: &[Op],
        value: Option<&Assign>,
        tail: bool,
        last: bool,
        segment: SegmentId,
    ) -> TokenStream {
        let inner = self.code(code, tail, segment);
        let ended = self.ended(reopened, code, value, segment);
        let declares = reopened.iter().any(|var| self.is_declared(*var, segment, code));
        if last && value.is_none() && !declares && (tail || ended.is_empty()) {
            return inner;
        }
        let lets = self.declarations(reopened, &ended, segment, code);
        if let Some(assign) = value {
            return self.assign(assign, &quote_spanned!(mixed()=> #lets #inner));
        }
        let flat = !declares
            && walk::declared(self.names, code).iter().all(|var| {
                let var = self.names.get(*var);
                var.ours && var.glue.is_none()
            });
        let falls = !leaves(code) && !matches!(code.last(), Some(Op::If { .. } | Op::Match { .. }));
        let named = names_in(self.names, code);
        let untouched = |field: &Field| !field.is_value() || !named.contains(&field.var);
        if inner.is_empty() || (flat && falls && ended.iter().all(untouched)) {
            let drops = ended.iter().rev().map(|field| {
                let ident = self.field(*field, None);
                quote_spanned!(mixed()=> ::segue::machine::end(#ident);)
            });
            return inner.into_iter().chain(drops.flatten()).collect();
        }
        if flat && ended.is_empty() { inner } else { quote_spanned!(mixed()=> { #lets #inner }) }
    }

    /// Is the variable declared anew for what this code assigns to it?
    fn is_declared(&self, var: VarId, segment: SegmentId, code: &[Op]) -> bool {
        self.layout.states[&segment].declared.contains(&var) && names_in(self.names, code).contains(&var)
    }

    /// The variables that came in with the segment and end, not moved, with a block that goes on.
    fn ended(&self, vars: &[VarId], code: &[Op], value: Option<&Assign>, segment: SegmentId) -> Vec<Field> {
        let state = &self.layout.states[&segment];
        let fields = state.fields.iter().chain(&state.returned);
        let stays = |field: &&Field| {
            vars.contains(&field.var)
                && !self.names.get(field.var).glue.is_none()
                && (value.is_some() || !moved_by(self.program, self.names, code, field.var))
        };
        fields.filter(stays).copied().collect()
    }

    /// A state, built from the variables at hand.
    fn state(&self, to: SegmentId) -> TokenStream {
        let state = &self.layout.states[&to];
        let at = self.first_suspension(to);
        // In reverse order of declaration: what may still borrow an earlier variable goes first.
        let fields = state.fields.iter().rev().map(|field| self.stored(*field, at));
        self.placed(to, &fields.collect::<Vec<_>>())
    }

    fn stored(&self, field: Field, at: Option<Span>) -> TokenStream {
        let ident = self.field(field, at);
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

    fn hold(&self, var: VarId, at: Option<Span>) -> TokenStream {
        let ident = self.field(Field { var, kept: Kept::Value }, at);
        if self.names.get(var).closure {
            return ident.into_token_stream();
        }
        quote_spanned!(mixed()=> Held::new(#ident).hold())
    }

    /// The state that is stored while suspended, without where it stands in a step.
    fn suspended(&self, to: SegmentId, span: Span) -> TokenStream {
        let state = &self.layout.states[&to];
        let fields: Vec<TokenStream> =
            state.fields.iter().rev().map(|field| self.stored(*field, Some(span))).collect();
        let (enumeration, name) = (&self.words.state, &state.name);
        let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
        quote_spanned!(mixed()=> #enumeration::#name #fields)
    }

    fn suspend(&mut self, suspend: &Suspend, to: SegmentId) -> TokenStream {
        let step = self.words.step.clone();
        let span = suspend.span;
        let operand = match &suspend.operand {
            Some(operand) => exits::rewrite_expr(operand.clone(), self).into_token_stream(),
            None => quote_spanned!(mixed()=> ()),
        };
        let state = self.suspended(to, span);
        match suspend.wait {
            Wait::Yield => quote_spanned!(mixed()=> return #step::yields(#operand, #state);),
            Wait::YieldFrom => {
                let located = mixed().located_at(span);
                let child = quote_spanned!(located=> Child::new(#operand).delegate());
                let delegate = self.delegate(suspend, to, child);
                quote_spanned!(mixed()=> return #step::delegates(#delegate, #state);)
            }
            Wait::Await => {
                let future = self.future(&operand, to, span);
                let delegate = self.delegate(suspend, to, future);
                quote_spanned!(mixed()=> return #step::awaits(#delegate, #state);)
            }
        }
    }

    /// The awaited future: the operand itself, or a block that it borrows from.
    fn future(&self, operand: &TokenStream, to: SegmentId, span: Span) -> TokenStream {
        let state = &self.layout.states[&to];
        if !state.wrapped {
            return operand.clone();
        }
        let await_token = Ident::new("await", span);
        // Captures are dropped in the order in which they are first named: in reverse of declaration.
        let order = state.captured.iter().rev().map(|var| self.at_hand(*var, None));
        let order: Vec<Ident> = order.collect();
        let order = (order.len() > 1).then(|| quote_spanned!(mixed()=> let _ = (#(&#order),*);));
        let back = state.returned.iter().map(|field| match (field.kept, self.held.get(&field.var)) {
            (Kept::Value, _) | (_, Some(_)) => self.at_hand(field.var, Some(span)).into_token_stream(),
            _ => self.hold(field.var, Some(span)),
        });
        let back: Vec<TokenStream> = back.collect();
        if back.is_empty() {
            return quote_spanned!(mixed()=> async move { #order #operand.#await_token });
        }
        let output = self.output(state);
        quote_spanned! {mixed()=>
            async move { #order let #output = #operand.#await_token; (#(#back,)* #output) }
        }
    }

    /// What the output of a future is called beside what comes back with it.
    fn output(&self, state: &State) -> Ident {
        let taken = |field: &Field| {
            let var = self.names.get(field.var);
            var.ours && var.shown == "output"
        };
        match state.returned.iter().any(taken) {
            true => self.words.output.clone(),
            false => Ident::new("output", mixed()),
        }
    }

    /// What a variable goes by in this segment.
    fn at_hand(&self, var: VarId, at: Option<Span>) -> Ident {
        let kept = self.held.get(&var).copied().unwrap_or(Kept::Value);
        self.field(Field { var, kept }, at)
    }

    fn delegate(&self, suspend: &Suspend, to: SegmentId, delegate: TokenStream) -> TokenStream {
        let number = self.layout.states[&to].delegate.expect("a delegation has a number");
        let located = mixed().located_at(suspend.span);
        let name = Ident::new(&self.words.delegate.to_string(), located);
        nested(number, self.layout.delegates, |of, width, outermost, inner| {
            // What nests is a delegate already, and awaits nothing.
            let of = match (suspend.wait, &inner) {
                (Wait::Await, None) => format_ident!("of{of}", span = located),
                _ => format_ident!("child{of}", span = located),
            };
            let inner = inner.unwrap_or_else(|| delegate.clone());
            if outermost {
                quote_spanned!(located=> #name::#of(#inner))
            } else {
                let item = format_ident!("Delegate{width}", span = mixed());
                quote_spanned!(mixed()=> ::segue::machine::#item::#of(#inner))
            }
        })
    }

    /// What a suspension evaluates to.
    fn received(&mut self, wait: Wait, segment: SegmentId) -> TokenStream {
        if self.sends_nothing(wait) {
            return quote_spanned!(mixed()=> ());
        }
        self.reads_input = true;
        if wait == Wait::Yield {
            let name = self.function.sig.ident.to_string();
            return quote_spanned!(mixed()=> input.sent(#name));
        }
        if self.unpacked {
            return self.output(&self.layout.states[&segment]).to_token_stream();
        }
        self.outcome(&self.layout.states[&segment])
    }

    fn sends_nothing(&self, wait: Wait) -> bool {
        matches!(&self.function.kind, Kind::Generator { resume, .. } if wait == Wait::Yield && is_unit(resume))
    }

    /// Binds what a suspension evaluates to.
    fn receive(&mut self, into: Option<&Pat>, wait: Wait, segment: SegmentId) -> TokenStream {
        if into.is_none() && self.sends_nothing(wait) {
            return TokenStream::new();
        }
        let value = self.received(wait, segment);
        let returned = if self.unpacked { &[][..] } else { &self.layout.states[&segment].returned };
        let back: Vec<TokenStream> = returned.iter().map(|field| self.binding(*field)).collect();
        match into {
            None if back.is_empty() => quote_spanned!(mixed()=> #value;),
            None => quote_spanned!(mixed()=> let (#(#back,)* _) = #value;),
            Some(pat) if back.is_empty() => quote_spanned!(mixed()=> let #pat = #value;),
            Some(pat @ Pat::Type(_)) => {
                let output = self.output(&self.layout.states[&segment]);
                quote_spanned!(mixed()=> let (#(#back,)* #output) = #value; let #pat = #output;)
            }
            Some(pat) => quote_spanned!(mixed()=> let (#(#back,)* #pat) = #value;),
        }
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
            let step = &self.words.step;
            let value = value.unwrap_or_else(|| quote_spanned!(mixed()=> ()));
            return vec![quote_spanned!(mixed()=> return #step::returns(#value))];
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
        self.labelled = true;
        let state = self.state(if breaks { jumps.after } else { jumps.again });
        let goes = [quote_spanned!(mixed()=> state = #state), quote_spanned!(mixed()=> continue 'step)];
        assign.into_iter().chain(goes).collect()
    }
}

/// How many delegates one `Delegate…` tells apart.
const WIDTH: usize = 8;

/// Builds what stands for delegate `number` of `count`, from the inside out: the last place of a
/// full `Delegate8` holds the rest.
fn nested(
    number: usize,
    count: usize,
    build: impl Fn(usize, usize, bool, Option<TokenStream>) -> TokenStream,
) -> TokenStream {
    let mut levels = Vec::new();
    let (mut number, mut count) = (number, count);
    while count > WIDTH && number >= WIDTH {
        levels.push((WIDTH, WIDTH));
        number -= WIDTH - 1;
        count -= WIDTH - 1;
    }
    levels.push((number, count.min(WIDTH)));
    let mut inner = None;
    for (depth, (of, width)) in levels.iter().enumerate().rev() {
        inner = Some(build(*of, *width, depth == 0, inner));
    }
    inner.expect("there is at least one level")
}

fn outcome_path(number: usize, count: usize) -> Vec<Ident> {
    let mut path = Vec::new();
    let (mut number, mut count) = (number, count);
    while count > WIDTH && number >= WIDTH {
        path.push(format_ident!("outcome{WIDTH}", span = mixed()));
        number -= WIDTH - 1;
        count -= WIDTH - 1;
    }
    path.push(format_ident!("outcome{number}", span = mixed()));
    path
}

/// The first suspension in a segment, or else where it jumps.
fn suspension_in(code: &[Op], jumps: &mut Vec<SegmentId>) -> Option<Span> {
    code.iter().find_map(|op| match op {
        Op::Suspend { suspend, .. } => Some(suspend.span),
        Op::Scope { code, .. } | Op::LetElse { diverge: code, .. } => suspension_in(code, jumps),
        Op::If { then, otherwise, .. } => {
            suspension_in(then, jumps).or_else(|| suspension_in(otherwise, jumps))
        }
        Op::Match { arms, .. } => arms.iter().find_map(|arm| suspension_in(&arm.code, jumps)),
        Op::Goto { to, .. } => {
            jumps.push(*to);
            None
        }
        _ => None,
    })
}

/// An arm of a `match`: without braces where it only leaves the step.
fn arm(pattern: &TokenStream, code: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = code.clone().into_iter().collect();
    let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let returns = matches!(tokens.first(), Some(TokenTree::Ident(first)) if first == "return");
    if returns && tokens.iter().position(is_semicolon) == Some(tokens.len() - 1) {
        tokens.pop();
        let code: TokenStream = tokens.into_iter().collect();
        return quote_spanned!(mixed()=> #pattern => #code,);
    }
    quote_spanned!(mixed()=> #pattern => { #code })
}

/// What the signature calls an argument.
fn argument(input: &syn::FnArg) -> TokenStream {
    match input {
        syn::FnArg::Receiver(receiver) => receiver.self_token.to_token_stream(),
        syn::FnArg::Typed(typed) => typed.pat.to_token_stream(),
    }
}

/// Does what follows the code run elsewhere?
fn leaves(code: &[Op]) -> bool {
    match code.last() {
        Some(Op::Goto { .. } | Op::Suspend { .. } | Op::Return(_)) => true,
        Some(Op::Scope { code, .. }) => leaves(code),
        _ => false,
    }
}

/// The variables that blocks of a segment bind or declare again.
fn reopened_in(code: &[Op], found: &mut Vec<VarId>) {
    for op in code {
        match op {
            Op::Scope { reopened, code, .. } => {
                found.extend(reopened);
                reopened_in(code, found);
            }
            Op::If { then, otherwise, .. } => {
                reopened_in(then, found);
                reopened_in(otherwise, found);
            }
            Op::Match { arms, .. } => arms.iter().for_each(|arm| reopened_in(&arm.code, found)),
            _ => {}
        }
    }
}
