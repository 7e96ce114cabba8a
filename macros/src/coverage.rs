//! What a pattern takes of the value it is matched with, and what it leaves behind.
//!
//! A value is dropped when its scope ends, less the parts that were moved out. Whether something is
//! left can be told from a pattern: `Some(x)` takes all, `Some(_)` nothing, `(a, _)` a part.

use syn::visit::Visit;
use syn::{Ident, Pat, PatIdent, Path};

use crate::input::mixed;
use crate::names::Names;

/// What becomes of a value that is matched by a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Taken {
    /// It is still there.
    Nothing,
    /// It is gone, or there is nothing of it to be dropped.
    All,
}

/// What an arm with this pattern takes. A part counts as nothing: if it was moved, rustc says so.
pub(crate) fn taken(pat: &Pat) -> Taken {
    let stays = leaves_rest(pat, false) || (may_have_drop(pat) && !moves(pat));
    if stays { Taken::Nothing } else { Taken::All }
}

/// Is it `Some` of anything? What doesn't match it is a `None`: nothing of that is left.
pub(crate) fn is_any_some(pat: &Pat) -> bool {
    let any = |pat: &Pat| match pat {
        Pat::Wild(_) => true,
        Pat::Ident(ident) => ident.subpat.is_none() && !constant(&ident.ident),
        _ => false,
    };
    match pat {
        Pat::TupleStruct(tuple) => last_is(&tuple.path, &["Some"]) && tuple.elems.iter().all(any),
        Pat::Paren(inner) => is_any_some(&inner.pat),
        _ => false,
    }
}

/// Does it take a part, and leave another behind?
pub(crate) fn takes_a_part(pat: &Pat) -> bool {
    moves(pat) && leaves_rest(pat, false)
}

/// Does anything of the value stay behind? With `named`, its wildcards are about to get names.
pub(crate) fn leaves_rest(pat: &Pat, named: bool) -> bool {
    let named = named && moves(pat) && only_wildcards_left(pat);
    rest(pat, named)
}

fn rest(pat: &Pat, named: bool) -> bool {
    match pat {
        Pat::Ident(ident) => match (&ident.by_ref, &ident.subpat) {
            (Some(_), _) => true,
            (None, _) => constant(&ident.ident) && ident.ident != "None",
        },
        Pat::Wild(_) => !named,
        Pat::Lit(_) | Pat::Range(_) | Pat::Reference(_) => false,
        Pat::Path(path) => !last_is(&path.path, &["None"]),
        Pat::Tuple(tuple) => tuple.elems.iter().any(|elem| rest(elem, named)),
        Pat::Slice(slice) => slice.elems.iter().any(|elem| rest(elem, named)),
        Pat::TupleStruct(tuple) => tuple.elems.iter().any(|elem| rest(elem, named)),
        Pat::Struct(structure) => {
            structure.rest.is_some() || structure.fields.iter().any(|field| rest(&field.pat, named))
        }
        Pat::Or(or) => or.cases.iter().any(|case| rest(case, named)),
        Pat::Paren(inner) => rest(&inner.pat, named),
        Pat::Type(typed) => rest(&typed.pat, named),
        Pat::Guard(guarded) => rest(&guarded.pat, named),
        _ => true,
    }
}

pub(crate) fn constant(ident: &Ident) -> bool {
    ident.to_string().starts_with(char::is_uppercase)
}

fn last_is(path: &Path, names: &[&str]) -> bool {
    path.segments.last().is_some_and(|segment| names.iter().any(|name| segment.ident == name))
}

/// Is it a constructor of an `Option` or a `Result`?
pub(crate) fn is_of_std(path: &Path) -> bool {
    last_is(path, &["Some", "Ok", "Err"])
}

/// Does the pattern bind anything by value?
pub(crate) fn moves(pat: &Pat) -> bool {
    struct Moves(bool);
    impl Visit<'_> for Moves {
        fn visit_pat_ident(&mut self, pat: &PatIdent) {
            self.0 |= pat.by_ref.is_none() && !constant(&pat.ident);
            syn::visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &syn::Expr) {}
    }
    let mut moves = Moves(false);
    moves.visit_pat(pat);
    moves.0
}

/// Does it take a value apart whose type may have a `Drop` impl of its own? That is to be checked.
pub(crate) fn needs_check(pat: &Pat) -> bool {
    may_have_drop(pat) && moves(pat) && !leaves_rest(pat, true)
}

/// Does it name a type of the user's?
fn may_have_drop(pat: &Pat) -> bool {
    struct Constructors(bool);
    impl Visit<'_> for Constructors {
        fn visit_pat_tuple_struct(&mut self, pat: &syn::PatTupleStruct) {
            self.0 |= !is_of_std(&pat.path);
            syn::visit::visit_pat_tuple_struct(self, pat);
        }
        fn visit_pat_struct(&mut self, _: &syn::PatStruct) {
            self.0 = true;
        }
    }
    let mut constructors = Constructors(false);
    constructors.visit_pat(pat);
    constructors.0
}

