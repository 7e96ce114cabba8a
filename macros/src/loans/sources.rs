//! What each variable may borrow from, as far as syntax tells.
//!
//! Without types a call may give back a borrow of whatever it is given. What doesn't, by the conventions for
//! its name, is listed here.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Expr, Pat, Stmt};

use crate::arguments;
use crate::names::{Names, VarId};
use crate::receivers;
use crate::segments::{Op, Program, SegmentId};
use crate::suspension::Wait;
use crate::tree::LoopId;
use crate::types;
use crate::walk::{self, Mentions, bindings};

/// How something of a variable may be in a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    /// `&variable` is.
    Referred,
    /// A borrow of it is that a method gave.
    Borrowed,
    /// The same, unless the variable was used up.
    Perhaps,
    /// A pattern looks into it: that borrows what it refers to, if it is a `&mut`.
    Through,
    /// A method was given a borrow: that is there if the value is a future.
    Given,
    /// An awaited method had a borrow of it: that is there if what it gave is waited for in turn.
    Awaited,
    /// The same of a method that only looks at it, and so hasn't used it up.
    Watched,
    /// What the variable has in it is.
    Held,
}

impl How {
    /// Is it surely a borrow, if anything of the variable is there?
    fn is_borrow(self) -> bool {
        matches!(self, How::Referred | How::Borrowed | How::Perhaps)
    }
}

/// What a value may have in it.
#[derive(Default, Clone)]
struct Value(BTreeSet<(VarId, How)>);

impl Value {
    fn new(vars: impl IntoIterator<Item = VarId>, how: How) -> Value {
        Value(vars.into_iter().map(|var| (var, how)).collect())
    }

    fn of(values: impl IntoIterator<Item = Value>) -> Value {
        Value(values.into_iter().flat_map(|value| value.0).collect())
    }

    fn and(self, other: Value) -> Value {
        Value::of([self, other])
    }

    fn vars(&self) -> impl Iterator<Item = VarId> {
        self.0.iter().map(|(var, _)| *var)
    }

    /// The same in another way, for what is borrowed.
    fn with(self, change: impl Fn(How) -> How) -> Value {
        Value(self.0.into_iter().map(|(var, how)| (var, change(how))).collect())
    }

    /// The same where nothing is made of a variable that was used up: only a statement of its own keeps what is left.
    fn surely(self) -> Value {
        self.with(|how| if how == How::Perhaps { How::Borrowed } else { how })
    }

    /// What it has from variables, without borrows of them.
    fn contents(&self) -> Value {
        Value::new(self.vars(), How::Held)
    }

    fn add(&mut self, other: &Value) {
        self.0.extend(&other.0);
    }
}

/// What each variable may have in it.
#[derive(Default)]
pub(super) struct Sources {
    values: BTreeMap<VarId, Value>,
    /// The same, of what may be there only to be dropped.
    guards: BTreeMap<VarId, Value>,
    /// The variables that are awaited, or given to what is.
    awaited: BTreeSet<VarId>,
    /// Those that are awaited themselves, or a method of theirs is.
    waited_for: BTreeSet<VarId>,
    /// Those that may be a `&mut`.
    references: BTreeSet<VarId>,
    /// Those that a pattern is bound to.
    matched: BTreeSet<VarId>,
}

impl Sources {
    pub(super) fn of(program: &Program, names: &Names) -> Sources {
        let (awaited, given) = (BTreeMap::new(), Vec::new());
        let mut reader = Reader { program, names, awaited, given, sources: Sources::default() };
        for id in &program.order {
            Op::each(&program.get(*id).code, &mut |op| reader.awaited_by(op));
        }
        for id in &program.order {
            Op::each(&program.get(*id).code, &mut |op| reader.op(op, *id));
        }
        reader.keep_given();
        reader.sources.references = reader.references();
        reader.sources
    }

    /// Every variable that a part of this one's value, or a borrow in it, may come from; itself too.
    pub(super) fn origins(&self, var: VarId) -> BTreeSet<VarId> {
        let mut origins = BTreeSet::from([var]);
        let mut open = vec![var];
        while let Some(var) = open.pop() {
            let from = self.values.get(&var).into_iter().flat_map(Value::vars);
            open.extend(from.filter(|var| origins.insert(*var)));
        }
        origins
    }

