//! The variables of a function, each under a name of its own.
//!
//! While the passes run, a variable is an identifier that nothing else in the function has: two
//! variables `x` are `x__v1` and `x__v2`, so code can be moved about freely. `pretty` gives the
//! user's names back at the end.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::{Ident, Type};

use crate::input::mixed;
use crate::types::Glue;
use crate::walk;

/// One variable of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct VarId(pub(crate) usize);

/// What a closure captures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Captures {
    /// For all we know anything.
    Anything,
    /// What its body uses by value, it takes, and gives away when it is called: it has nothing to drop then.
    ByUse,
}

/// How a variable is on loan: where the value is that others borrow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Loan {
    /// In a home of its own.
    Home,
    /// Where the `&mut` refers to that the variable is.
    Reference,
}

/// What is known of a variable.
pub(crate) struct Var {
    /// The name to show: the user's own, or the role of a temporary.
    pub(crate) shown: Ident,
    pub(crate) mutable: bool,
    /// What the type, if it is written down or plain to see, needs when it is dropped.
    pub(crate) glue: Glue,
    /// The type, if the user wrote it beside the name.
    pub(crate) ty: Option<Type>,
    /// A temporary of ours, which the user can't name.
    pub(crate) ours: bool,
    /// A closure: rustc can't tell early whether it is `Copy`.
    pub(crate) closure: Option<Captures>,
    /// A temporary that ends with the awaited future that it goes into.
    pub(crate) spent: bool,
    /// Others borrow it while the function is suspended.
    pub(crate) loan: Option<Loan>,
    /// It is on loan and surely `Copy`.
    pub(crate) copies: bool,
    /// It is the box that a variable on loan came back in.
    pub(crate) boxed: bool,
}

impl Var {
    /// A variable of the user's.
    pub(crate) fn named(shown: Ident, mutable: bool, glue: Glue, ty: Option<Type>) -> Var {
        Var {
            shown,
            mutable,
            glue,
            ty,
            ours: false,
            closure: None,
            spent: false,
            loan: None,
            copies: false,
            boxed: false,
        }
    }
}

/// All variables of a function.
#[derive(Default)]
pub(crate) struct Names {
    vars: Vec<Var>,
    /// How many of them, the first ones, are parameters.
    pub(crate) params: usize,
    /// `self`, which is an ordinary variable in the machine.
    pub(crate) receiver: Option<VarId>,
    /// Whether variables on loan may have in them what the function is generic over.
    pub(crate) framed: bool,
    /// Whether the step of a block may capture what isn't among its parameters.
    pub(crate) captures_by_step: bool,
    /// Each identifier that stands for a variable; `true` where it is the shorthand of a field.
    idents: HashMap<String, (VarId, bool)>,
    /// The string literals in macros that name variables, as the user wrote them.
    pub(crate) literals: HashMap<String, proc_macro2::Literal>,
    /// Every identifier in the user's tokens: names of ours keep clear of them.
    pub(crate) taken: std::collections::HashSet<String>,
}

impl Names {
    pub(crate) fn get(&self, id: VarId) -> &Var {
        &self.vars[id.0]
    }

    /// What the user calls it.
    pub(crate) fn called(&self, var: VarId) -> String {
        if self.receiver == Some(var) { "self".to_owned() } else { self.get(var).shown.to_string() }
    }

    pub(crate) fn set_glue(&mut self, id: VarId, glue: Glue) {
        self.vars[id.0].glue = glue;
    }

    /// The variable is on loan from here on: what it is in the machine owns its home, or has nothing to drop.
    pub(crate) fn lend_out(&mut self, id: VarId, loan: Loan, copies: bool) {
        let var = &mut self.vars[id.0];
        var.copies = copies || var.glue == Glue::Copy;
        var.loan = Some(loan);
        var.closure = None;
        var.glue = match loan {
            Loan::Home => Glue::Unknown,
            Loan::Reference => Glue::Copy,
        };
    }