/// Is all that stays behind what `_` stands for, outside of alternatives?
pub(crate) fn only_wildcards_left(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) => true,
        Pat::Guard(_) => false,
        Pat::Or(_) => !rest(pat, false),
        Pat::Tuple(tuple) => tuple.elems.iter().all(only_wildcards_left),
        Pat::Slice(slice) => slice.elems.iter().all(only_wildcards_left),
        Pat::TupleStruct(tuple) => tuple.elems.iter().all(only_wildcards_left),
        Pat::Struct(structure) => {
            // Fields are dropped in the order of the type, which isn't told here.
            let left = structure.fields.iter().filter(|field| rest(&field.pat, false)).count();
            let wildcards = structure.fields.iter().all(|field| only_wildcards_left(&field.pat));
            structure.rest.is_none() && wildcards && left < 2
        }
        Pat::Paren(inner) => only_wildcards_left(&inner.pat),
        pat => !rest(pat, false),
    }
}

/// Gives each `_` a name, and each binding of the user's a plain one: returned are those, to be
/// bound again after what `_` stood for, so that they are dropped before it.
pub(crate) fn name_wildcards(pat: &mut Pat, names: &mut Names) -> Vec<Rebound> {
    if !moves(pat) || !rest(pat, false) {
        return Vec::new();
    }
    let mut namer = Namer { names, wildcards: Some(Vec::new()), bound: Vec::new() };
    syn::visit_mut::VisitMut::visit_pat_mut(&mut namer, pat);
    let Namer { wildcards, bound, .. } = namer;
    let wildcards = wildcards.unwrap_or_default();
    if wildcards.len() < 2 {
        return bound;
    }
    // The parts of a value are dropped in order, and variables in reverse.
    let again = |from: Ident| Rebound { var: names.temporary("rest", false), mutable: false, from };
    wildcards.into_iter().rev().map(again).chain(bound).collect()
}

/// Gives each `_` a name, and nothing else: the names.
pub(crate) fn name_leftovers(pat: &mut Pat, names: &mut Names) -> Vec<Ident> {
    struct Leftovers<'a>(&'a mut Names, Vec<Ident>);
    impl syn::visit_mut::VisitMut for Leftovers<'_> {
        fn visit_pat_mut(&mut self, pat: &mut Pat) {
            if !matches!(pat, Pat::Wild(_)) {
                return syn::visit_mut::visit_pat_mut(self, pat);
            }
            let name = self.0.temporary("rest", false);
            *pat = Pat::Ident(plain(name.clone()));
            self.1.push(name);
        }
        fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
    }
    let mut leftovers = Leftovers(names, Vec::new());
    syn::visit_mut::VisitMut::visit_pat_mut(&mut leftovers, pat);
    leftovers.1
}

fn plain(ident: Ident) -> PatIdent {
    PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None }
}

/// Gives the user's bindings plain names, to be bound again elsewhere.
pub(crate) fn rename_bindings(pat: &mut Pat, names: &mut Names) -> Vec<Rebound> {
    let mut namer = Namer { names, wildcards: None, bound: Vec::new() };
    syn::visit_mut::VisitMut::visit_pat_mut(&mut namer, pat);
    namer.bound
}

/// `let var = from;` where the pattern now binds `from`.
pub(crate) struct Rebound {
    pub(crate) var: Ident,
    pub(crate) mutable: bool,
    pub(crate) from: Ident,
}

struct Namer<'a> {
    names: &'a mut Names,
    /// The names that each `_` got, if they are to get some.
    wildcards: Option<Vec<Ident>>,
    bound: Vec<Rebound>,
}

impl Namer<'_> {
    fn rebind(&mut self, binding: &mut PatIdent) {
        if binding.by_ref.is_some() {
            return;
        }
        let Some(id) = self.names.of(&binding.ident) else { return };
        let mutable = binding.mutability.take().is_some();
        let var = self.names.ident(id, binding.ident.span());
        // An alternative binds the same variables once more.
        if let Some(known) = self.bound.iter().find(|known| known.var == var) {
            binding.ident = known.from.clone();
            return;
        }
        let shown = self.names.get(id).shown.to_string();
        let from = self.names.temporary(shown.trim_start_matches("r#"), false);
        binding.ident = from.clone();
        self.bound.push(Rebound { var, mutable, from });
    }
}

impl syn::visit_mut::VisitMut for Namer<'_> {
    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        match pat {
            Pat::Wild(_) => {
                let Some(wildcards) = &mut self.wildcards else { return };
                let name = self.names.temporary("rest", false);
                *pat = Pat::Ident(plain(name.clone()));
                wildcards.push(name);
            }
            Pat::Ident(binding) => {
                self.rebind(binding);
                syn::visit_mut::visit_pat_ident_mut(self, binding);
            }
            _ => syn::visit_mut::visit_pat_mut(self, pat),
        }
    }

    /// `Point { x }` binds a variable of another name now: `Point { x: other }`.
    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        if field.colon_token.is_none() {
            field.colon_token = Some(syn::Token![:](mixed()));
        }
        self.visit_pat_mut(&mut field.pat);
    }

    fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
}