    /// The variables that this one may borrow.
    pub(super) fn of_var(&self, var: VarId) -> Owners {
        self.reached_from(var, &self.values)
    }

    /// The same for one that is there only to be dropped: if it may be a guard.
    pub(super) fn of_guard(&self, var: VarId) -> Owners {
        self.reached_from(var, &self.guards)
    }

    fn reached_from(&self, var: VarId, values: &BTreeMap<VarId, Value>) -> Owners {
        self.reached(Some(&self.known(var, values)))
    }

    /// What a variable has in it, by what becomes of it.
    fn known(&self, var: VarId, values: &BTreeMap<VarId, Value>) -> Value {
        let value = values.get(&var).cloned().unwrap_or_default();
        value.with(|how| match how {
            How::Given if self.awaited.contains(&var) => How::Borrowed,
            How::Awaited | How::Watched if self.waited_for.contains(&var) => How::Borrowed,
            how => how,
        })
    }

    /// The variables that what is waited for may borrow, those aside that can go along into it.
    pub(super) fn of_operand(&self, names: &Names, operand: &Expr, wait: Wait) -> Owners {
        if wait == Wait::Yield || wait == Wait::Call {
            return Owners::default();
        }
        let mut value = value_of(names, operand);
        if matches!(wait, Wait::Await | Wait::Item) {
            // Should the output borrow them, they can't come back with it.
            value.0.retain(|(_, how)| *how == How::Held);
            value.add(&awaited(names, operand));
        }
        self.reached(Some(&value))
    }

    /// The variables that the output of an await borrows, if that is more than a value: if it is waited for in turn, or a
    /// pattern looks into it and what would be borrowed is what a `&mut` argument refers to, which costs nothing.
    pub(super) fn of_output(&self, names: &Names, operand: &Expr, into: &Pat) -> Owners {
        let outputs = bindings(names, into);
        let waited_for = outputs.iter().any(|var| self.waited_for.contains(var));
        let matched = outputs.iter().any(|var| self.matched.contains(var));
        let structured = !matches!(walk::split_type(into).0, Pat::Ident(_) | Pat::Wild(_));
        let free = |var: VarId| {
            let by_type =
                matches!(&names.get(var).ty, Some(syn::Type::Reference(to)) if to.mutability.is_some());
            (matched || structured) && var.0 < names.params && by_type
        };
        let value = awaited(names, operand);
        let lent = value
            .0
            .iter()
            .filter(|(var, how)| matches!(how, How::Awaited | How::Watched) && (waited_for || free(*var)));
        Owners { borrowed: lent.map(|(var, _)| *var).collect(), ..Owners::default() }
    }

    fn reached(&self, value: Option<&Value>) -> Owners {
        let mut owners = Owners::default();
        let mut seen = BTreeSet::new();
        let mut waited_for = false;
        let mut open: Vec<(VarId, How)> = value.iter().flat_map(|value| value.0.iter().copied()).collect();
        while let Some((var, how)) = open.pop() {
            match how {
                How::Referred => owners.referred.insert(var),
                How::Borrowed => owners.borrowed.insert(var),
                How::Perhaps => owners.perhaps.insert(var),
                How::Through => self.references.contains(&var) && owners.perhaps.insert(var),
                How::Held | How::Given | How::Awaited | How::Watched => false,
            };
            if seen.insert(var) {
                let known = self.known(var, &self.values);
                waited_for |= self.waited_for.contains(&var);
                let known = known.with(|how| match how {
                    How::Awaited if waited_for => How::Perhaps,
                    How::Watched if waited_for => How::Borrowed,
                    how => how,
                });
                open.extend(known.0);
            }
        }
        owners
    }
}

/// The variables that something may borrow.
#[derive(Default)]
pub(super) struct Owners {
    /// By a `&` that is plain to see.
    pub(super) referred: BTreeSet<VarId>,
    pub(super) borrowed: BTreeSet<VarId>,
    /// Those that may have been used up instead, if nothing names them again.
    pub(super) perhaps: BTreeSet<VarId>,
}

