//! Where a function delegates to itself: its frames go on a stack that the machine has.
//!
//! Which calls these are is told by the name: `walk(left)` in `fn walk`, `Self::walk(left)`, and
//! `self.walk()`. A call on anything else, `self.inner.walk()`, is as likely another type's. That the
//! name means this function rustc is made to check, in code that never runs: of two types that are
//! `impl Coroutine` it takes only one for both.
//!
//! ```text
//! yield_from!(walk(left, depth + 1))     #[call] yield (left, depth + 1)
//! ```

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprTuple, ExprYield, GenericArgument, GenericParam, Ident, Path, PathArguments, Signature, Token,
};

use crate::error::Errors;
use crate::flow::{Flow, Need};
use crate::input::{Function, mixed};
use crate::names::{Names, VarId};
use crate::segments::{Op, Program};
use crate::suspension::{self, Wait};
use crate::tree::Suspend;
use crate::types::Glue;
use crate::{operands, walk};

/// Marks the calls, and puts the arguments in their place.
pub(crate) fn mark(function: &mut Function, names: &Names) -> syn::Result<()> {
    if function.block {
        return Ok(());
    }
    let mut marker = Marker {
        sig: &function.sig,
        names,
        by_name: is_named_alone(function),
        itself: Vec::new(),
        errors: Errors::default(),
    };
    marker.visit_block_mut(&mut function.body);
    let Marker { itself, errors, .. } = marker;
    function.itself = itself;
    errors.finish()
}

/// Does the bare name mean the function? Not that of a method, nor of another item in the body.
fn is_named_alone(function: &Function) -> bool {
    struct Items<'a>(&'a str, bool);
    impl Visit<'_> for Items<'_> {
        fn visit_item(&mut self, item: &syn::Item) {
            self.1 |= names(item.to_token_stream(), self.0);
        }
    }
    let name = function.sig.ident.to_string();
    let mut items = Items(&name, false);
    items.visit_block(&function.body);
    let method =
        names(function.sig.to_token_stream(), "Self") || names(function.body.to_token_stream(), "Self");
    function.sig.receiver().is_none() && !method && !items.1
}

/// Is the name among these tokens?
fn names(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => names(group.stream(), name),
        TokenTree::Ident(ident) => ident == name,
        _ => false,
    })
}

struct Marker<'a> {
    sig: &'a Signature,
    names: &'a Names,
    /// The function's bare name is its own.
    by_name: bool,
    /// The names that it calls itself by.
    itself: Vec<Path>,
    errors: Errors,
}

impl Marker<'_> {
    /// What the function calls itself by, and the arguments, if `operand` is such a call.
    fn call(&self, operand: &Expr) -> Option<(Path, ExprTuple)> {
        let (path, paren_token, arguments) = match operand {
            Expr::Paren(inner) => return self.call(&inner.expr),
            Expr::Group(inner) => return self.call(&inner.expr),
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return None };
                let ours = path.qself.is_none() && self.is_itself(&path.path);
                (ours.then(|| path.path.clone())?, call.paren_token, call.args.iter().cloned().collect())
            }
            Expr::MethodCall(call) => {
                let receiver = walk::local(self.names, &call.receiver)?;
                let ours = self.names.receiver == Some(receiver) && call.method == self.sig.ident;
                let (method, arguments) = (ours.then_some(&call.method)?, &call.turbofish);
                let this = Ident::new("Self", mixed().located_at(method.span()));
                let path = syn::parse_quote_spanned!(method.span()=> #this::#method #arguments);
                let receiver = std::iter::once((*call.receiver).clone());
                (path, call.paren_token, receiver.chain(call.args.iter().cloned()).collect::<Vec<_>>())
            }
            _ => return None,
        };
        if arguments.len() != self.sig.inputs.len() {
            return None;
        }
        let mut elems = Punctuated::new();
        for argument in arguments {
            elems.push_value(argument);
            elems.push_punct(Token![,](mixed()));
        }
        let paren_token = syn::token::Paren(paren_token.span);
        Some((path, ExprTuple { attrs: Vec::new(), paren_token, elems }))
    }

    /// The function's name, or `Self::` and that.
    fn is_itself(&self, path: &Path) -> bool {
        let segments: Vec<_> = path.segments.iter().collect();
        let named = |name: &syn::PathSegment| name.ident == self.sig.ident;
        path.leading_colon.is_none()
            && match &segments[..] {
                [name] => self.by_name && named(name),
                [this, name] => this.ident == "Self" && this.arguments.is_none() && named(name),
                _ => false,
            }
    }

    /// The types that a call names must be the function's own: its frames are all of one type.
    fn refuse_other_types(&mut self, path: &Path) {
        let Some(PathArguments::AngleBracketed(given)) = path.segments.last().map(|last| &last.arguments)
        else {
            return;
        };
        let given = given.args.iter().filter(|argument| !matches!(argument, GenericArgument::Lifetime(_)));
        let given: Vec<String> = given.map(|argument| argument.to_token_stream().to_string()).collect();
        if of_types(self.sig) != given {
            self.errors.at(
                path,
                "a function that calls itself with other type arguments is another function each time; \
                 box that call: `Box::pin(...).await`, or `yield_from!` of a `Box<dyn Coroutine<...>>`",
            );
        }
    }

    /// What an awaited operand makes on the way lives till the call has returned.
    fn refuse_temporaries(&mut self, arguments: &ExprTuple) {
        for argument in &arguments.elems {
            if leaves_temporaries(argument) {
                self.errors.at(
                    argument,
                    "this makes a temporary value that lives until the call has returned, which a function that \
                     calls itself can't keep; bind the argument with a `let` first",
                );
            }
        }
    }
}

