//! Evaluates the operands of an expression in Rust's order when one of them suspends.
//!
//! What stands before the suspension is evaluated into variables first; literals, closures and
//! borrows of places are left where they are. What is only looked at (a receiver, the operand of a
//! `&`) lives to the end of the statement, as Rust's temporaries do.

use syn::spanned::Spanned;
use syn::{Expr, parse_quote_spanned};

use crate::constants;
use crate::coverage::{self, Taken};
use crate::frames::Place;
use crate::input::mixed;
use crate::normalise::{Normaliser, is_lazy, path};
use crate::receivers::{consumes, gives_no_guard, only_looks, says_consumed, takes_temporary};
use crate::std_macros;
use crate::tree::{Assign, Dest, Node};
use crate::walk::{self, Mentions, suspends};

/// How an operand is used by the expression around it.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// Its value.
    Value,
    /// Its place: it is borrowed, or a part of it is used.
    Place,
}

/// The operands of an expression in the order in which they are evaluated.
fn operands(expr: &mut Expr) -> Vec<(&mut Expr, Use)> {
    use Use::{Place, Value};
    match expr {
        Expr::Call(call) => {
            let func = (&mut *call.func, Value);
            std::iter::once(func).chain(call.args.iter_mut().map(|arg| (arg, Value))).collect()
        }
        Expr::MethodCall(call) => {
            let local = matches!(*call.receiver, Expr::Path(_));
            let taken = if local { consumes(call) } else { takes_temporary(call) };
            let used = if taken || says_consumed(&call.receiver) { Value } else { Place };
            let receiver = (&mut *call.receiver, used);
            std::iter::once(receiver).chain(call.args.iter_mut().map(|arg| (arg, Value))).collect()
        }
        // Their operands are scopes of their own.
        Expr::Binary(binary) if is_lazy(&binary.op) => Vec::new(),
        Expr::Binary(binary) => {
            let used = match binary.op {
                syn::BinOp::Eq(_) | syn::BinOp::Ne(_) | syn::BinOp::Lt(_) => Place,
                syn::BinOp::Le(_) | syn::BinOp::Gt(_) | syn::BinOp::Ge(_) => Place,
                // What is written to is found after the value that it gets.
                _ if is_assignment(&binary.op) => {
                    return vec![(&mut *binary.right, Value), (&mut binary.left, Place)];
                }
                _ => Value,
            };
            vec![(&mut binary.left, used), (&mut binary.right, used)]
        }
        Expr::Assign(assign) => vec![(&mut *assign.right, Value), (&mut assign.left, Place)],
        Expr::Unary(unary) => {
            let used = if matches!(unary.op, syn::UnOp::Deref(_)) { Place } else { Value };
            vec![(&mut *unary.expr, used)]
        }
        Expr::Reference(reference) if constants::lives_for_ever(reference) => Vec::new(),
        Expr::Reference(reference) => vec![(&mut *reference.expr, Place)],
        Expr::RawAddr(address) => vec![(&mut *address.expr, Place)],
        Expr::Field(field) => vec![(&mut *field.base, Place)],
        Expr::Index(index) => vec![(&mut *index.expr, Place), (&mut index.index, Value)],
        Expr::Cast(cast) => vec![(&mut *cast.expr, Value)],
        Expr::Paren(inner) => vec![(&mut *inner.expr, Value)],
        Expr::Group(inner) => vec![(&mut *inner.expr, Value)],
        Expr::Try(question) => vec![(&mut *question.expr, Value)],
        Expr::Tuple(tuple) => tuple.elems.iter_mut().map(|elem| (elem, Value)).collect(),
        Expr::Array(array) => array.elems.iter_mut().map(|elem| (elem, Value)).collect(),
        Expr::Repeat(repeat) => vec![(&mut *repeat.expr, Value)],
        Expr::Match(select) => {
            let used = if looks_on(select) { Place } else { Value };
            vec![(&mut *select.expr, used)]
        }
        Expr::ForLoop(repeat) => vec![(&mut *repeat.expr, Value)],
        Expr::Struct(literal) => {
            let fields = literal.fields.iter_mut().map(|field| (&mut field.expr, Value));
            fields.chain(literal.rest.iter_mut().map(|rest| (&mut **rest, Place))).collect()
        }
        Expr::Range(range) => {
            let ends = range.start.iter_mut().chain(range.end.iter_mut());
            ends.map(|end| (&mut **end, Value)).collect()
        }
        _ => Vec::new(),
    }
}

