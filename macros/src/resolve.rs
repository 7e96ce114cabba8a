//! Finds out which variable each identifier means, and gives each variable a name of its own.
//!
//! ```text
//! let x = 1; { let x = x + 1; println!("{x}"); }
//! let x__v0 = 1; { let x__v1 = x__v0 + 1; println!("{x__v1}"); }
//! ```

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, Ident, LitStr, Local, Macro, Pat, Stmt, parse_quote_spanned};

use crate::arguments;
use crate::captures::{self, Free};
use crate::error::Errors;
use crate::input::{Function, Param, mixed};
use crate::names::{Captures, Names, Var, VarId};
use crate::types::{self, Glue};
use crate::walk;

/// Renames all variables of the function, its parameters first.
pub(crate) fn resolve(function: &mut Function) -> syn::Result<Names> {
    let mut names = Names::default();
    collect(quote::ToTokens::to_token_stream(&function.body), &mut names);
    collect(quote::ToTokens::to_token_stream(&function.sig), &mut names);
    if function.block {
        names.captures_by_step = capture(function);
    }
    let mut resolver = Resolver { names, scopes: vec![Vec::new()], errors: Errors::default(), free: None };
    resolver.params(function);
    let mut body = function.body.clone();
    resolver.visit_block_mut(&mut body);
    function.body = body;
    resolver.errors.finish()?;
    Ok(resolver.names)
}

/// Makes what a block captures its parameters, and tells whether its step may capture more. They are
/// dropped in reverse: so the last stands first.
fn capture(function: &mut Function) -> bool {
    let mut finder = Resolver {
        names: Names::default(),
        scopes: vec![Vec::new()],
        errors: Errors::default(),
        free: Some(Free::default()),
    };
    finder.visit_block_mut(&mut function.body.clone());
    let free = finder.free.unwrap_or_default();
    for ident in free.values.into_iter().rev() {
        function.sig.inputs.push(parse_quote_spanned!(mixed()=> #ident: _));
        function.params.push(Param { ident, pat: None, mutable: true, ty: None });
    }
    free.others
}

fn collect(tokens: TokenStream, names: &mut Names) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Ident(ident) => {
                names.taken.insert(ident.to_string());
            }
            _ => {}
        }
    }
}

struct Resolver {
    names: Names,
    /// The variables in scope, innermost last, by the user's names.
    scopes: Vec<Vec<(String, VarId)>>,
    errors: Errors,
    /// The names that are none of its variables, where they are looked for.
    free: Option<Free>,
}

impl Resolver {
    fn params(&mut self, function: &mut Function) {
        for param in &mut function.params {
            let glue = param.ty.as_ref().map_or(Glue::Unknown, types::of_type);
            let is_self = param.ident == "self";
            let shown = if is_self {
                Ident::new(&self.names.free("this"), mixed().located_at(param.ident.span()))
            } else {
                param.ident.clone()
            };
            let ours = param.pat.is_some();
            let called_once =
                param.ty.as_ref().is_some_and(|ty| types::is_called_once(ty, &function.sig.generics));
            let closure = match function.block {
                // What a block captures may be a closure of the function around it.
                true => Some(Captures::Anything),
                false => called_once.then_some(Captures::ByUse),
            };
            let id = self.names.add(Var {
                ours,
                closure,
                ..Var::named(shown, param.mutable, glue, param.ty.clone())
            });
            if is_self {
                self.names.receiver = Some(id);
            }
            if param.pat.is_none() {
                self.declare(param.ident.to_string(), id);
            }
            param.ident = self.names.ident(id, param.ident.span());
        }
        self.names.params = function.params.len();
        // A pattern is bound when the function begins, after all arguments have been taken.
        for param in &mut function.params {
            if let Some(pat) = &mut param.pat {
                self.pattern(pat, param.ty.as_ref(), None);
            }
        }
    }

    fn declare(&mut self, name: String, id: VarId) {
        self.scopes.last_mut().expect("there is always a scope").push((name, id));
    }

