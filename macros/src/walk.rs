//! Questions that several passes ask of the user's syntax.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, Ident, Local, LocalInit, Macro, Pat, Stmt, Type};

use crate::names::{Names, VarId};
use crate::segments::Op;
use crate::{apart, arguments, suspension};

/// Does this suspend the function, or has it to be lowered as if it did? What a closure, an `async` block or an item does is its own.
pub(crate) fn suspends(expr: &Expr) -> bool {
    let mut finder = Suspends(false);
    finder.visit_expr(expr);
    finder.0
}

pub(crate) fn block_suspends(block: &Block) -> bool {
    let mut finder = Suspends(false);
    finder.visit_block(block);
    finder.0
}

pub(crate) fn stmt_suspends(stmt: &Stmt) -> bool {
    let mut finder = Suspends(false);
    finder.visit_stmt(stmt);
    finder.0
}

struct Suspends(bool);

impl Visit<'_> for Suspends {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            Expr::ForLoop(repeat) if suspension::awaits_items(repeat) => self.0 = true,
            _ if suspension::of(expr).is_some() || apart::is_marked(expr) => self.0 = true,
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}

/// Is it plain to see that a block's last statement is never left by its end?
pub(crate) fn ends_in_leaving(block: &Block) -> bool {
    block.stmts.last().is_some_and(is_last)
}

/// Is it plain to see that this expression has no value?
pub(crate) fn leaves(expr: &Expr) -> bool {
    match expr {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Macro(call) => panics(&call.mac),
        Expr::Match(select) => !select.arms.is_empty() && select.arms.iter().all(|arm| leaves(&arm.body)),
        Expr::Block(block) => block.label.is_none() && ends_in_leaving(&block.block),
        Expr::Unsafe(block) => ends_in_leaving(&block.block),
        _ => false,
    }
}

/// Is it plain to see that nothing comes after this statement?
pub(crate) fn is_last(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(expr, _) => leaves(expr),
        Stmt::Macro(statement) => panics(&statement.mac),
        _ => false,
    }
}

/// The same, of what it evaluates on the way: `f(return x)`.
pub(crate) fn never_ends(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(expr, _) => has_no_value(expr),
        Stmt::Local(Local { init: Some(LocalInit { expr, .. }), .. }) => has_no_value(expr),
        stmt => is_last(stmt),
    }
}

/// Does an expression leave, or does something that is always evaluated in it?
pub(crate) fn has_no_value(expr: &Expr) -> bool {
    match expr {
        _ if leaves(expr) => true,
        Expr::Call(call) => has_no_value(&call.func) || call.args.iter().any(has_no_value),
        Expr::MethodCall(call) => has_no_value(&call.receiver) || call.args.iter().any(has_no_value),
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) => {
            has_no_value(&binary.left)
        }
        Expr::Binary(binary) => has_no_value(&binary.left) || has_no_value(&binary.right),
        Expr::Assign(assign) => has_no_value(&assign.right) || has_no_value(&assign.left),
        Expr::Index(index) => has_no_value(&index.expr) || has_no_value(&index.index),
        Expr::Tuple(tuple) => tuple.elems.iter().any(has_no_value),
        Expr::Array(array) => array.elems.iter().any(has_no_value),
        Expr::Struct(literal) => literal.fields.iter().any(|field| has_no_value(&field.expr)),
        Expr::Block(block) => block.label.is_none() && block.block.stmts.iter().any(never_ends),
        Expr::If(branch) => has_no_value(&branch.cond),
        Expr::Match(select) => has_no_value(&select.expr),
        Expr::Unary(syn::ExprUnary { expr, .. })
        | Expr::Reference(syn::ExprReference { expr, .. })
        | Expr::Field(syn::ExprField { base: expr, .. })
        | Expr::Cast(syn::ExprCast { expr, .. })
        | Expr::Paren(syn::ExprParen { expr, .. })
        | Expr::Group(syn::ExprGroup { expr, .. })
        | Expr::Try(syn::ExprTry { expr, .. })
        | Expr::Repeat(syn::ExprRepeat { expr, .. })
        | Expr::ForLoop(syn::ExprForLoop { expr, .. })
        | Expr::Let(syn::ExprLet { expr, .. }) => has_no_value(expr),
        _ => false,
    }
}

