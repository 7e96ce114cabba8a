//! The scopes that temporaries live in.
//!
//! A temporary lives to the end of the statement, condition, arm or tail that it is made in: its
//! frame. Where something suspends in between, temporaries become variables, and so do the operands
//! that wait for the rest of their expression. Rust drops those first, from the innermost expression
//! outwards, and then the temporaries: so one that is made while an operand waits is declared before
//! that operand.

use syn::{Expr, Ident, parse_quote_spanned};

use crate::input::mixed;
use crate::normalise::{Normaliser, path};
use crate::operands;
use crate::tree::{Assign, Dest, Node};
use crate::walk;

/// What kind of scope an expression is evaluated in.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Extent {
    /// The expression stands in a statement, which ends after it.
    #[default]
    Statement,
    /// The expression is the scope: a tail, a condition, an operand of `&&`. What waits for the rest of
    /// it is dropped among its temporaries, in turn.
    Itself,
}

/// The scope of the expression at hand.
#[derive(Default)]
pub(crate) struct Frame {
    extent: Extent,
    /// The variables that temporaries became.
    temporaries: Vec<Ident>,
    /// Those that are declared before nodes that were there already, and before which.
    declared: Vec<(usize, Ident)>,
    /// The node that binds the first operand that waits, of an expression inside the frame's own.
    pub(crate) waiting: Option<usize>,
    /// The expression at hand is the frame's own.
    outermost: bool,
}

/// Where an expression stands in its frame.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    outermost: bool,
    /// What waits in it is dropped with the frame's temporaries.
    pub(crate) in_turn: bool,
}

impl Place {
    /// Nothing of the statement runs after this expression.
    pub(crate) fn settles(self) -> bool {
        self.outermost
    }
}

impl Frame {
    fn new(extent: Extent) -> Frame {
        Frame { extent, outermost: true, ..Frame::default() }
    }

    /// Where the expression at hand stands; the ones it is made of are inside of it.
    pub(crate) fn enter(&mut self) -> Place {
        let outermost = std::mem::take(&mut self.outermost);
        Place { outermost, in_turn: outermost && self.extent == Extent::Itself }
    }

    pub(crate) fn has_temporaries(&self) -> bool {
        !self.temporaries.is_empty()
    }

    /// The next expression stands where the one at hand does: there are only parentheses between.
    pub(crate) fn pass_on(&mut self, place: Place) {
        self.outermost = place.outermost;
    }
}

impl Normaliser<'_> {
    /// What `run` writes is a scope of its own; given is what temporaries of it became.
    pub(crate) fn framed(
        &mut self,
        extent: Extent,
        out: &mut Vec<Node>,
        run: impl FnOnce(&mut Self, &mut Vec<Node>),
    ) -> Vec<Ident> {
        let outer = std::mem::replace(&mut self.frame, Frame::new(extent));
        run(self, out);
        let frame = std::mem::replace(&mut self.frame, outer);
        for (at, var) in frame.declared.into_iter().rev() {
            out.insert(at, Node::Plain(parse_quote_spanned!(mixed()=> let mut #var;)));
        }
        frame.temporaries
    }

    /// Evaluates `expr` and gives it to `dest`: what it makes on the way ends with it.
    pub(crate) fn evaluate(&mut self, expr: Expr, extent: Extent, dest: &Dest, out: &mut Vec<Node>) {
        let mut nodes = Vec::new();
        let temporaries = self.framed(extent, &mut nodes, |normaliser, nodes| {
            let value = normaliser.value(expr, nodes);
            normaliser.give(value, extent, dest, nodes);
        });
        if temporaries.is_empty() || matches!(dest, Dest::Return) {
            out.append(&mut nodes);
        } else {
            out.push(Node::Scope { body: nodes, label: None, result: dest.var(), unsafety: None });
        }
    }

    /// The same, for a value that is used in place where nothing else was made.
    pub(crate) fn scoped_value(&mut self, expr: Expr, extent: Extent, out: &mut Vec<Node>) -> Expr {
        let mut nodes = Vec::new();
        let mut value = None;
        let temporaries = self.framed(extent, &mut nodes, |normaliser, nodes| {
            value = Some(normaliser.value(expr, nodes));
        });
        let value = value.expect("it has been evaluated");
        if temporaries.is_empty() {
            out.append(&mut nodes);
            return in_extent(value, extent);
        }
        let var = self.names.temporary("value", true);
        let dest = Dest::Var { var: var.clone(), mutable: true, ty: None };
        self.give(value, extent, &dest, &mut nodes);
        out.push(Node::Scope { body: nodes, label: None, result: Some(var.clone()), unsafety: None });
        path(&var)
    }

    /// A variable for what is only looked at: it lives to the end of the frame.
    pub(crate) fn bind_temporary(&mut self, role: &str, value: Expr, out: &mut Vec<Node>) -> Expr {
        let var = self.names.temporary(role, true);
        self.frame.temporaries.push(var.clone());
        match self.frame.waiting {
            None => out.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value })),
            Some(at) => {
                out.push(Node::Plain(parse_quote_spanned!(mixed()=> #var = #value;)));
                self.frame.declared.push((at, var.clone()));
            }
        }
        path(&var)
    }

    /// Declares such a variable, for a value that it may get or not.
    pub(crate) fn declare_temporary(&mut self, role: &str, out: &mut Vec<Node>) -> Ident {
        let var = self.names.temporary(role, true);
        self.frame.temporaries.push(var.clone());
        match self.frame.waiting {
            None => out.push(Node::Plain(parse_quote_spanned!(mixed()=> let mut #var;))),
            Some(at) => self.frame.declared.push((at, var.clone())),
        }
        var
    }

    /// The same, for a value that may be in a variable of ours already.
    pub(crate) fn temporary(&mut self, role: &str, value: Expr, out: &mut Vec<Node>) -> Expr {
        match walk::local(self.names, &value) {
            Some(var) if self.names.get(var).ours && self.frame.waiting.is_none() => {
                let var = self.names.ident(var, mixed());
                self.frame.temporaries.push(var.clone());
                path(&var)
            }
            _ => self.bind_temporary(role, value, out),
        }
    }

    /// The last node binds an operand that waits for the rest of its expression.
    pub(crate) fn waits(&mut self, place: Place, out: &[Node]) {
        if !place.in_turn {
            self.frame.waiting.get_or_insert(out.len() - 1);
        }
    }
}

/// An expression written so that its temporaries and its operands end in the order of its extent,
/// wherever it is put: a tail drops them in turn.
pub(crate) fn in_extent(expr: Expr, extent: Extent) -> Expr {
    if extent == Extent::Itself && operands::mixes(&expr) {
        return parse_quote_spanned!(mixed()=> { #expr });
    }
    expr
}
