//! Writes the machine: the enum of its states, and the step that goes from one to the next.

mod arms;
mod blocks;
mod parts;
mod states;
mod suspensions;

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Ident, PathArguments, ReturnType, Type, parse_quote_spanned};

use self::suspensions::outermost_width;
use crate::beside;
use crate::elided;
use crate::flow::Flow;
use crate::input::{Function, Kind, is_unit, mixed};
use crate::layout::{Kept, Layout, Shape};
use crate::names::{Loan, Names, VarId};
use crate::places;
use crate::proof::Proof;
use crate::recursion;
use crate::segments::{Entry, JumpId, Program};
use crate::suspension::Wait;

/// The function that returns the machine.
pub(crate) fn generate(
    function: &Function,
    program: &Program,
    flow: &Flow,
    layout: &Layout,
    proof: Option<&Proof>,
    names: &Names,
) -> TokenStream {
    let mut writer = Writer {
        function,
        proof,
        program,
        flow,
        layout,
        names,
        words: Words::new(names),
        held: HashMap::new(),
        group: 0,
        jump: None,
        labelled: false,
        given: None,
        reads_input: false,
        awaits_operand: false,
        steps_iterator: false,
        leaves: false,
        leaves_by_type: program.parted,
        unpacked: false,
    };
    let body = writer.body();
    if function.block {
        quote_spanned!(mixed()=> { #body })
    } else {
        signature(function, names.framed, &body)
    }
}

/// The user's signature, with what the machine is as its return type.
///
/// In a `frame` variables borrow each other.
pub(crate) fn signature(function: &Function, frame: bool, body: &TokenStream) -> TokenStream {
    let Function { attrs, vis, modifiers, sig, .. } = function;
    let mut sig = sig.clone();
    let output = function.output();
    if sig.asyncness.take().is_some() {
        elided::name(&mut sig);
    }
    if frame {
        elided::name_frame(&mut sig);
    }
    // What is wrong with the type that is returned is told where the user names it.
    let named = match &sig.output {
        ReturnType::Default => sig.ident.span(),
        ReturnType::Type(_, output) => output.span(),
    };
    let located = mixed().located_at(named);
    let machine = match &function.kind {
        Kind::Generator { yields, resume } => {
            let iterator = (is_unit(resume) && is_unit(&output))
                .then(|| quote_spanned!(located=> + ::core::iter::Iterator<Item = #yields>));
            quote_spanned!(located=> impl ::segue::Coroutine<#resume, Yield = #yields, Return = #output> #iterator)
        }
        Kind::Stream { yields } => {
            quote_spanned!(located=> impl ::segue::machine::stream::FusedStream<Item = #yields>)
        }
        Kind::Task => quote_spanned!(located=> impl ::core::future::Future<Output = #output>),
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
    /// The trait of what can be awaited.
    awaitable: Ident,
    /// The function that a machine begins with, and the variable that has what it returns.
    init: Ident,
    /// That function, where values are sent.
    receiving: Ident,
    /// What keeps an awaited future for what it leaves.
    leaving: Ident,
    /// What tells by a variable's type whether anything can be left of it.
    rest: Ident,
    /// What the machine takes from the proof of its borrows.
    proof: Ident,
    /// What the home of a variable is owned by, and what a reference is where its target is borrowed.
    loaned: Ident,
    lent: Ident,
    /// What may borrow from there.
    sealed: Ident,
    /// The functions that tell what a stream waits for: a future, or another stream.
    awaited: Ident,
    streamed: Ident,
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
            awaitable: word("Awaitable"),
            init: word("init"),
            receiving: word("receiving"),
            leaving: word("leaving"),
            rest: beside::by_type_ident(names),
            proof: word("proof"),
            loaned: places::loaned_ident(names),
            lent: places::lent_ident(names),
            sealed: word("Sealed"),
            awaited: word("awaited"),
            streamed: word("streamed"),
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
    /// If some variables are on loan.
    proof: Option<&'a Proof>,
    program: &'a Program,
    flow: &'a Flow,
    layout: &'a Layout,
    names: &'a Names,
    words: Words,
    /// The variables that came into this segment only to be dropped, and how.
    held: HashMap<VarId, Kept>,
    /// The part of a step that is written, of one that has several.
    group: usize,
    /// The jumps out of the statement at hand.
    jump: Option<JumpId>,
    labelled: bool,
    /// The variable that the value of a branch was just given to, and where that value stands.
    given: Option<(VarId, Span)>,
    reads_input: bool,
    /// Something is awaited that no `async` block is around.
    awaits_operand: bool,
    steps_iterator: bool,
    /// Something stays behind in an awaited future.
    leaves: bool,
    /// The same, if its type lets it.
    leaves_by_type: bool,
    /// What the suspension evaluates to has been taken out already.
    unpacked: bool,
}

impl Writer<'_> {
    fn body(&mut self) -> TokenStream {
        let step = match &self.layout.groups {
            Some(groups) => self.step_of_groups(groups),
            None => {
                let arms: Vec<TokenStream> = self.program.order.iter().map(|id| self.arm(*id)).collect();
                self.step(&arms)
            }
        };
        let items = &self.function.body.stmts;
        let imports = self.imports();
        let enums = self.enums();
        let machine = self.machine(&step);
        let itself = self.itself();
        let proof = self.proof.map(|proof| proof.write(&self.words.proof, &self.words.step, self.names));
        quote_spanned!(mixed()=> #(#items)* #itself #imports #proof #enums #machine)
    }

    fn imports(&self) -> TokenStream {
        let module = match (&self.function.kind, self.layout.shape) {
            (Kind::Task, _) => quote_spanned!(mixed()=> task),
            (Kind::Stream { .. }, _) => quote_spanned!(mixed()=> stream),
            (_, Shape::Plain) => quote_spanned!(mixed()=> generator),
            (_, Shape::Delegating) => quote_spanned!(mixed()=> delegator),
        };
        let mut items = Vec::new();
        if self.layout.shape == Shape::Delegating {
            items.push(import("At", &self.words.at));
            let has_children =
                matches!(self.function.kind, Kind::Generator { .. }) && self.layout.delegates > 0;
            if has_children {
                items.push(quote_spanned!(mixed()=> Child));
            }
            if matches!(self.function.kind, Kind::Stream { .. }) {
                let used = self.program.order.iter().map(|id| self.program.get(*id).entry);
                let used: Vec<Entry> = used.collect();
                if [Wait::Await, Wait::Item].iter().any(|wait| used.contains(&Entry::Resume(*wait))) {
                    items.push(import("awaited", &self.words.awaited));
                }
                if used.contains(&Entry::Resume(Wait::YieldFrom)) {
                    items.push(import("streamed", &self.words.streamed));
                }
            }
            if self.awaits_operand {
                items.push(import("Awaitable", &self.words.awaitable));
            }
            if self.leaves {
                items.push(import("leaving", &self.words.leaving));
            }
            if self.layout.delegates > 0 && self.layout.groups.is_none() {
                let width = outermost_width(self.layout.delegates);
                items.push(import(&format!("Delegate{width}"), &self.words.delegate));
            }
            if has_children {
                items.push(quote_spanned!(mixed()=> FromChild as _));
            }
        }
        if self.leaves_by_type {
            items.push(quote_spanned!(mixed()=> Leave as _));
            items.push(import("Rest", &self.words.rest));
        }
        if self.layout.holds {
            items.push(quote_spanned!(mixed()=> Held));
            items.push(quote_spanned!(mixed()=> Hold as _));
        }
        let from_loan = self.imports_of_loan();
        if from_loan.is_none() {
            items.push(import("Step", &self.words.step));
        }
        if self.receives() {
            items.push(import("receiving", &self.words.receiving));
        } else {
            items.push(import("init", &self.words.init));
        }
        if self.steps_iterator {
            items.push(import("next", &self.words.next));
        }
        quote_spanned!(mixed()=> #from_loan use ::segue::machine::#module::{#(#items),*};)
    }

    /// What is used where variables are on loan.
    fn imports_of_loan(&self) -> Option<TokenStream> {
        self.proof?;
        let Words { loaned, lent, sealed, step, .. } = &self.words;
        let mut items = Vec::new();
        if self.names.loans().any(|loan| loan == Loan::Home) {
            items.push(import("Loaned", loaned));
        }
        if self.names.loans().any(|loan| loan == Loan::Reference) {
            items.push(import("Lent", lent));
        }
        if self.layout.shape == Shape::Plain {
            items.push(import("Sealed", sealed));
        }
        items.push(import("Step", step));
        Some(quote_spanned!(mixed()=> use ::segue::machine::loan::{#(#items),*};))
    }

    /// Is it sent values, other than `()`?
    fn receives(&self) -> bool {
        matches!(&self.function.kind, Kind::Generator { resume, .. } if !is_unit(resume))
    }

    /// What the machine begins with, and the closure that takes it from state to state.
    fn machine(&mut self, step: &TokenStream) -> TokenStream {
        let (output, init) = (nameable(self.function.output()), &self.words.init);
        let start = self.start();
        let begun = match &self.function.kind {
            Kind::Task => quote_spanned!(mixed()=> #init::<_, #output>(#start)),
            Kind::Stream { yields } => quote_spanned!(mixed()=> #init::<_, #yields>(#start)),
            Kind::Generator { yields, resume } if self.receives() => {
                let receiving = &self.words.receiving;
                quote_spanned!(mixed()=> #receiving::<_, #resume, #yields, #output>(#start))
            }
            Kind::Generator { yields, .. } => {
                quote_spanned!(mixed()=> #init::<_, #yields, #output>(#start))
            }
        };
        // A value that is sent to a function that hasn't begun would be lost.
        let begins = (self.receives() && self.layout.shape == Shape::Plain).then(|| {
            let start = self.named(self.program.order[0], &TokenStream::new());
            let start = self.in_whole(0, quote_spanned!(mixed()=> #start { .. }));
            let get = self.proof.map(|_| quote_spanned!(mixed()=> .get()));
            quote_spanned!(mixed()=> let #init = #init.begins(|state| ::core::matches!(state #get, #start));)
        });
        let none = quote_spanned!(mixed()=> ::core::convert::Infallible);
        let recursive = self.function.is_recursive();
        // What no arm tells: that there are no suspensions, no jumps or no delegates.
        let types_of_step =
            (self.layout.delegates == 0 && self.layout.shape == Shape::Delegating && !recursive).then(|| {
                let jump = if self.layout.has_jumps || self.layout.groups.is_some() {
                    quote_spanned!(mixed()=> _)
                } else {
                    none.clone()
                };
                let waits = |id| matches!(self.program.get(id).entry, Entry::Resume(_));
                let yields = self.program.order.iter().any(|id| waits(*id));
                let state = if yields || self.layout.groups.is_some() {
                    quote_spanned!(mixed()=> _)
                } else {
                    none.clone()
                };
                quote_spanned!(mixed()=> #state, #jump, #none, _)
            });
        let owns = self.names.captures_by_step;
        let types = types_of_step.as_ref().map(|types| quote_spanned!(mixed()=> ::<#types>));
        let machine = match self.kept_in_place() {
            _ if recursive => self.recursive(init, step),
            _ if owns => quote_spanned!(mixed()=> #init.owning #types (move #step)),
            None => quote_spanned!(mixed()=> #init.step #types (#step)),
            Some(kept) => {
                let types = types_of_step.map(|types| quote_spanned!(mixed()=> ::<_, #types>));
                quote_spanned!(mixed()=> #init.step_keeping #types (#kept, move #step))
            }
        };
        let in_place = self.layout.in_place.values();
        let proven = self.proof.map(|_| {
            let proof = &self.words.proof;
            quote_spanned!(mixed()=> .proven(#proof))
        });
        // Warnings are given of the proof, which is the user's own.
        let machine = match self.proof {
            None => machine,
            Some(_) => quote_spanned! {mixed()=>
                #[allow(warnings, unused, dangerous_implicit_autorefs)]
                let machine = #machine;
                machine
            },
        };
        quote_spanned! {mixed()=>
            #(#in_place)*
            let #init = #begun #proven;
            #begins
            #machine
        }
    }

    /// The machine of a function that calls itself, which stands where it does so: if that is another
    /// function, it is told there.
    fn recursive(&self, init: &Ident, step: &TokenStream) -> TokenStream {
        let span = self.function.itself.first().map_or_else(mixed, Spanned::span);
        let located = mixed().located_at(span);
        let method = if self.layout.delegates == 0 { "recursive_alone" } else { "recursive" };
        let (init, method) = (located_ident(init, located), Ident::new(method, located));
        let mut step = Group::new(Delimiter::Parenthesis, step.clone());
        step.set_span(located);
        quote_spanned!(located=> #init.#method #step)
    }

    /// `if false { return walk(left, depth); }`: what a function calls in its own name must be of the type
    /// that it returns, which nothing else is.
    fn itself(&self) -> TokenStream {
        let sig = &self.function.sig;
        let types = recursion::of_types(sig);
        let types = (!types.is_empty()).then(|| quote_spanned!(mixed()=> ::<#(#types),*>));
        let arguments: Vec<TokenStream> = sig.inputs.iter().map(argument).collect();
        let calls = self.function.itself.iter().map(|path| {
            let mut path = path.clone();
            path.segments.iter_mut().for_each(|segment| segment.arguments = PathArguments::None);
            quote_spanned!(mixed()=> if false { return #path #types (#(#arguments),*); })
        });
        calls.collect()
    }

    /// The variables that the step captures.
    fn kept_in_place(&self) -> Option<TokenStream> {
        let kept = self.layout.in_place.keys().map(|var| {
            let own = self.names.get(*var).shown.span();
            self.names.ident(*var, own)
        });
        let kept: Vec<_> = kept.collect();
        (!kept.is_empty()).then(|| quote_spanned!(mixed()=> (#(#kept,)*)))
    }

    /// The first state, or the arguments.
    fn start(&self) -> TokenStream {
        let inputs = self.function.sig.inputs.iter().enumerate();
        let moved = inputs.filter(|(index, _)| !self.layout.in_place.contains_key(&VarId(*index)));
        let arguments: Vec<TokenStream> =
            moved.map(|(index, input)| self.lent_out(VarId(index), argument(input))).collect();
        if self.layout.shape == Shape::Delegating {
            let arguments = self.begun(arguments);
            return quote_spanned!(mixed()=> (#(#arguments,)*));
        }
        let start = &self.layout.states[&self.program.order[0]];
        let fields = start.fields.iter().zip(&arguments).map(|(field, value)| {
            let ident = self.field(*field, None);
            let same = !self.names.get(field.var).ours
                && self.names.receiver != Some(field.var)
                && !self.names.on_loan(field.var)
                && !self.layout.shown.contains_key(&field.var);
            if same { quote_spanned!(mixed()=> #ident) } else { quote_spanned!(mixed()=> #ident: #value) }
        });
        let fields: Vec<_> = fields.collect();
        let fields = (!fields.is_empty()).then(|| quote_spanned!(mixed()=> { #(#fields),* }));
        let state = self.in_whole(0, self.named(self.program.order[0], &fields.into_token_stream()));
        let sealed = &self.words.sealed;
        if self.proof.is_some() { quote_spanned!(mixed()=> #sealed::new(#state)) } else { state }
    }

    /// An argument as the machine has it.
    fn lent_out(&self, var: VarId, argument: TokenStream) -> TokenStream {
        let Words { loaned, lent, .. } = &self.words;
        match self.names.get(var).loan {
            None => argument,
            Some(Loan::Home) => quote_spanned!(mixed()=> #loaned::new(#argument)),
            Some(Loan::Reference) => quote_spanned!(mixed()=> #lent::new(#argument)),
        }
    }

    /// What came into a step, as its parameter.
    fn input(&self) -> TokenStream {
        if self.reads_input { quote_spanned!(mixed()=> mut input) } else { quote_spanned!(mixed()=> _) }
    }

    fn step(&self, arms: &[TokenStream]) -> TokenStream {
        let input = self.input();
        if self.proof.is_some() {
            return self.opening_step(arms, &input);
        }
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
}

impl Writer<'_> {
    /// The step of a machine whose state is sealed, and in which variables are places.
    fn opening_step(&self, arms: &[TokenStream], input: &TokenStream) -> TokenStream {
        let open_input = (self.reads_input && self.layout.delegates > 0)
            .then(|| quote_spanned!(mixed()=> let mut input = input.open();));
        if !self.layout.has_jumps {
            let no_jumps = (self.layout.shape == Shape::Delegating).then(|| {
                let at = &self.words.at;
                quote_spanned!(mixed()=> : #at<_, _>)
            });
            // A variable, so that what is wrong with a part of it is told of that.
            return quote_spanned! {mixed()=>
                |state #no_jumps, #input| unsafe {
                    let state = state.open();
                    #open_input
                    match state { #(#arms)* }
                }
            };
        }
        let any = match self.layout.shape {
            Shape::Delegating => {
                let at = &self.words.at;
                quote_spanned!(mixed()=> #at<_, _, _>)
            }
            Shape::Plain => {
                let sealed = &self.words.sealed;
                quote_spanned!(mixed()=> #sealed<_>)
            }
        };
        let label = self.labelled.then(|| quote_spanned!(mixed()=> 'step:));
        quote_spanned! {mixed()=>
            |state: #any, #input| unsafe {
                let mut state = state.open();
                #open_input
                #label loop {
                    state = match state { #(#arms)* }
                }
            }
        }
    }
}

/// The type as it can be written in an expression: what an `impl Trait` in it stands for is inferred.
pub(crate) fn nameable(mut ty: Type) -> Type {
    struct Opaque;
    impl VisitMut for Opaque {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            match ty {
                Type::ImplTrait(_) => *ty = parse_quote_spanned!(ty.span()=> _),
                ty => visit_mut::visit_type_mut(self, ty),
            }
        }
    }
    Opaque.visit_type_mut(&mut ty);
    ty
}

/// What the signature calls an argument.
pub(crate) fn argument(input: &syn::FnArg) -> TokenStream {
    match input {
        syn::FnArg::Receiver(receiver) => receiver.self_token.to_token_stream(),
        syn::FnArg::Typed(typed) => typed.pat.to_token_stream(),
    }
}

fn located_ident(ident: &Ident, span: Span) -> Ident {
    Ident::new(&ident.to_string(), span)
}