    pub(crate) fn on_loan(&self, id: VarId) -> bool {
        self.get(id).loan.is_some()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = VarId> {
        (0..self.vars.len()).map(VarId)
    }

    /// Is any variable on loan?
    pub(crate) fn lends(&self) -> bool {
        self.loans().next().is_some()
    }

    pub(crate) fn loans(&self) -> impl Iterator<Item = Loan> {
        self.vars.iter().filter_map(|var| var.loan)
    }

    /// Adds a variable and gives the identifier it goes by.
    pub(crate) fn add(&mut self, var: Var) -> VarId {
        let id = VarId(self.vars.len());
        self.vars.push(var);
        self.idents.insert(self.internal(id), (id, false));
        self.idents.insert(self.shorthand(id), (id, true));
        id
    }

    /// A variable of ours for a value that has to be kept.
    /// The first of a role is called by it, the next ones have a number.
    pub(crate) fn temporary(&mut self, role: &str, mutable: bool) -> Ident {
        self.temporary_at(role, mutable, mixed())
    }

    /// The same, for the value of what the user wrote there.
    pub(crate) fn temporary_at(&mut self, role: &str, mutable: bool, span: Span) -> Ident {
        let shown = Ident::new(&self.free(role), mixed());
        self.taken.insert(shown.to_string());
        let id = self.add(Var { ours: true, ..Var::named(shown, mutable, Glue::Unknown, None) });
        self.ident(id, mixed().located_at(span))
    }

    /// A variable for the box in which another comes back from its loan.
    pub(crate) fn boxed(&mut self, var: VarId) -> VarId {
        let mut shown = self.get(var).shown.clone();
        shown.set_span(mixed());
        self.add(Var { boxed: true, ..Var::named(shown, true, Glue::Unknown, None) })
    }

    /// The identifier of a variable while the passes run.
    pub(crate) fn ident(&self, id: VarId, span: Span) -> Ident {
        Ident::new(&self.internal(id), span)
    }

    pub(crate) fn internal(&self, id: VarId) -> String {
        format!("{}__v{}", self.stem(id), id.0)
    }

    /// The identifier of a variable where it is the shorthand of a field, as in `Point { x }`.
    pub(crate) fn shorthand(&self, id: VarId) -> String {
        format!("{}__s{}", self.stem(id), id.0)
    }

    fn stem(&self, id: VarId) -> String {
        let shown = self.vars[id.0].shown.to_string();
        shown.strip_prefix("r#").map(str::to_owned).unwrap_or(shown)
    }

    pub(crate) fn spend(&mut self, ident: &Ident) {
        if let Some(id) = self.of(ident) {
            self.vars[id.0].spent = true;
        }
    }

    /// Is there another variable of the user's name for this one?
    pub(crate) fn share_name(&self, id: VarId) -> bool {
        let stem = self.stem(id);
        self.all().any(|other| other != id && self.stem(other) == stem)
    }

    /// Does the user call any variable so?
    pub(crate) fn shows(&self, name: &str) -> bool {
        self.vars.iter().any(|var| var.shown == name)
    }

    /// What the variable that `ident` stands for is shown as.
    pub(crate) fn shown(&self, ident: &Ident) -> String {
        self.of(ident).map_or_else(|| ident.to_string(), |id| self.stem(id))
    }

    /// Which variable an identifier stands for.
    pub(crate) fn of(&self, ident: &Ident) -> Option<VarId> {
        self.idents.get(&ident.to_string()).map(|(id, _)| *id)
    }

    /// The same, and whether it is the shorthand of a field.
    pub(crate) fn entry(&self, name: &str) -> Option<(VarId, bool)> {
        self.idents.get(name).copied()
    }

    /// All variables that a string literal names in its braces.
    pub(crate) fn in_text(&self, text: &str) -> Vec<VarId> {
        if !text.contains("__v") {
            return Vec::new();
        }
        walk::words(text).filter_map(|word| self.entry(word)).map(|(id, _)| id).collect()
    }

    /// `wanted`, or the next name like it that the user's tokens don't have.
    pub(crate) fn free(&self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while self.taken.contains(&name) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}