/// `+=` and its like.
pub(crate) fn is_assignment(op: &syn::BinOp) -> bool {
    use syn::BinOp::*;
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// `place += value` finds its place after the value if both are primitives, else before it. Where
/// that can be told apart, only the first is let through: the types are checked where they are known.
fn update(binary: &mut syn::ExprBinary) {
    if !is_assignment(&binary.op) || walk::is_still_place(&binary.left) {
        return;
    }
    let start = binary.left.span();
    let located = mixed().located_at(start);
    let mut borrowed: syn::ExprReference = parse_quote_spanned!(located=> &mut ());
    std::mem::swap(&mut borrowed.expr, &mut binary.left);
    let found =
        called(parse_quote_spanned!(located=> ::segue::machine::updated()), Expr::Reference(borrowed));
    // Where it overflows is told by the first token.
    let mut place: syn::ExprUnary = parse_quote_spanned!(start=> *());
    *place.expr = found;
    *binary.left = Expr::Unary(place);
    let located = mixed().located_at(binary.right.span());
    let right = std::mem::replace(&mut *binary.right, Expr::Verbatim(Default::default()));
    *binary.right = called(parse_quote_spanned!(located=> ::segue::machine::update()), right);
}

fn called(mut call: syn::ExprCall, argument: Expr) -> Expr {
    call.args.push(argument);
    Expr::Call(call)
}

impl Normaliser<'_> {
    /// Evaluates what suspends in the operands of `expr`, and before it what comes before it.
    pub(crate) fn operands(&mut self, mut expr: Expr, place: Place, out: &mut Vec<Node>) -> Expr {
        if let Expr::Struct(literal) = &mut expr {
            spell_out_shorthands(literal, self.names);
        }
        match &mut expr {
            Expr::Assign(assign) => self.refuse_pattern(&assign.left),
            Expr::Binary(binary) => update(binary),
            _ => {}
        }
        let transparent = matches!(expr, Expr::Paren(_) | Expr::Group(_));
        let waiting = self.frame.waiting;
        let whole = expr.clone();
        let calls = matches!(expr, Expr::MethodCall(_));
        let mut parts = operands(&mut expr);
        let taken = calls && parts[0].1 == Use::Value;
        let Some(last) = parts.iter().rposition(|(operand, _)| suspends(operand)) else {
            self.errors.at(
                &whole,
                "a suspension at this place can't be lowered yet; bind its value with a `let` of its own first",
            );
            return whole;
        };
        for index in 0..parts.len() {
            let rest: Vec<Expr> = parts[index + 1..].iter().map(|(operand, _)| (**operand).clone()).collect();
            let (operand, used) = &mut parts[index];
            let value = std::mem::replace(*operand, Expr::Verbatim(Default::default()));
            **operand = match *used {
                _ if index > last => self.jumps(value),
                Use::Place if index == last => self.operand_value(value, out),
                Use::Place => self.kept_place(value, out),
                Use::Value if index < last => self.kept_value(value, &rest, place, out),
                Use::Value if transparent => {
                    self.frame.pass_on(place);
                    self.value(value, out)
                }
                Use::Value => self.last_value(value, place, out),
            };
        }
        if let (true, Expr::MethodCall(call)) = (taken, &expr) {
            self.spend_receiver(&call.receiver);
        }
        if place.in_turn && self.frame.has_temporaries() {
            self.bind_rest(&mut expr, last, place, waiting, out);
        }
        // Arms and bodies that don't suspend may leave what they stand in.
        match expr {
            Expr::Match(_) | Expr::ForLoop(_) => self.jumps(expr),
            expr => expr,
        }
    }

    /// A method takes its receiver, which was just made: the variable that it became is gone with the call.
    fn spend_receiver(&mut self, receiver: &Expr) {
        if let Some(var) = walk::local(self.names, receiver)
            && self.names.get(var).ours
        {
            let ident = self.names.ident(var, mixed());
            self.names.spend(&ident);
        }
    }

    /// Binds the operands from `first` on as well: what is evaluated natively would be dropped before
    /// the temporaries that have become variables, and not in turn with them.
    ///
    /// Once the first is bound, nothing waits inside of it: `waiting` is what waits around the expression.
    fn bind_rest(
        &mut self,
        expr: &mut Expr,
        first: usize,
        place: Place,
        waiting: Option<usize>,
        out: &mut Vec<Node>,
    ) {
        let compares = matches!(expr, Expr::Binary(_));
        let mut parts = operands(expr);
        let count = parts.len();
        if count == 1 {
            return;
        }
        for (index, (operand, used)) in parts.iter_mut().enumerate().skip(first) {
            let value = std::mem::replace(*operand, Expr::Verbatim(Default::default()));
            let computed = *used == Use::Place && !walk::is_still_place(&value) && index + 1 < count;
            **operand = match used {
                Use::Value => self.kept_value(value, &[], place, out),
                Use::Place if walk::is_place(&value) && computed && compares => {
                    self.borrowed_place(value, out)
                }
                Use::Place if computed || !walk::is_place(&value) => self.kept_place(value, out),
                _ => value,
            };
            self.frame.waiting = waiting;
        }
    }

    /// A computed place that is compared: what is compared is a reference to it.
    fn borrowed_place(&mut self, place: Expr, out: &mut Vec<Node>) -> Expr {
        let place = self.lifted(place, out);
        let reference = self.bind_temporary("place", parse_quote_spanned!(mixed()=> &#place), out);
        parse_quote_spanned!(mixed()=> (*#reference))
    }

    /// The last operand that suspends: what has been evaluated of it waits for what comes after it.
    fn last_value(&mut self, expr: Expr, place: Place, out: &mut Vec<Node>) -> Expr {
        let value = self.value(expr, out);
        if walk::local(self.names, &value).is_some() {
            self.waits(place, out);
        }
        value
    }

    /// The last operand that suspends, looked at: its value is a temporary of what is left, written
    /// as a block so that Rust drops it at the end of the statement.
    pub(crate) fn operand_value(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        let temporary = !walk::is_place(&expr);
        let value = self.value(expr, out);
        self.as_temporary(value, temporary)
    }

    pub(crate) fn as_temporary(&self, value: Expr, temporary: bool) -> Expr {
        match walk::local(self.names, &value) {
            Some(var) if temporary && self.names.get(var).ours => {
                parse_quote_spanned!(mixed()=> ({ #value }))
            }
            _ => value,
        }
    }

    /// A pattern on the left side of `=`: each place in it is found when the one before has its value.
    fn refuse_pattern(&mut self, left: &Expr) {
        let pattern = matches!(left, Expr::Tuple(_) | Expr::Array(_) | Expr::Struct(_) | Expr::Call(_));
        if pattern && suspends(left) {
            self.errors.at(
                left,
                "a suspension in a pattern that is assigned to can't be lowered; \
                 bind what suspends with a `let` first",
            );
        }
    }

    /// A value that is evaluated now and used after a suspension.
    fn kept_value(&mut self, value: Expr, rest: &[Expr], place: Place, out: &mut Vec<Node>) -> Expr {
        match value {
            Expr::Lit(_) | Expr::Closure(_) => return value,
            Expr::Reference(ref reference) if constants::lives_for_ever(reference) => return value,
            Expr::Paren(inner) => return self.kept_value(*inner.expr, rest, place, out),
            Expr::Group(inner) => return self.kept_value(*inner.expr, rest, place, out),
            Expr::Reference(mut reference) => {
                *reference.expr = self.kept_place(*reference.expr, out);
                return Expr::Reference(reference);
            }
            _ => {}
        }
        if let Expr::Path(_) = &value {
            let Some(var) = walk::local(self.names, &value) else { return value };
            // A construct may just have given its value to it.
            let made = out.last().and_then(Node::binds).and_then(|bound| self.names.of(bound));
            if made == Some(var) && self.names.get(var).ours {
                self.waits(place, out);
            }
            let known = self.names.get(var);
            let touched = rest.iter().any(|other| Mentions::in_expr(self.names, other).contains(&var));
            // What is used by value and once more later is `Copy`, if it gets no other value meanwhile.
            let copied =
                self.named_later(var) && !self.assigned.contains(&var) && !self.unclear.contains(&var);
            if known.ours || (!touched && (known.glue.is_none() || copied)) {
                return value;
            }
        }
        let waited = self.frame.waiting;
        let suspended = suspends(&value);
        let mut value = self.lifted(value, out);
        let made = walk::local(self.names, &value).is_some_and(|var| self.names.get(var).ours);
        if !(suspended && made) {
            let var = self.names.temporary("operand", false);
            out.push(Node::Assign(Assign { var: var.clone(), mutable: false, ty: None, value }));
            value = path(&var);
        }
        self.frame.waiting = waited;
        self.waits(place, out);
        value
    }

    /// A place that is looked at after a suspension: it is left where it is if finding it runs
    /// nothing; a temporary becomes a variable.
    pub(crate) fn kept_place(&mut self, place: Expr, out: &mut Vec<Node>) -> Expr {
        let temporary = !walk::is_place(&place);
        if matches!(place, Expr::Lit(_)) || (!temporary && walk::is_still_place(&place)) {
            return place;
        }
        let waited = self.frame.waiting;
        let written = place.clone();
        let place = self.lifted(place, out);
        self.frame.waiting = waited;
        if temporary {
            return self.temporary("temporary", place, out);
        }
        self.errors.at(
            &written,
            "this place is computed before a suspension and used after it, which can't be lowered yet; \
             bind the suspension's value with a `let` first",
        );
        place
    }

    /// Makes variables of the temporaries that live on when `expr` has been evaluated: what a method
    /// that may not consume it is called on, what a reference is taken of.
    pub(crate) fn lifted(&mut self, expr: Expr, out: &mut Vec<Node>) -> Expr {
        self.frame.enter();
        let mut expr = self.value(expr, out);
        self.lift(&mut expr, out);
        expr
    }

    pub(crate) fn lift(&mut self, expr: &mut Expr, out: &mut Vec<Node>) {
        if let Expr::Match(select) = expr
            && !walk::is_place(&select.expr)
        {
            self.lift_match(expr, out);
            return;
        }
        let mut parts = operands(expr);
        let Some(last) = parts.iter().rposition(|(operand, used)| makes_temporary(operand, *used)) else {
            return;
        };
        for (index, (operand, used)) in parts.iter_mut().enumerate().take(last + 1) {
            let waited = self.frame.waiting;
            let temporary = is_temporary(operand, *used);
            self.lift(operand, out);
            if temporary || (index < last && *used == Use::Value) {
                self.frame.waiting = waited;
                let value = std::mem::replace(*operand, Expr::Verbatim(Default::default()));
                **operand = if temporary {
                    self.temporary("temporary", value, out)
                } else {
                    self.kept_value(value, &[], Place::default(), out)
                };
            }
        }
    }

    /// What a `match` looks at lives to the end of the statement, unless each arm takes all of it.
    fn lift_match(&mut self, expr: &mut Expr, out: &mut Vec<Node>) {
        let Expr::Match(select) = expr else { return };
        if !looks_on(select) {
            return self.lift(&mut select.expr, out);
        }
        let a_part = select.arms.iter().any(|arm| coverage::takes_a_part(&arm.pat));
        if a_part || takes_in_some_arms(select) {
            // Which arm was taken must be known where the value ends.
            let var = self.names.temporary("operand", true);
            let dest = Dest::Var { var: var.clone(), mutable: true, ty: None };
            self.select_operand(select.clone(), true, &dest, out);
            *expr = path(&var);
            return;
        }
        let value = std::mem::replace(&mut *select.expr, Expr::Verbatim(Default::default()));
        *select.expr = self.kept_place(value, out);
    }

    /// A `?` in the operand of an `await` that becomes a block of its own would leave the block: it
    /// is evaluated before.
    ///
    /// Where the `await` `settles` its statement, what is looked at ends with the future.
    pub(crate) fn hoist_questions(&mut self, expr: &mut Expr, settles: bool, out: &mut Vec<Node>) {
        if is_question(expr) {
            let mut value = std::mem::replace(expr, Expr::Verbatim(Default::default()));
            let waited = self.frame.waiting;
            self.lift(&mut value, out);
            self.frame.waiting = waited;
            let var = self.names.temporary("operand", true);
            self.names.spend(&var);
            out.push(Node::Assign(Assign { var: var.clone(), mutable: true, ty: None, value }));
            self.waits(Place::default(), out);
            *expr = path(&var);
            return;
        }
        let mut parts = operands(expr);
        let Some(last) = parts.iter().rposition(|(operand, _)| has_question(operand)) else { return };
        for (index, (operand, used)) in parts.iter_mut().enumerate().take(last + 1) {
            let looked_at = !settles && is_temporary(operand, *used);
            let waited = self.frame.waiting;
            if index == last && !looked_at {
                return self.hoist_questions(operand, settles, out);
            }
            if !(looked_at && is_question(operand)) {
                self.hoist_questions(operand, settles, out);
            }
            if looked_at {
                self.lift(operand, out);
            }
            self.frame.waiting = waited;
            let value = std::mem::replace(*operand, Expr::Verbatim(Default::default()));
            **operand = match used {
                Use::Value => self.kept_value(value, &[], Place::default(), out),
                _ if looked_at => self.temporary("temporary", value, out),
                _ => self.kept_place(value, out),
            };
        }
    }
}

/// Are the expression's temporaries mixed with operands that it uses by value? Then what it is put
/// into decides which of them are dropped first.
pub(crate) fn mixes(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => return mixes(&inner.expr),
        Expr::Group(inner) => return mixes(&inner.expr),
        _ => {}
    }
    let mut expr = expr.clone();
    let called = matches!(&expr, Expr::Call(call) if matches!(*call.func, Expr::Path(_)));
    let parts = operands(&mut expr);
    let waits = |operand: &Expr| !matches!(operand, Expr::Lit(_) | Expr::Reference(_) | Expr::Closure(_));
    let mut parts = parts.into_iter().skip(usize::from(called));
    let first = parts.find(|(operand, used)| *used == Use::Value && waits(operand));
    first.is_some() && parts.any(|(operand, used)| makes_temporary(operand, used))
}

/// Does this operand leave a value behind that lives on?
fn is_temporary(operand: &Expr, used: Use) -> bool {
    used == Use::Place && !walk::is_place(operand) && !is_literal(operand)
}

/// Does evaluating this operand make a temporary that outlives it?
fn makes_temporary(operand: &Expr, used: Use) -> bool {
    if is_temporary(operand, used) {
        return true;
    }
    if let Expr::Macro(call) = operand {
        return std_macros::leaves_temporaries(&call.mac);
    }
    let mut operand = operand.clone();
    operands(&mut operand).into_iter().any(|(operand, used)| makes_temporary(operand, used))
}

/// Does evaluating this expression make a temporary that may have a destructor which uses what it borrows?
pub(crate) fn may_make_guards(expr: &Expr) -> bool {
    fn is_guard(operand: &Expr, used: Use) -> bool {
        let plain = matches!(operand, Expr::MethodCall(call) if gives_no_guard(&call.method));
        let mut inner = operand.clone();
        (is_temporary(operand, used) && !plain)
            || operands(&mut inner).into_iter().any(|(operand, used)| is_guard(operand, used))
    }
    is_guard(expr, Use::Value)
}

/// Does evaluating this expression make a temporary that the method it is called on may use up?
pub(crate) fn may_use_up_temporaries(expr: &Expr) -> bool {
    let mut expr = expr.clone();
    if let Expr::MethodCall(call) = &expr
        && !walk::is_place(&call.receiver)
        && !is_literal(&call.receiver)
        && !takes_temporary(call)
        && !only_looks(&call.method)
    {
        return true;
    }
    operands(&mut expr).into_iter().any(|(operand, _)| may_use_up_temporaries(operand))
}

/// Does evaluating this expression make a temporary that outlives it?
pub(crate) fn makes_temporaries(expr: &Expr) -> bool {
    makes_temporary(expr, Use::Value)
}

/// Is the expression a `?`, or control flow with a way out in it?
fn is_question(expr: &Expr) -> bool {
    match expr {
        Expr::Try(_) => true,
        Expr::Paren(inner) => is_question(&inner.expr),
        Expr::Group(inner) => is_question(&inner.expr),
        Expr::Match(_) | Expr::If(_) | Expr::Loop(_) | Expr::While(_) => has_question(expr),
        Expr::Block(_) | Expr::Unsafe(_) => has_question(expr),
        Expr::Binary(binary) if is_lazy(&binary.op) => has_question(expr),
        _ => false,
    }
}

/// Is there a `?`, or another way out, in an expression that doesn't suspend?
pub(crate) fn has_question(expr: &Expr) -> bool {
    struct Questions(bool);
    impl syn::visit::Visit<'_> for Questions {
        fn visit_expr(&mut self, expr: &Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
                Expr::Try(_) | Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => self.0 = true,
                _ => syn::visit::visit_expr(self, expr),
            }
        }
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut questions = Questions(false);
    syn::visit::Visit::visit_expr(&mut questions, expr);
    questions.0
}

/// Is the value of a `match` still there while guards or arms run?
pub(crate) fn looks_on(select: &syn::ExprMatch) -> bool {
    select.arms.iter().any(|arm| {
        matches!(arm.pat, syn::Pat::Guard(_))
            || coverage::leaves_rest(&arm.pat, false)
            || coverage::needs_check(&arm.pat)
    })
}

/// Do some arms take all of the value, and others leave it?
fn takes_in_some_arms(select: &syn::ExprMatch) -> bool {
    let taken = |arm: &syn::Arm| coverage::taken(&arm.pat) == Taken::All;
    select.arms.iter().any(taken) && !select.arms.iter().all(taken)
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(_))
}

/// `Point { x }` is `Point { x: x }` once `x` may be another variable.
fn spell_out_shorthands(literal: &mut syn::ExprStruct, names: &crate::names::Names) {
    for field in &mut literal.fields {
        let Expr::Path(named) = &mut field.expr else { continue };
        let Some(ident) = named.path.get_ident().cloned() else { continue };
        if let Some((id, true)) = names.entry(&ident.to_string()) {
            let span = mixed().located_at(ident.span());
            named.path.segments[0].ident = names.ident(id, ident.span());
            field.colon_token = Some(syn::Token![:](span));
        }
    }
}