    fn lookup(&self, name: &str) -> Option<VarId> {
        let mut scopes = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev());
        scopes.find(|(known, _)| known == name).map(|(_, id)| *id)
    }

    fn scoped(&mut self, walk: impl FnOnce(&mut Self)) {
        self.scopes.push(Vec::new());
        walk(self);
        self.scopes.pop();
    }

    /// Binds the names of a pattern, whose type or value may be in sight.
    fn pattern(&mut self, pat: &mut Pat, ty: Option<&syn::Type>, value: Option<&Expr>) {
        if let Pat::Type(typed) = pat {
            let ty = (*typed.ty).clone();
            return self.pattern(&mut typed.pat, Some(&ty), value);
        }
        let glue = match (&*pat, ty, value) {
            (Pat::Ident(_), Some(ty), _) => types::of_type(ty),
            (Pat::Ident(_), None, Some(value)) => types::of_value(value),
            _ => Glue::Unknown,
        };
        let ty = ty.cloned();
        let closure = value.and_then(|value| self.captures_of(value));
        PatternBinder { resolver: self, bound: Vec::new(), glue, ty, closure }.visit_pat_mut(pat);
    }

    /// What the closure captures that a value is.
    fn captures_of(&self, value: &Expr) -> Option<Captures> {
        match value {
            Expr::Closure(closure) if closure.capture.is_none() => Some(Captures::ByUse),
            Expr::Closure(_) => Some(Captures::Anything),
            Expr::Paren(inner) => self.captures_of(&inner.expr),
            Expr::Block(block) => match block.block.stmts.last() {
                Some(syn::Stmt::Expr(tail, None)) => self.captures_of(tail),
                _ => None,
            },
            value => walk::local(&self.names, value).and_then(|var| self.names.get(var).closure),
        }
    }

    fn rename(&mut self, ident: &mut Ident, shorthand: bool) {
        let Some(id) = self.lookup(&ident.to_string()) else {
            self.free.iter_mut().for_each(|free| free.value(ident));
            return;
        };
        let span = ident.span();
        *ident =
            if shorthand { Ident::new(&self.names.shorthand(id), span) } else { self.names.ident(id, span) };
    }

    /// Renames the variables in the tokens of a macro: wherever an identifier can be a variable.
    fn tokens(&mut self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut renamed = Vec::with_capacity(tokens.len());
        for (index, token) in tokens.iter().enumerate() {
            renamed.push(match token {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
                TokenTree::Ident(ident) if may_be_variable(&tokens, index) => {
                    let mut ident = ident.clone();
                    self.rename(&mut ident, false);
                    TokenTree::Ident(ident)
                }
                TokenTree::Literal(literal) => self.literal(literal),
                other => other.clone(),
            });
        }
        renamed.into_iter().collect()
    }

    /// A format string names variables in its braces: `"{x} {y:>w$}"`.
    fn literal(&mut self, literal: &proc_macro2::Literal) -> TokenTree {
        let unchanged = TokenTree::Literal(literal.clone());
        let Ok(text) = syn::parse2::<LitStr>(unchanged.clone().into()) else { return unchanged };
        let Some(value) = self.format_string(&text.value()) else { return unchanged };
        let mut renamed = proc_macro2::Literal::string(&value);
        renamed.set_span(literal.span());
        self.names.literals.insert(renamed.to_string(), literal.clone());
        TokenTree::Literal(renamed)
    }

    /// The format string with the variables renamed, if it names any.
    fn format_string(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut found = false;
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open + 1);
            out.push_str(before);
            if let Some(escaped) = after.strip_prefix('{') {
                out.push('{');
                rest = escaped;
                continue;
            }
            let end = after.find('}')?;
            let (inside, after) = after.split_at(end);
            let mut word = String::new();
            for c in inside.chars().chain(std::iter::once('\0')) {
                if c.is_alphanumeric() || c == '_' {
                    word.push(c);
                    continue;
                }
                let is_name = out.ends_with('{') || c == '$';
                match self.lookup(&word).filter(|_| is_name) {
                    Some(id) => {
                        found = true;
                        out.push_str(&self.names.internal(id));
                    }
                    None => out.push_str(&word),
                }
                word.clear();
                if c != '\0' {
                    out.push(c);
                }
            }
            rest = after;
        }
        out.push_str(rest);
        found.then_some(out)
    }
}