fn panics(mac: &Macro) -> bool {
    let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("panic" | "unreachable" | "todo" | "unimplemented"))
}

/// How many suspensions there are in an expression.
pub(crate) fn suspensions(expr: &Expr) -> usize {
    struct Count(usize);
    impl Visit<'_> for Count {
        fn visit_expr(&mut self, expr: &Expr) {
            if matches!(expr, Expr::Closure(_) | Expr::Async(_) | Expr::Const(_)) {
                return;
            }
            let awaits = matches!(expr, Expr::ForLoop(repeat) if suspension::awaits_items(repeat));
            self.0 += usize::from(awaits || suspension::of(expr).is_some());
            visit::visit_expr(self, expr);
        }

        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut count = Count(0);
    count.visit_expr(expr);
    count.0
}

/// The variables that are named somewhere in a piece of syntax, in closures and macros too.
pub(crate) struct Mentions<'a> {
    names: &'a Names,
    pub(crate) found: BTreeSet<VarId>,
}

impl<'a> Mentions<'a> {
    pub(crate) fn new(names: &'a Names) -> Self {
        Mentions { names, found: BTreeSet::new() }
    }

    pub(crate) fn in_expr(names: &'a Names, expr: &Expr) -> BTreeSet<VarId> {
        let mut mentions = Mentions::new(names);
        mentions.visit_expr(expr);
        mentions.found
    }

    pub(crate) fn in_stmt(names: &'a Names, stmt: &Stmt) -> BTreeSet<VarId> {
        let mut mentions = Mentions::new(names);
        mentions.visit_stmt(stmt);
        mentions.found
    }

    /// What an operation names itself, those inside it aside.
    pub(crate) fn visit_op(&mut self, op: &Op) {
        match op {
            Op::Plain { stmt, .. } => self.visit_stmt(stmt),
            Op::Match { arms, .. } => arms.iter().for_each(|arm| self.visit_pat(&arm.pat)),
            Op::Recall { var, into } => self.found.extend([*var, *into]),
            _ => {}
        }
        op.values().into_iter().for_each(|value| self.visit_expr(value));
    }

    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => self.found.extend(self.names.of(&ident)),
                TokenTree::Literal(literal) => self.found.extend(self.names.in_text(&literal.to_string())),
                TokenTree::Punct(_) => {}
            }
        }
    }
}

impl Visit<'_> for Mentions<'_> {
    fn visit_ident(&mut self, ident: &Ident) {
        self.found.extend(self.names.of(ident));
    }

    fn visit_macro(&mut self, mac: &Macro) {
        self.tokens(mac.tokens.clone());
    }
}

/// What follows a statement in its block.
#[derive(Clone, Default)]
pub(crate) struct After {
    /// The variables that are named there.
    pub(crate) named: BTreeSet<VarId>,
    /// Something suspends there.
    pub(crate) suspends: bool,
}

/// What follows each of these statements.
pub(crate) fn after_each(names: &Names, stmts: &[Stmt]) -> Vec<After> {
    let mut after = After::default();
    let mut found: Vec<After> = Vec::new();
    for stmt in stmts.iter().rev() {
        found.push(after.clone());
        after.named.extend(Mentions::in_stmt(names, stmt));
        after.suspends |= stmt_suspends(stmt);
    }
    found.reverse();
    found
}

/// The variables that a block assigns to, with `=`.
pub(crate) fn assigned(names: &Names, block: &Block) -> BTreeSet<VarId> {
    let mut assigned = Assigned(names, BTreeSet::new());
    assigned.visit_block(block);
    assigned.1
}

/// The same, of an expression.
pub(crate) fn assigned_in(names: &Names, expr: &Expr) -> BTreeSet<VarId> {
    let mut assigned = Assigned(names, BTreeSet::new());
    assigned.visit_expr(expr);
    assigned.1
}