struct Reader<'a> {
    program: &'a Program,
    names: &'a Names,
    /// What a suspension evaluates to, by the segment that it goes on in.
    awaited: BTreeMap<SegmentId, Value>,
    /// What methods of a variable are given.
    given: Vec<(VarId, Value)>,
    sources: Sources,
}

impl Reader<'_> {
    /// A variable that borrows something may keep what its methods are given too.
    fn keep_given(&mut self) {
        for (var, value) in std::mem::take(&mut self.given) {
            if let Some(known) = self.sources.values.get_mut(&var)
                && known.0.iter().any(|(_, how)| how.is_borrow())
            {
                known.add(&value);
            }
        }
    }

    /// The variables that may be a `&mut`: by their types, or as they have a borrow in them.
    fn references(&self) -> BTreeSet<VarId> {
        let by_type = |var: &VarId| matches!(&self.names.get(*var).ty, Some(syn::Type::Reference(to)) if to.mutability.is_some());
        let by_value = |var: &VarId| {
            let value = self.sources.values.get(var);
            value.is_some_and(|value| value.0.iter().any(|(_, how)| how.is_borrow()))
        };
        self.names.all().filter(|var| by_type(var) || by_value(var)).collect()
    }

    fn awaited_by(&mut self, op: &Op) {
        if let Op::Suspend { suspend, to } = op
            && let Some(operand) = &suspend.operand
            && suspend.wait != Wait::Yield
        {
            self.sources.awaited.extend(value_of(self.names, operand).vars());
            self.sources.waited_for.extend(called_on(self.names, operand));
            let value = awaited(self.names, operand);
            self.awaited.insert(*to, value);
        }
    }

    fn op(&mut self, op: &Op, id: SegmentId) {
        match op {
            Op::Plain { stmt, .. } => return self.visit_stmt(stmt),
            Op::Assign(assign) | Op::Scope { value: Some(assign), .. } => {
                let (var, value) = (self.names.of(&assign.var), value_of(self.names, &assign.value));
                if let Some(var) = var {
                    self.adds(var, value.surely(), may_be_guard(&assign.value));
                }
            }
            Op::Receive { into: Some(pat), .. } => {
                let value = self.awaited.get(&id).cloned().unwrap_or_default();
                self.binds(pat, &value, true);
            }
            Op::Match { scrutinee, arms } => {
                arms.iter().for_each(|arm| self.looks_into(&arm.pat, scrutinee));
            }
            Op::LetElse { pat, value, .. } => self.looks_into(pat, value),

            _ => {}
        }
        op.values().into_iter().for_each(|value| self.visit_expr(value));
    }

    /// A variable gets the value of an expression.
    fn gives(&mut self, var: Option<VarId>, expr: &Expr) {
        let Some(var) = var else { return };
        let value = value_of(self.names, expr);
        self.adds(var, value, may_be_guard(expr));
    }

    /// A pattern is bound to what an expression is, where it is.
    fn looks_into(&mut self, pat: &Pat, expr: &Expr) {
        if !bindings(self.names, pat).is_empty() {
            self.sources.matched.extend(called_on(self.names, expr));
        }
        let value = looked_at(self.names, expr, by_pattern(pat)).surely();
        self.binds(pat, &value, false);
    }

    fn binds(&mut self, pat: &Pat, value: &Value, guard: bool) {
        for var in bindings(self.names, pat) {
            self.adds(var, value.clone(), guard);
        }
    }

    fn adds(&mut self, var: VarId, value: Value, guard: bool) {
        if self.names.get(var).ty.as_ref().is_some_and(types::owns) {
            return;
        }
        if guard {
            self.sources.guards.entry(var).or_default().add(&value);
        }
        self.sources.values.entry(var).or_default().add(&value);
    }
}