/// Not a field, a method, a path segment, a macro or the name of a struct's field.
fn may_be_variable(tokens: &[TokenTree], index: usize) -> bool {
    let punct = |index: usize| match tokens.get(index) {
        Some(TokenTree::Punct(punct)) => {
            Some((punct.as_char(), punct.spacing() == proc_macro2::Spacing::Joint))
        }
        _ => None,
    };
    let before = index.checked_sub(1).and_then(punct).map(|(c, _)| c);
    let two_before = index.checked_sub(2).and_then(punct).map(|(c, _)| c);
    let after = punct(index + 1);
    let field = before == Some('.') && two_before != Some('.');
    let segment = before == Some(':') && two_before == Some(':');
    let lifetime = before == Some('\'');
    let leads = matches!(after, Some((':', _)));
    let called = after == Some(('!', false)) && matches!(tokens.get(index + 2), Some(TokenTree::Group(_)));
    !(field || segment || lifetime || leads || called)
}

/// Declares each name of a pattern; an or-pattern binds the same names in each of its cases.
struct PatternBinder<'a> {
    resolver: &'a mut Resolver,
    bound: Vec<(String, VarId)>,
    glue: Glue,
    ty: Option<syn::Type>,
    closure: Option<Captures>,
}

impl PatternBinder<'_> {
    fn bind(&mut self, ident: &Ident, mutable: bool, by_ref: bool) -> VarId {
        let name = ident.to_string();
        if let Some((_, id)) = self.bound.iter().find(|(known, _)| *known == name) {
            return *id;
        }
        let glue = if by_ref { Glue::Unknown } else { self.glue };
        let named = Var::named(ident.clone(), mutable, glue, self.ty.clone());
        let var = Var { closure: self.closure, ..named };
        let id = self.resolver.names.add(var);
        self.bound.push((name.clone(), id));
        self.resolver.declare(name, id);
        id
    }
}

impl VisitMut for PatternBinder<'_> {
    fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
        if !is_constant(pat) {
            let id = self.bind(&pat.ident, pat.mutability.is_some(), pat.by_ref.is_some());
            pat.ident = self.resolver.names.ident(id, pat.ident.span());
        }
        if let Some((_, subpat)) = &mut pat.subpat {
            self.visit_pat_mut(subpat);
        }
    }

    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        match &mut *field.pat {
            Pat::Ident(pat) if field.colon_token.is_none() => {
                let id = self.bind(&pat.ident, pat.mutability.is_some(), pat.by_ref.is_some());
                pat.ident = Ident::new(&self.resolver.names.shorthand(id), pat.ident.span());
            }
            pat => self.visit_pat_mut(pat),
        }
    }

    /// Constants in patterns are paths: nothing in them is a variable.
    fn visit_expr_mut(&mut self, _: &mut Expr) {}
}

/// By Rust's naming conventions a bare `NONE` or `Empty` in a pattern is a constant or a unit struct.
fn is_constant(pat: &syn::PatIdent) -> bool {
    let plain = pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none();
    plain && pat.ident.to_string().starts_with(char::is_uppercase)
}