struct Assigned<'a>(&'a Names, BTreeSet<VarId>);
impl Visit<'_> for Assigned<'_> {
    fn visit_expr_assign(&mut self, assign: &syn::ExprAssign) {
        self.1.extend(assignees(&assign.left).into_iter().filter_map(|place| local(self.0, place)));
        visit::visit_expr_assign(self, assign);
    }
    fn visit_item(&mut self, _: &syn::Item) {}
}

/// The variables whose names stand in macros that may bind such a name anew, as `matches!` does.
pub(crate) fn unclear(names: &Names, block: &Block) -> BTreeSet<VarId> {
    struct Unclear<'a>(Mentions<'a>);
    impl Visit<'_> for Unclear<'_> {
        fn visit_macro(&mut self, mac: &Macro) {
            if !arguments::only_looks(mac) {
                self.0.visit_macro(mac);
            }
        }
    }
    let mut unclear = Unclear(Mentions::new(names));
    unclear.visit_block(block);
    unclear.0.found
}

/// Is anything assigned to in an expression, with `=`?
pub(crate) fn assigns(expr: &Expr) -> bool {
    struct Assigns(bool);
    impl Visit<'_> for Assigns {
        fn visit_expr_assign(&mut self, _: &syn::ExprAssign) {
            self.0 = true;
        }
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut assigns = Assigns(false);
    assigns.visit_expr(expr);
    assigns.0
}

/// The variables that a pattern binds, in order.
pub(crate) fn bindings(names: &Names, pat: &Pat) -> Vec<VarId> {
    struct Bindings<'a>(&'a Names, Vec<VarId>);
    impl Visit<'_> for Bindings<'_> {
        fn visit_pat_ident(&mut self, pat: &syn::PatIdent) {
            if let Some(id) = self.0.of(&pat.ident)
                && !self.1.contains(&id)
            {
                self.1.push(id);
            }
            visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &Expr) {}
    }
    let mut bindings = Bindings(names, Vec::new());
    bindings.visit_pat(pat);
    bindings.1
}

/// The variables that the `let`s of a condition bind.
pub(crate) fn bound_by(names: &Names, cond: &Expr) -> Vec<VarId> {
    match cond {
        Expr::Let(condition) => bindings(names, &condition.pat),
        Expr::Binary(binary) => {
            let mut bound = bound_by(names, &binary.left);
            bound.extend(bound_by(names, &binary.right));
            bound
        }
        Expr::Paren(inner) => bound_by(names, &inner.expr),
        _ => Vec::new(),
    }
}

/// Does the pattern match whatever it is given, as far as syntax tells?
pub(crate) fn is_irrefutable(names: &Names, pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) => true,
        Pat::Ident(ident) => names.of(&ident.ident).is_some() && ident.subpat.is_none(),
        Pat::Tuple(tuple) => tuple.elems.iter().all(|pat| is_irrefutable(names, pat)),
        Pat::Reference(reference) => is_irrefutable(names, &reference.pat),
        Pat::Paren(inner) => is_irrefutable(names, &inner.pat),
        _ => false,
    }
}

/// The places that an assignment is to: the one, or those in a pattern.
pub(crate) fn assignees(left: &Expr) -> Vec<&Expr> {
    match left {
        Expr::Tuple(tuple) => tuple.elems.iter().flat_map(assignees).collect(),
        Expr::Array(array) => array.elems.iter().flat_map(assignees).collect(),
        Expr::Call(call) => call.args.iter().flat_map(assignees).collect(),
        Expr::Struct(literal) => literal.fields.iter().flat_map(|field| assignees(&field.expr)).collect(),
        Expr::Paren(inner) => assignees(&inner.expr),
        Expr::Infer(_) | Expr::Range(_) => Vec::new(),
        place => vec![place],
    }
}

/// The local variable that an expression is, if it is just that.
pub(crate) fn local(names: &Names, expr: &Expr) -> Option<VarId> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => names.of(path.path.get_ident()?),
        Expr::Paren(inner) => local(names, &inner.expr),
        Expr::Group(inner) => local(names, &inner.expr),
        // What is in its box is the variable.
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => {
            local(names, &unary.expr).filter(|var| names.get(*var).boxed)
        }
        _ => None,
    }
}

