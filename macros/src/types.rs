//! What can be told of a variable without knowing types: from what the user wrote beside it.

use syn::{Expr, GenericArgument, Generics, Lit, PathArguments, Type, TypeParamBound, WherePredicate};

/// What dropping a variable does, as far as syntax tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Glue {
    /// Nothing, and the type is `Copy`.
    Copy,
    /// Nothing; a `&mut`.
    Mutable,
    /// Not known: it may have a destructor.
    Unknown,
}

impl Glue {
    /// Dropping does nothing.
    pub(crate) fn is_none(self) -> bool {
        self != Glue::Unknown
    }
}

const PRIMITIVES: [&str; 17] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
    "bool", "char", "str",
];

/// What a written type tells.
pub(crate) fn of_type(ty: &Type) -> Glue {
    match ty {
        Type::Reference(reference) if reference.mutability.is_some() => Glue::Mutable,
        Type::Reference(_) | Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) => Glue::Copy,
        Type::Paren(inner) => of_type(&inner.elem),
        Type::Group(inner) => of_type(&inner.elem),
        Type::Array(array) => of_type(&array.elem),
        Type::Tuple(tuple) if tuple.elems.iter().all(|elem| of_type(elem) == Glue::Copy) => Glue::Copy,
        Type::Path(path) if path.qself.is_none() => match path.path.get_ident() {
            Some(ident) if PRIMITIVES.iter().any(|name| ident == name) => Glue::Copy,
            _ => Glue::Unknown,
        },
        _ => Glue::Unknown,
    }
}

/// Is this a number, a `bool` or a `char`?
pub(crate) fn is_primitive(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.get_ident().is_some_and(|ident| PRIMITIVES.iter().any(|name| ident == name)))
}

/// Does a value of this type have no borrow in it, as far as it is written down?
pub(crate) fn owns(ty: &Type) -> bool {
    match ty {
        Type::Path(path) if path.qself.is_none() => match path.path.segments.last() {
            Some(last) => match &last.arguments {
                PathArguments::None => true,
                PathArguments::AngleBracketed(arguments) => {
                    let owned = |argument: &GenericArgument| matches!(argument, GenericArgument::Type(ty) if owns(ty));
                    CONTAINERS.contains(&&*last.ident.to_string()) && arguments.args.iter().all(owned)
                }
                PathArguments::Parenthesized(_) => false,
            },
            None => false,
        },
        Type::Array(array) => owns(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(owns),
        Type::Paren(inner) => owns(&inner.elem),
        Type::Group(inner) => owns(&inner.elem),
        _ => false,
    }
}

/// What owns as its parts do.
const CONTAINERS: [&str; 9] =
    ["Vec", "VecDeque", "Option", "Result", "Box", "Rc", "Arc", "HashMap", "BTreeMap"];

/// Is a value of this type gone when it is called? It is an `FnOnce`, and nothing says that it may be called again.
pub(crate) fn is_called_once(ty: &Type, generics: &Generics) -> bool {
    let mut bounds: Vec<&TypeParamBound> = Vec::new();
    match ty {
        Type::ImplTrait(some) => bounds.extend(&some.bounds),
        Type::Path(path) => {
            let param = generics.type_params().find(|param| path.path.is_ident(&param.ident));
            bounds.extend(param.into_iter().flat_map(|param| &param.bounds));
            let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
            bounds.extend(clause.flat_map(|predicate| match predicate {
                WherePredicate::Type(of) if of.bounded_ty == *ty => of.bounds.iter().collect(),
                _ => Vec::new(),
            }));
        }
        _ => {}
    }
    let is = |bound: &&TypeParamBound, name: &str| match bound {
        TypeParamBound::Trait(of) => of.path.segments.last().is_some_and(|last| last.ident == name),
        _ => false,
    };
    let any = |name: &str| bounds.iter().any(|bound| is(bound, name));
    any("FnOnce") && !any("FnMut") && !any("Fn") && !any("Copy")
}

/// What an initial value tells.
pub(crate) fn of_value(value: &Expr) -> Glue {
    match value {
        Expr::Lit(literal) if !matches!(literal.lit, Lit::Verbatim(_)) => Glue::Copy,
        Expr::Reference(reference) if reference.mutability.is_some() => Glue::Mutable,
        Expr::Reference(_) | Expr::RawAddr(_) => Glue::Copy,
        Expr::Cast(cast) if !matches!(*cast.ty, Type::Infer(_)) => Glue::Copy,
        Expr::Paren(inner) => of_value(&inner.expr),
        Expr::Group(inner) => of_value(&inner.expr),
        Expr::Repeat(repeat) => of_value(&repeat.expr),
        Expr::Array(array) if array.elems.iter().all(|elem| of_value(elem) == Glue::Copy) => Glue::Copy,
        Expr::Tuple(tuple) if tuple.elems.iter().all(|elem| of_value(elem) == Glue::Copy) => Glue::Copy,
        Expr::Unary(unary)
            if matches!(unary.op, syn::UnOp::Neg(_)) && matches!(*unary.expr, Expr::Lit(_)) =>
        {
            Glue::Copy
        }
        _ => Glue::Unknown,
    }
}