impl VisitMut for Resolver {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.scoped(|resolver| visit_mut::visit_block_mut(resolver, block));
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        if let Some(init) = &mut local.init {
            self.visit_expr_mut(&mut init.expr);
            if let Some((_, diverge)) = &mut init.diverge {
                self.visit_expr_mut(diverge);
            }
        }
        let value = local.init.as_ref().map(|init| &*init.expr);
        self.pattern(&mut local.pat, None, value);
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        visit_mut::visit_stmt_mut(self, stmt);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(path) if path.qself.is_none() => {
                if let Some(ident) = path.path.get_ident() {
                    let mut ident = ident.clone();
                    self.rename(&mut ident, false);
                    path.path.segments[0].ident = ident;
                }
            }
            Expr::Call(call) if self.is_free(&call.func) => {
                self.free.iter_mut().for_each(|free| free.called(&call.func));
                call.args.iter_mut().for_each(|arg| self.visit_expr_mut(arg));
            }
            Expr::Struct(literal) => self.struct_literal(literal),
            Expr::If(branch) => {
                self.scoped(|resolver| {
                    resolver.visit_expr_mut(&mut branch.cond);
                    resolver.visit_block_mut(&mut branch.then_branch);
                });
                if let Some((_, otherwise)) = &mut branch.else_branch {
                    self.visit_expr_mut(otherwise);
                }
            }
            Expr::While(repeat) => self.scoped(|resolver| {
                resolver.visit_expr_mut(&mut repeat.cond);
                resolver.visit_block_mut(&mut repeat.body);
            }),
            Expr::ForLoop(repeat) => {
                self.visit_expr_mut(&mut repeat.expr);
                self.scoped(|resolver| {
                    resolver.pattern(&mut repeat.pat, None, None);
                    resolver.visit_block_mut(&mut repeat.body);
                });
            }
            Expr::Let(condition) => {
                self.visit_expr_mut(&mut condition.expr);
                self.pattern(&mut condition.pat, None, None);
            }
            Expr::Closure(closure) => self.scoped(|resolver| {
                for input in &mut closure.inputs {
                    resolver.pattern(input, None, None);
                }
                resolver.visit_expr_mut(&mut closure.body);
            }),
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        self.scoped(|resolver| {
            match &mut arm.pat {
                Pat::Guard(guarded) => {
                    resolver.pattern(&mut guarded.pat, None, None);
                    resolver.visit_expr_mut(&mut guarded.guard);
                }
                pat => resolver.pattern(pat, None, None),
            }
            resolver.visit_expr_mut(&mut arm.body);
        });
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if self.free.is_some() {
            return self.free_in_macro(mac);
        }
        let read = arguments::takes(mac) || arguments::only_looks(mac);
        let changed = match read && self.shadows(mac) {
            true => arguments::rewritten(mac, |value| self.argument(value)),
            false => None,
        };
        mac.tokens = changed.unwrap_or_else(|| self.tokens(mac.tokens.clone()));
    }

    /// An item sees none of the variables around it.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Resolver {
    /// A bare name that is none of the variables.
    fn is_free(&self, called: &Expr) -> bool {
        matches!(called, Expr::Path(path) if path.qself.is_none()
            && path.path.get_ident().is_some_and(|ident| self.lookup(&ident.to_string()).is_none()))
    }

    /// Does something that is bound within the macro have a variable's name?
    fn shadows(&self, mac: &Macro) -> bool {
        struct Bound<'a>(&'a Resolver, bool);
        impl Visit<'_> for Bound<'_> {
            fn visit_pat_ident(&mut self, pat: &syn::PatIdent) {
                self.1 |= self.0.lookup(&pat.ident.to_string()).is_some();
                visit::visit_pat_ident(self, pat);
            }
        }
        let mut bound = Bound(self, false);
        let values = arguments::read(mac).map_or_else(|_| Vec::new(), |(values, _)| values);
        values.iter().for_each(|value| bound.visit_expr(value));
        bound.1
    }

    fn argument(&mut self, value: &mut Expr) {
        match value {
            Expr::Lit(_) => *value = Expr::Verbatim(self.tokens(value.to_token_stream())),
            value => self.visit_expr_mut(value),
        }
    }

    /// The free names among what a macro evaluates.
    fn free_in_macro(&mut self, mac: &Macro) {
        match captures::of_macro(mac) {
            Some(mut arguments) => {
                arguments.values.iter_mut().for_each(|value| self.visit_expr_mut(value));
                arguments.named.iter_mut().for_each(|named| self.rename(named, false));
            }
            None => self.free.iter_mut().for_each(|free| free.others = true),
        }
    }

    fn struct_literal(&mut self, literal: &mut syn::ExprStruct) {
        for field in &mut literal.fields {
            match &mut field.expr {
                Expr::Path(path) if field.colon_token.is_none() => {
                    let mut ident = path.path.segments[0].ident.clone();
                    self.rename(&mut ident, true);
                    path.path.segments[0].ident = ident;
                }
                expr => self.visit_expr_mut(expr),
            }
        }
        if let Some(rest) = &mut literal.rest {
            self.visit_expr_mut(rest);
        }
    }
}