/// The local variable that a place belongs to: the variable itself, or a part of it.
pub(crate) fn root(names: &Names, expr: &Expr) -> Option<VarId> {
    match expr {
        Expr::Field(field) => root(names, &field.base),
        Expr::Index(index) => root(names, &index.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => root(names, &unary.expr),
        Expr::Paren(inner) => root(names, &inner.expr),
        Expr::Group(inner) => root(names, &inner.expr),
        _ => local(names, expr),
    }
}

/// Borrowing what a `&T` or a pointer points to doesn't borrow the variable.
pub(crate) fn is_shared_reference(names: &Names, var: VarId) -> bool {
    match &names.get(var).ty {
        Some(Type::Reference(reference)) => reference.mutability.is_none(),
        Some(Type::Ptr(_)) => true,
        _ => false,
    }
}

/// A place: a variable, or a field, an element or the target of one.
pub(crate) fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Index(_) => true,
        Expr::Field(field) => is_place(&field.base),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)),
        Expr::Paren(inner) => is_place(&inner.expr),
        Expr::Group(inner) => is_place(&inner.expr),
        _ => false,
    }
}

/// A field of something, or what is in one.
pub(crate) fn is_field(expr: &Expr) -> bool {
    match expr {
        Expr::Field(_) => true,
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_field(&unary.expr),
        Expr::Paren(inner) => is_field(&inner.expr),
        Expr::Group(inner) => is_field(&inner.expr),
        _ => false,
    }
}

/// A place that is found without running anything: fields of a variable, through references.
pub(crate) fn is_still_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(field) => is_still_place(&field.base),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_still_place(&unary.expr),
        Expr::Paren(inner) => is_still_place(&inner.expr),
        Expr::Group(inner) => is_still_place(&inner.expr),
        _ => false,
    }
}

/// The variables that a segment's operations name, declarations without a value aside.
pub(crate) fn names_in(names: &Names, code: &[Op]) -> BTreeSet<VarId> {
    let mut mentions = Mentions::new(names);
    Op::each(code, &mut |op| match op {
        Op::Plain { stmt: Stmt::Local(local), .. } if local.init.is_none() => {}
        _ => mentions.visit_op(op),
    });
    mentions.found
}

/// The variables that the operations of a segment declare outside of any block.
pub(crate) fn declared(names: &Names, code: &[Op]) -> Vec<VarId> {
    let mut declared = Vec::new();
    for op in code {
        match op {
            Op::Plain { stmt: Stmt::Local(local), .. } => declared.extend(bindings(names, &local.pat)),
            Op::Assign(assign) => declared.extend(names.of(&assign.var)),
            Op::Receive { into: Some(pat), .. } | Op::LetElse { pat, .. } => {
                declared.extend(bindings(names, pat))
            }
            Op::Scope { value: Some(assign), .. } => declared.extend(names.of(&assign.var)),
            _ => {}
        }
    }
    declared
}

/// Does a pattern say `ref`?
pub(crate) fn says_ref(pat: &Pat) -> bool {
    mentions_any(pat.to_token_stream(), &|token| matches!(token, TokenTree::Ident(word) if word == "ref"))
}

/// Is there such a token, in groups too?
pub(crate) fn mentions_any(tokens: TokenStream, wanted: &dyn Fn(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|token| match &token {
        TokenTree::Group(group) => mentions_any(group.stream(), wanted),
        token => wanted(token),
    })
}

/// A pattern without the type that is written beside it, and that type.
pub(crate) fn split_type(pat: &Pat) -> (&Pat, Option<Type>) {
    match pat {
        Pat::Type(typed) => (&typed.pat, Some((*typed.ty).clone())),
        pat => (pat, None),
    }
}

/// The words of a text: what may be a name in it.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

/// The code of an `async` block, as a block.
pub(crate) fn async_body(block: &syn::ExprAsync) -> Expr {
    Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: block.block.clone() })
}
