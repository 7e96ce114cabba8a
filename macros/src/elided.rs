//! Names for the lifetimes that are left out in an `impl Trait` argument.
//!
//! `async fn send(name: impl Into<Option<&str>>)` is stable, a `fn` with such an argument isn't (E0658),
//! and the machine of a function is what a `fn` returns.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericParam, Lifetime, LifetimeParam, Receiver, ReceiverKind, Signature, Type, TypeParamBound,
};

use crate::input::mixed;

/// Gives each of them a lifetime parameter of the function.
pub(crate) fn name(sig: &mut Signature) {
    let mut elided = Elided { inside: false, named: Vec::new() };
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            elided.visit_type_mut(&mut typed.ty);
        }
    }
    elided.declare(sig);
}

/// Where variables borrow each other, gives a name to how long they may: everything that the function is generic over
/// lives as long.
///
/// One lifetime, and nothing else that is generic, is such a name itself.
pub(crate) fn name_frame(sig: &mut Signature) {
    let generic = sig.generics.type_params().count() > 0 || has_opaque_argument(sig);
    if !generic && lifetimes(sig) < 2 {
        return;
    }
    name_all(sig);
    let frame = Lifetime::new("'frame", mixed());
    for param in &mut sig.generics.params {
        match param {
            GenericParam::Type(param) => param.bounds.push(TypeParamBound::Lifetime(frame.clone())),
            GenericParam::Lifetime(param) => param.bounds.push(frame.clone()),
            GenericParam::Const(_) => {}
        }
    }
    struct Bounded(Lifetime);
    impl VisitMut for Bounded {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            visit_mut::visit_type_mut(self, ty);
            if let Type::ImplTrait(opaque) = ty {
                opaque.bounds.push(TypeParamBound::Lifetime(self.0.clone()));
                // `&(impl Trait + 'frame)`
                let elem = Box::new(ty.clone());
                *ty = Type::Paren(syn::TypeParen {
                    attrs: Vec::new(),
                    paren_token: syn::token::Paren(mixed()),
                    elem,
                });
            }
        }
    }
    for input in &mut sig.inputs {
        Bounded(frame.clone()).visit_fn_arg_mut(input);
    }
    sig.generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(frame)));
}

/// How many lifetimes there are, those that are left out too.
fn lifetimes(sig: &Signature) -> usize {
    let mut sig = sig.clone();
    name_all(&mut sig);
    sig.generics.lifetimes().count()
}

/// Gives each lifetime of an argument a name that is left out.
fn name_all(sig: &mut Signature) {
    let mut elided = Elided { inside: true, named: Vec::new() };
    for input in &mut sig.inputs {
        match input {
            FnArg::Typed(typed) => elided.visit_type_mut(&mut typed.ty),
            FnArg::Receiver(receiver) => elided.receiver(receiver),
        }
    }
    elided.declare(sig);
}

fn has_opaque_argument(sig: &Signature) -> bool {
    struct Finds(bool);
    impl<'ast> syn::visit::Visit<'ast> for Finds {
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut finds = Finds(false);
    sig.inputs.iter().for_each(|input| syn::visit::Visit::visit_fn_arg(&mut finds, input));
    finds.0
}

struct Elided {
    /// In an `impl Trait`.
    inside: bool,
    named: Vec<Lifetime>,
}

impl Elided {
    /// What was named becomes parameters of the function.
    fn declare(self, sig: &mut Signature) {
        for lifetime in self.named.into_iter().rev() {
            sig.generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
        }
    }

    /// `&self`
    fn receiver(&mut self, receiver: &mut Receiver) {
        match &mut receiver.kind {
            ReceiverKind::Reference(and, lifetime @ None, _) => *lifetime = Some(self.fresh(and.span)),
            ReceiverKind::Reference(_, Some(lifetime), _) => self.visit_lifetime_mut(lifetime),
            ReceiverKind::Typed(_, ty) => self.visit_type_mut(ty),
            _ => {}
        }
    }

    fn fresh(&mut self, span: Span) -> Lifetime {
        let name = format!("'elided{}", self.named.len() + 1);
        let lifetime = Lifetime::new(&name, mixed().located_at(span));
        self.named.push(lifetime.clone());
        lifetime
    }
}

impl VisitMut for Elided {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::ImplTrait(_) => {
                let outer = std::mem::replace(&mut self.inside, true);
                visit_mut::visit_type_mut(self, ty);
                self.inside = outer;
            }
            Type::Reference(reference) if self.inside && reference.lifetime.is_none() => {
                reference.lifetime = Some(self.fresh(reference.and_token.span));
                visit_mut::visit_type_mut(self, ty);
            }
            // A lifetime that is left out here is any lifetime.
            Type::FnPtr(_) => {}
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if self.inside && lifetime.ident == "_" {
            *lifetime = self.fresh(lifetime.apostrophe);
        }
    }

    /// `Fn(&str)`: the same.
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut syn::ParenthesizedGenericArguments) {}
}
