//! Names for the lifetimes that are left out in an `impl Trait` argument.
//!
//! `async fn send(name: impl Into<Option<&str>>)` is stable, a `fn` with such an argument isn't (E0658),
//! and the machine of a function is what a `fn` returns.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Lifetime, LifetimeParam, Signature, Type, TypeParamBound, Visibility};

use crate::input::mixed;

/// Gives each of them a lifetime parameter of the function.
pub(crate) fn name(sig: &mut Signature) {
    let mut elided = Elided { inside: false, named: Vec::new() };
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            elided.visit_type_mut(&mut typed.ty);
        }
    }
    for lifetime in elided.named.into_iter().rev() {
        sig.generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
    }
}

/// Where variables borrow each other, gives a name to how long they may: everything that the function is generic over
/// lives as long.
///
/// A method of a trait can't have such a name, and may do without: `&self` lives as long as all it has.
pub(crate) fn name_frame(sig: &mut Signature, vis: &Visibility) {
    let types = sig.generics.type_params().count() + usize::from(has_opaque_argument(sig));
    let several = types > 0 || sig.generics.lifetimes().count() > 1;
    let may_be_of_trait = sig.receiver().is_some() && matches!(vis, Visibility::Inherited);
    if !several || may_be_of_trait {
        return;
    }
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
        fn visit_type_impl_trait_mut(&mut self, opaque: &mut syn::TypeImplTrait) {
            opaque.bounds.push(TypeParamBound::Lifetime(self.0.clone()));
        }
    }
    for input in &mut sig.inputs {
        Bounded(frame.clone()).visit_fn_arg_mut(input);
    }
    sig.generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(frame)));
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