impl VisitMut for Marker<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if matches!(expr, Expr::Closure(_) | Expr::Async(_) | Expr::Const(_)) {
            return;
        }
        let operand = match (&*expr, suspension::of(expr)) {
            (Expr::Yield(yielded), Some(Wait::YieldFrom)) => yielded.expr.as_deref(),
            (Expr::Await(awaited), Some(Wait::Await)) => Some(&*awaited.base),
            _ => None,
        };
        if let Some((path, arguments)) = operand.and_then(|operand| self.call(operand)) {
            self.refuse_other_types(&path);
            if matches!(expr, Expr::Await(_)) {
                self.refuse_temporaries(&arguments);
            }
            *expr = Expr::Yield(ExprYield {
                attrs: vec![suspension::call_at(expr)],
                yield_token: Token![yield](suspension::at(expr).word),
                expr: Some(Box::new(Expr::Tuple(arguments))),
            });
            let known = |known: &Path| known.segments.len() == path.segments.len();
            if !self.itself.iter().any(known) {
                self.itself.push(path);
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Is something that an awaited argument makes, or what it awaits itself, there to the end of the statement?
fn leaves_temporaries(argument: &Expr) -> bool {
    struct Awaited(bool);
    impl Visit<'_> for Awaited {
        fn visit_expr(&mut self, expr: &Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
                Expr::Await(awaited) => self.0 |= operands::makes_temporaries(&awaited.base),
                _ => {}
            }
            visit::visit_expr(self, expr);
        }

        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut awaited = Awaited(operands::makes_temporaries(argument));
    awaited.visit_expr(argument);
    awaited.0
}

/// The function's parameters for types and constants, as they are named in a call.
pub(crate) fn of_types(sig: &Signature) -> Vec<Ident> {
    let named = sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(param.ident.clone()),
        GenericParam::Const(param) => Some(param.ident.clone()),
        _ => None,
    });
    named.collect()
}

/// Refuses a `&mut` that goes into the call and is used again after it: the frame that it is in isn't
/// the caller's, which waits on the stack meanwhile.
pub(crate) fn refuse_lent(program: &Program, flow: &Flow, names: &Names) -> syn::Result<()> {
    let mut errors = Errors::default();
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            let Op::Suspend { suspend: Suspend { wait: Wait::Call, operand, .. }, to } = op else { return };
            let Some(Expr::Tuple(arguments)) = operand else { return };
            for argument in &arguments.elems {
                let again = |var| flow.need(names, *to, var) == Need::Value;
                let lent = lent(argument, names, again).map(|var| &names.get(var).shown);
                if let Some(name) = lent {
                    errors.at(argument, lent_message(name, names));
                }
            }
        });
    }
    errors.finish()
}

/// The variable that an argument borrows mutably, and that is there again after the call.
fn lent(argument: &Expr, names: &Names, again: impl Fn(VarId) -> bool) -> Option<VarId> {
    match argument {
        Expr::Reference(reference) if reference.mutability.is_some() => match &*reference.expr {
            Expr::Unary(place) => walk::local(names, &place.expr).filter(|var| again(*var)),
            place => walk::local(names, place),
        },
        _ => walk::local(names, argument).filter(|var| names.get(*var).glue == Glue::Mutable && again(*var)),
    }
}

fn lent_message(name: &Ident, names: &Names) -> String {
    let is_self = names.receiver.is_some_and(|receiver| names.get(receiver).shown == *name);
    let name = if is_self { "self".to_owned() } else { name.to_string() };
    format!(
        "`{name}` is lent to a call of the function itself, whose frame can't borrow from this one: \
         box that call, `Box::pin(...).await`, or pass `{name}` by value and let the function return it"
    )
}