impl Visit<'_> for Reader<'_> {
    fn visit_local(&mut self, local: &syn::Local) {
        if let Some(init) = &local.init {
            let value = match walk::split_type(&local.pat).0 {
                Pat::Ident(ident) if ident.by_ref.is_none() => value_of(self.names, &init.expr),
                pat => looked_at(self.names, &init.expr, by_pattern(pat)),
            };
            self.binds(&local.pat, &value, may_be_guard(&init.expr));
        }
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Let(condition) => {
                self.looks_into(&condition.pat, &condition.expr);
            }
            Expr::Match(select) => {
                select.arms.iter().for_each(|arm| self.looks_into(&arm.pat, &select.expr));
            }
            Expr::ForLoop(repeat) => {
                let value = value_of(self.names, &repeat.expr);
                self.binds(&repeat.pat, &value, false);
            }
            Expr::Assign(assign) => self.gives(walk::root(self.names, &assign.left), &assign.right),
            Expr::MethodCall(call) if stores(&call.method) => {
                if let Some(var) = walk::root(self.names, &call.receiver) {
                    call.args.iter().for_each(|arg| self.gives(Some(var), arg));
                }
            }
            Expr::MethodCall(call) if !receivers::consumes(&call.method) => {
                if let Some(var) = walk::local(self.names, &call.receiver) {
                    let borrows = call.args.iter().filter(|arg| matches!(arg, Expr::Reference(_)));
                    self.given.extend(borrows.map(|arg| (var, value_of(self.names, arg))));
                }
            }
            Expr::Break(jump) => {
                if let (Some(id), Some(value)) = (jump.label.as_ref().and_then(LoopId::of), &jump.expr)
                    && let Some(var) = self.program.results.get(id.0).and_then(|result| result.var())
                {
                    self.gives(self.names.of(&var), value);
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}

/// What the value of an expression may have in it.
fn value_of(names: &Names, expr: &Expr) -> Value {
    let of = |expr: &Expr| value_of(names, expr);
    if let Some(var) = walk::local(names, expr) {
        return Value::new([var], How::Held);
    }
    match expr {
        Expr::Reference(reference) => borrowed(names, &reference.expr, How::Referred),
        Expr::RawAddr(_) | Expr::Lit(_) | Expr::Path(_) => Value::default(),
        // Copied, or moved out of there.
        Expr::Field(_) | Expr::Index(_) => match walk::root(names, expr) {
            Some(var) => Value::new([var], How::Held),
            None => of(base(expr)),
        },
        Expr::Unary(unary) => match unary.op {
            syn::UnOp::Deref(_) => Value::new(walk::root(names, expr), How::Held),
            _ => of(&unary.expr),
        },
        Expr::Cast(cast) => match &*cast.ty {
            syn::Type::Reference(_) => of(&cast.expr),
            _ => Value::default(),
        },
        Expr::Binary(binary) => Value::of([by_value(names, &binary.left), by_value(names, &binary.right)]),
        Expr::MethodCall(call) => method(names, call),
        Expr::Call(call) => function(names, call),
        Expr::Macro(call) => of_macro(names, &call.mac, expr),
        Expr::Closure(closure) => captured(names, closure.capture.is_some(), &closure.body),
        Expr::Async(block) => captured(names, block.capture.is_some(), &walk::async_body(block)),
        Expr::Paren(inner) => of(&inner.expr),
        Expr::Group(inner) => of(&inner.expr),
        Expr::Try(question) => tried(names, &question.expr),
        Expr::Await(awaits) => awaited(names, &awaits.base),
        Expr::Tuple(tuple) => Value::of(tuple.elems.iter().map(of)),
        Expr::Array(array) => Value::of(array.elems.iter().map(of)),
        Expr::Repeat(repeat) => of(&repeat.expr),
        Expr::Range(range) => Value::of(range.start.iter().chain(&range.end).map(|end| of(end))),
        Expr::Struct(literal) => {
            let fields = literal.fields.iter().map(|field| of(&field.expr));
            Value::of(fields.chain(literal.rest.iter().map(|rest| of(rest))))
        }
        Expr::Block(block) => of_block(names, &block.block),
        Expr::Unsafe(block) => of_block(names, &block.block),
        Expr::If(branch) => {
            let other = branch.else_branch.iter().map(|(_, other)| of(other));
            Value::of(other.chain([of_block(names, &branch.then_branch)]))
        }
        Expr::Match(select) => Value::of(select.arms.iter().map(|arm| of(&arm.body))),
        Expr::Let(_) | Expr::Assign(_) | Expr::While(_) | Expr::ForLoop(_) => Value::default(),
        _ => Value::new(Mentions::in_expr(names, expr), How::Perhaps),
    }
}

fn base(expr: &Expr) -> &Expr {
    match expr {
        Expr::Field(field) => &field.base,
        Expr::Index(index) => &index.expr,
        expr => expr,
    }
}

/// A borrow of a place, and what that has in it.
fn borrowed(names: &Names, place: &Expr, how: How) -> Value {
    let itself = how == How::Referred && walk::local(names, place).is_some();
    let plain = |var: &VarId| names.get(*var).ty.as_ref().is_some_and(types::is_primitive);
    match walk::root(names, place) {
        // No method of a number gives a borrow of it.
        Some(var) if plain(&var) && !itself => Value::default(),
        // What a `&T` refers to isn't the variable's.
        Some(var) if walk::is_shared_reference(names, var) && !itself => Value::new([var], How::Held),
        Some(var) => Value::new([var], how).and(Value::new([var], How::Held)),
        None => value_of(names, base(place)),
    }
}

/// How a pattern binds what it is given in place.
fn by_pattern(pat: &Pat) -> How {
    if walk::says_ref(pat) { How::Referred } else { How::Through }
}

/// What a method may give of its receiver, or a pattern of what it is bound to.
fn looked_at(names: &Names, expr: &Expr, how: How) -> Value {
    if walk::is_place(expr) && walk::root(names, expr).is_some() {
        borrowed(names, expr, how)
    } else {
        value_of(names, expr)
    }
}

/// An operand of an arithmetic operation: of a borrow nothing stays.
fn by_value(names: &Names, expr: &Expr) -> Value {
    match expr {
        Expr::Reference(_) => Value::default(),
        expr => value_of(names, expr),
    }
}

fn of_block(names: &Names, block: &syn::Block) -> Value {
    match block.stmts.last() {
        Some(Stmt::Expr(tail, None)) => value_of(names, tail),
        Some(Stmt::Macro(tail)) if tail.semi_token.is_none() => {
            let expr = Expr::Macro(syn::ExprMacro { attrs: Vec::new(), mac: tail.mac.clone() });
            value_of(names, &expr)
        }
        _ => Value::default(),
    }
}

fn captured(names: &Names, moves: bool, body: &Expr) -> Value {
    let mentions = Mentions::in_expr(names, body);
    let borrows = |var: &VarId| !moves && !walk::is_shared_reference(names, *var);
    let borrowed = Value::new(mentions.iter().copied().filter(borrows), How::Referred);
    borrowed.and(Value::new(mentions, How::Held))
}

fn of_macro(names: &Names, mac: &syn::Macro, expr: &Expr) -> Value {
    if arguments::only_looks(mac) || mac.path.is_ident("matches") {
        return Value::default();
    }
    if arguments::takes(mac) {
        return Value::of(arguments::of(mac).iter().map(|value| value_of(names, value)));
    }
    Value::new(Mentions::in_expr(names, expr), How::Perhaps)
}

fn function(names: &Names, call: &syn::ExprCall) -> Value {
    let called = match &*call.func {
        Expr::Path(path) => path.path.segments.iter().map(|segment| segment.ident.to_string()).collect(),
        _ => Vec::new(),
    };
    let words: Vec<&str> = called.iter().map(String::as_str).collect();
    match words[..] {
        // The items of an iterator aren't the iterator's own.
        [.., "Iterator", "next"] => return Value::of(call.args.iter().map(|arg| held_by(names, arg))),
        [.., "String" | "PathBuf" | "OsString" | "CString", _] | [.., "from_str" | "type_name_of_val"] => {
            return Value::default();
        }
        [.., "Rc" | "Arc", "clone"] => {
            return Value::of(call.args.iter().map(|arg| held_by(names, arg)));
        }
        _ => {}
    }
    let function = walk::local(names, &call.func).map(|var| Value::new([var], How::Held));
    Value::of(call.args.iter().map(|arg| value_of(names, arg)).chain(function))
}

/// What a borrow gives away of what it borrows.
fn held_by(names: &Names, arg: &Expr) -> Value {
    value_of(names, arg).contents()
}

fn method(names: &Names, call: &syn::ExprMethodCall) -> Value {
    let name = call.method.to_string();
    let owned = OWNED.contains(&&*name) || OWNED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if owned && !BORROWED.contains(&&*name) {
        return Value::default();
    }
    let surely = walk::local(names, &call.receiver).is_none() || receivers::only_looks(&call.method);
    let receiver = match receivers::consumes(&call.method) {
        true => value_of(names, &call.receiver),
        false => looked_at(names, &call.receiver, if surely { How::Borrowed } else { How::Perhaps }),
    };
    if COPIES.contains(&&*name) {
        return receiver.contents();
    }
    if CONSUMERS.contains(&&*name) {
        return items(names, &call.receiver).and(Value::of(call.args.iter().map(|arg| called(names, arg))));
    }
    let calls_at_once = CALLERS.contains(&&*name);
    let keeps = KEEPERS.iter().any(|word| name.starts_with(word));
    let args = call.args.iter().map(|arg| match arg {
        Expr::Closure(_) if calls_at_once => called(names, arg),
        // A method that gives a borrow gives one of its receiver, unless it says otherwise.
        Expr::Reference(_) if !keeps => {
            value_of(names, arg).with(|how| if how.is_borrow() { How::Given } else { how })
        }
        arg => value_of(names, arg),
    });
    Value::of(args.chain([receiver]))
}

/// What the items of an iterator may have in them: not what its closures capture.
fn items(names: &Names, iterator: &Expr) -> Value {
    match iterator {
        Expr::MethodCall(call) if call.args.iter().any(|arg| matches!(arg, Expr::Closure(_))) => {
            let args = call.args.iter().map(|arg| called(names, arg));
            Value::of(args.chain([items(names, &call.receiver)]))
        }
        Expr::MethodCall(call) if call.args.is_empty() && receivers::takes_temporary(call) => {
            items(names, &call.receiver)
        }
        Expr::Paren(inner) => items(names, &inner.expr),
        iterator => value_of(names, iterator),
    }
}

/// What comes of an argument that is called, if it is a closure.
fn called(names: &Names, arg: &Expr) -> Value {
    match arg {
        Expr::Closure(closure) => value_of(names, &closure.body),
        arg => value_of(names, arg),
    }
}

/// What comes of `value?`: reading and writing give numbers.
fn tried(names: &Names, expr: &Expr) -> Value {
    match expr {
        Expr::MethodCall(call) if transfers(call) => Value::default(),
        expr => value_of(names, expr),
    }
}

/// The variable that is awaited, or a method of it.
fn called_on(names: &Names, operand: &Expr) -> Option<VarId> {
    match operand {
        Expr::MethodCall(call) => called_on(names, &call.receiver),
        Expr::Try(question) => called_on(names, &question.expr),
        Expr::Paren(inner) => called_on(names, &inner.expr),
        operand => walk::local(names, operand),
    }
}

/// What comes of an awaited call: the function that is called has given back what it borrowed, unless it
/// gives a guard.
fn awaited(names: &Names, operand: &Expr) -> Value {
    let value = value_of(names, operand);
    let guards = match operand {
        Expr::MethodCall(call) => match tested(call) {
            Some(future) => return awaited(names, future),
            None => gives_guard(call),
        },
        Expr::Paren(inner) => return awaited(names, &inner.expr),
        Expr::Call(call) => match called_name(call).as_deref() {
            // What a `join!` or a `select!` is given is awaited in it.
            Some("within") => return Value::of(call.args.iter().map(|arg| awaited(names, arg))),
            name => name.is_some_and(|name| LEAVING.contains(&name)),
        },
        Expr::Tuple(tuple) => return Value::of(tuple.elems.iter().map(|elem| awaited(names, elem))),
        _ => false,
    };
    if guards {
        return value;
    }
    match operand {
        Expr::MethodCall(call) if transfers(call) => Value::default(),
        Expr::MethodCall(call) if makes(call) => value.contents(),
        _ => {
            let is_borrow = |how: &How| !matches!(how, How::Held | How::Given | How::Awaited | How::Watched);
            let borrowed: BTreeMap<VarId, How> =
                value.0.iter().filter(|(_, how)| is_borrow(how)).copied().collect();
            let held = value.0.into_iter().filter(|(var, _)| !borrowed.contains_key(var));
            let watched = |how: &How| if *how == How::Perhaps { How::Awaited } else { How::Watched };
            let awaited = borrowed.iter().map(|(var, how)| (*var, watched(how)));
            Value(held.chain(awaited).collect())
        }
    }
}

/// The future of a branch of a `select!` whose output is tested by a pattern: `Tested::new(future).by(..)`.
fn tested(call: &syn::ExprMethodCall) -> Option<&Expr> {
    let Expr::Call(made) = &*call.receiver else { return None };
    let Expr::Path(path) = &*made.func else { return None };
    let is_ours = path.path.segments.iter().any(|segment| segment.ident == "Tested");
    made.args.first().filter(|_| is_ours && call.method == "by")
}

/// The last word of the path that is called.
fn called_name(call: &syn::ExprCall) -> Option<String> {
    let Expr::Path(path) = &*call.func else { return None };
    path.path.segments.last().map(|last| last.ident.to_string())
}

/// Functions of futures whose output has in it the futures that aren't done.
const LEAVING: [&str; 4] = ["select", "try_select", "select_all", "select_ok"];

/// Does an awaited call of this name give what borrows its receiver?
fn gives_guard(call: &syn::ExprMethodCall) -> bool {
    let name = call.method.to_string();
    match &*name {
        "read" | "write" | "get" | "peek" => call.args.is_empty(),
        name => !name.ends_with("_owned") && GUARDS.iter().any(|guard| name.starts_with(guard)),
    }
}

const GUARDS: [&str; 10] = [
    "lock",
    "borrow",
    "acquire",
    "try_lock",
    "try_acquire",
    "upgradable_read",
    "fill_buf",
    "reserve",
    "enter",
    "wait_for",
];

/// Does a method of this name read or write what its arguments borrow, and give a number?
fn transfers(call: &syn::ExprMethodCall) -> bool {
    let name = call.method.to_string();
    let name = name.strip_prefix("try_").unwrap_or(&name);
    let numbers = ["read_u", "read_i", "read_f", "write_u", "write_i", "write_f"];
    !call.args.is_empty()
        && (TRANSFERS.contains(&name) || numbers.iter().any(|prefix| name.starts_with(prefix)))
}

const TRANSFERS: [&str; 18] = [
    "read",
    "read_buf",
    "read_exact",
    "read_line",
    "read_to_end",
    "read_to_string",
    "read_until",
    "read_vectored",
    "write",
    "write_all",
    "write_buf",
    "write_str",
    "write_vectored",
    "send",
    "send_all",
    "send_to",
    "recv",
    "recv_from",
];

/// Does an awaited method of this name give something of its own?
fn makes(call: &syn::ExprMethodCall) -> bool {
    ["accept", "connect", "recv", "wait", "join"].iter().any(|name| call.method == name)
}

/// Does a method of this name keep its arguments in its receiver?
fn stores(method: &syn::Ident) -> bool {
    let name = method.to_string();
    ["push", "insert", "extend", "add", "set", "append", "register", "replace"]
        .iter()
        .any(|word| name.starts_with(word))
}

/// May the value of this expression have a destructor that uses what it borrows?
fn may_be_guard(expr: &Expr) -> bool {
    match expr {
        Expr::Call(_)
        | Expr::Struct(_)
        | Expr::Closure(_)
        | Expr::Async(_)
        | Expr::Tuple(_)
        | Expr::Array(_) => true,
        Expr::MethodCall(call) => {
            gives_guard(call)
                || ITERATORS.contains(&&*call.method.to_string())
                || (receivers::consumes(&call.method) && may_be_guard(&call.receiver))
        }
        Expr::Try(question) => may_be_guard(&question.expr),
        Expr::Await(awaits) => may_be_guard(&awaits.base),
        Expr::Paren(inner) => may_be_guard(&inner.expr),
        Expr::Macro(call) => arguments::takes(&call.mac),
        Expr::Path(_) => true,
        _ => false,
    }
}

/// Methods that give an iterator: it isn't a reference, so it is kept where it may have to be dropped.
const ITERATORS: [&str; 24] = [
    "drain",
    "iter",
    "iter_mut",
    "chars",
    "char_indices",
    "bytes",
    "lines",
    "split",
    "split_whitespace",
    "windows",
    "chunks",
    "keys",
    "values",
    "values_mut",
    "map",
    "filter",
    "filter_map",
    "enumerate",
    "zip",
    "chain",
    "rev",
    "skip",
    "take_while",
    "peekable",
];

/// Methods whose values have no borrow in them.
const OWNED: [&str; 38] = [
    "len",
    "count",
    "sum",
    "product",
    "any",
    "all",
    "position",
    "capacity",
    "elapsed",
    "parse",
    "cmp",
    "eq",
    "ne",
    "partial_cmp",
    "starts_with",
    "ends_with",
    "id",
    "status",
    "clear",
    "join",
    "repeat",
    "replace",
    "concat",
    "exists",
    "metadata",
    "duration_since",
    "as_secs",
    "as_millis",
    "as_micros",
    "as_nanos",
    "port",
    "ip",
    "local_addr",
    "peer_addr",
    "try_clone",
    "load",
    "swap",
    "index",
];
const OWNED_PREFIXES: [&str; 8] =
    ["is_", "has_", "contains", "checked_", "wrapping_", "saturating_", "to_", "with_extension"];

/// Those among them that give a borrow all the same.
const BORROWED: [&str; 4] = ["to_str", "to_string_lossy", "to_mut", "to_slice"];

/// Methods that give what their receiver has in it, not borrows of it.
const COPIES: [&str; 6] = ["clone", "next", "next_back", "pop", "pop_front", "pop_back"];

/// Methods that go through an iterator to its end, or call what they are given until they have something.
const CONSUMERS: [&str; 12] = [
    "collect",
    "fold",
    "for_each",
    "try_for_each",
    "try_fold",
    "last",
    "max",
    "min",
    "max_by_key",
    "min_by_key",
    "partition",
    "unzip",
];

/// Methods that call what they are given at once.
const CALLERS: [&str; 14] = [
    "map_err",
    "unwrap_or_else",
    "ok_or_else",
    "or_else",
    "map_or",
    "map_or_else",
    "then",
    "is_some_and",
    "get_or_insert_with",
    "or_insert_with",
    "with_context",
    "wrap_err_with",
    "inspect",
    "inspect_err",
];

/// How methods begin whose values have in them what their arguments borrow.
const KEEPERS: [&str; 12] = [
    "zip",
    "chain",
    "split",
    "strip",
    "trim",
    "matches",
    "with",
    "bind",
    "union",
    "intersection",
    "difference",
    "new",
];

/// Is a variable used only for what it refers to?
pub(super) fn is_only_looked_through(program: &Program, names: &Names, var: VarId) -> bool {
    let mut looked = LookedThrough { names, var, only: true };
    for id in &program.order {
        Op::each(&program.get(*id).code, &mut |op| {
            if let Op::Plain { stmt, .. } = op {
                looked.visit_stmt(stmt);
            }
            op.values().into_iter().for_each(|value| looked.visit_expr(value));
        });
    }
    looked.only
}

struct LookedThrough<'a> {
    names: &'a Names,
    var: VarId,
    only: bool,
}

impl LookedThrough<'_> {
    fn is(&self, expr: &Expr) -> bool {
        walk::local(self.names, expr) == Some(self.var)
    }

    /// What is given to a call is borrowed again, and not the variable.
    fn arguments<'e>(&mut self, args: impl IntoIterator<Item = &'e Expr>) {
        for arg in args {
            if !self.is(arg) {
                self.visit_expr(arg);
            }
        }
    }
}

impl Visit<'_> for LookedThrough<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Field(field) if self.is(&field.base) => {}
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) && self.is(&unary.expr) => {}
            Expr::Index(index) if self.is(&index.expr) => self.visit_expr(&index.index),
            // Which method it is depends on whether a `&mut T` is called, or a `T`.
            Expr::MethodCall(call) => {
                self.visit_expr(&call.receiver);
                self.arguments(&call.args);
            }
            Expr::Call(call) => {
                self.visit_expr(&call.func);
                self.arguments(&call.args);
            }
            _ if self.is(expr) => self.only = false,
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &syn::Macro) {
        self.only &= match arguments::read(mac) {
            Ok((values, _)) if arguments::only_looks(mac) => {
                values.iter().for_each(|value| self.visit_expr(value));
                self.only
            }
            _ => {
                let mut mentions = Mentions::new(self.names);
                mentions.visit_macro(mac);
                !mentions.found.contains(&self.var)
            }
        };
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}
