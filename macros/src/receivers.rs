//! Which receivers a method consumes: without types, by the conventions for its name.

use proc_macro2::Span;
use syn::{Expr, parse_quote_spanned};

use crate::input::mixed;
use crate::walk;

/// Methods of std's iterators, options and results that take `self` by value, as do all others of these names.
const ADAPTORS: &[&str] = &[
    "ok_or",
    "ok_or_else",
    "map_err",
    "map_or",
    "map_or_else",
    "and_then",
    "or_else",
    "filter_map",
    "flat_map",
    "take_while",
    "skip_while",
    "map_while",
    "step_by",
    "enumerate",
    "peekable",
    "cloned",
    "copied",
    "collect",
    "fuse",
    "cycle",
    "unzip",
    "transpose",
    "then_some",
    "into",
    "try_into",
];

/// Those that another type may well have with a `&self`.
const ADAPTORS_OF_ITERATORS: &[&str] = &[
    "ok",
    "err",
    "map",
    "filter",
    "flatten",
    "chain",
    "zip",
    "rev",
    "skip",
    "fold",
    "sum",
    "product",
    "count",
    "last",
    "min",
    "max",
    "inspect",
    "scan",
    "partition",
    "then",
];

/// Those among them that options and results have. What was waited for is taken for one of these: rustc is [asked](crate::made).
const ADAPTORS_OF_RESULTS: &[&str] = &["ok", "err", "map", "filter", "flatten", "zip", "inspect"];

/// Methods that nobody would write with a `self` by value, and how others of that kind begin; what ends in `_mut` looks too (RFC 344).
const LOOKING: &[&str] = &[
    "len",
    "iter",
    "iter_mut",
    "clone",
    "next",
    "push",
    "pop",
    "peek",
    "insert",
    "remove",
    "entry",
    "extend",
    "append",
    "drain",
    "clear",
    "truncate",
    "retain",
    "swap",
    "windows",
    "chunks",
    "flush",
    "recv",
    "get",
    "set",
    "eq",
    "ne",
    "cmp",
    "partial_cmp",
    "parse",
    "find",
    "contains",
    "chars",
    "bytes",
    "lines",
    "keys",
    "values",
    "first",
    "id",
    "name",
    "path",
];
const LOOKING_PREFIXES: &[&str] = &[
    "as_",
    "is_",
    "has_",
    "to_",
    "get_",
    "set_",
    "eq_",
    "contains_",
    "starts_",
    "ends_",
    "trim",
    "split",
    "read",
    "write",
    "poll",
    "lock",
    "try_lock",
    "borrow",
];

/// Methods that give a guard: what is called on one may only look through it.
const GUARDS: &[&str] =
    &["lock", "borrow", "borrow_mut", "read", "write", "try_lock", "try_borrow", "try_borrow_mut"];

/// Does a method of this name take its receiver by value, by Rust's own conventions?
pub(crate) fn consumes(call: &syn::ExprMethodCall) -> bool {
    let method = call.method.to_string();
    matches!(&*method, "into" | "try_into") || method.starts_with("into_") || unwraps(call)
}

/// The methods of an `Option` or a `Result` that take it. Those of other types may look, as `parser.expect(token)` does: rustc is
/// [asked](crate::whole).
pub(crate) fn unwraps(call: &syn::ExprMethodCall) -> bool {
    let method = call.method.to_string();
    let is_text = |arg: &Expr| match arg {
        Expr::Lit(literal) => matches!(literal.lit, syn::Lit::Str(_)),
        Expr::Path(_) | Expr::Reference(_) | Expr::Macro(_) => true,
        _ => false,
    };
    match &*method {
        "expect" | "expect_err" => call.args.iter().all(is_text),
        method => UNWRAPPING.contains(&method),
    }
}

/// Does this unwrap something that was just made, which isn't plain to see to be an `Option` or a `Result`?
pub(crate) fn unwraps_made(call: &syn::ExprMethodCall) -> bool {
    unwraps(call) && is_made(&call.receiver) && !is_adapted(&call.receiver) && !gives_guard(&call.receiver)
}

/// The value, if rustc finds it to be an `Option` or a `Result`.
pub(crate) fn unwrapped(value: &Expr, span: Span) -> Expr {
    parse_quote_spanned!(mixed().located_at(span)=> ::segue::machine::unwrapped(#value))
}

fn is_unwrapped(path: &syn::Path) -> bool {
    let words = path.segments.iter().map(|segment| &segment.ident);
    path.leading_colon.is_some() && words.eq(["segue", "machine", "unwrapped"])
}

/// Is what was waited for taken for an `Option` or a `Result` by this?
pub(crate) fn unwraps_awaited(call: &syn::ExprMethodCall) -> bool {
    unwraps(call) || ADAPTORS_OF_RESULTS.iter().any(|name| call.method == name)
}

/// Is it neither a place nor a reference?
fn is_made(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_made(&inner.expr),
        Expr::Reference(_) => false,
        expr => !walk::is_place(expr),
    }
}

const UNWRAPPING: &[&str] =
    &["unwrap", "unwrap_err", "unwrap_or", "unwrap_or_default", "unwrap_or_else", "unwrap_unchecked"];

/// Does a method of this name leave its receiver alone, by all conventions?
pub(crate) fn only_looks(method: &syn::Ident) -> bool {
    let method = method.to_string();
    LOOKING.contains(&&*method)
        || method.ends_with("_mut")
        || LOOKING_PREFIXES.iter().any(|prefix| method.starts_with(prefix))
}

/// Does a method of this name give no more than a reference, if it borrows at all?
pub(crate) fn gives_no_guard(method: &syn::Ident) -> bool {
    only_looks(method) && method != "drain" && GUARDS.iter().all(|guard| method != guard)
}

/// Does this call take a receiver that was just made? Then nothing of it is left to be dropped.
///
/// A method by the name of an iterator's is one where the receiver is plain to see to be an iterator, an option or a result: one of
/// another type may only look at it.
pub(crate) fn takes_temporary(call: &syn::ExprMethodCall) -> bool {
    let adapts = consumes(call) || adapts(call);
    let poisoned = matches!(&*call.receiver, Expr::MethodCall(inner) if is_guard(inner)) && consumes(call);
    adapts && (poisoned || !gives_guard(&call.receiver))
}

fn adapts(call: &syn::ExprMethodCall) -> bool {
    let method = call.method.to_string();
    ADAPTORS.contains(&&*method)
        || (ADAPTORS_OF_ITERATORS.contains(&&*method) && is_adapted(&call.receiver))
        || (ADAPTORS_OF_RESULTS.contains(&&*method) && is_awaited(&call.receiver))
}

/// Is this an iterator, an option or a result, by the names of std?
fn is_adapted(receiver: &Expr) -> bool {
    match receiver {
        Expr::MethodCall(call) => {
            let method = call.method.to_string();
            ADAPTED.contains(&&*method)
                || ADAPTED_PREFIXES.iter().any(|prefix| method.starts_with(prefix))
                || adapts(call)
        }
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if is_unwrapped(&path.path) => true,
            Expr::Path(path) => {
                let mut words = path.path.segments.iter().map(|segment| segment.ident.to_string());
                words.clone().any(|word| word == "iter")
                    || words.next_back().is_some_and(|word| matches!(&*word, "Some" | "Ok" | "Err"))
            }
            _ => false,
        },
        Expr::Path(path) => path.path.is_ident("None"),
        Expr::Range(_) | Expr::Binary(_) | Expr::Unary(_) | Expr::Lit(_) => true,
        Expr::Paren(inner) => is_adapted(&inner.expr),
        Expr::Group(inner) => is_adapted(&inner.expr),
        _ => false,
    }
}

/// What was waited for, or a `?` has taken out of something, is a result more often than not.
fn is_awaited(expr: &Expr) -> bool {
    match expr {
        Expr::Await(_) | Expr::Yield(_) | Expr::Try(_) => true,
        Expr::Paren(inner) => is_awaited(&inner.expr),
        Expr::Group(inner) => is_awaited(&inner.expr),
        _ => false,
    }
}

/// Methods of std's types that give an iterator, an option, a result or a `bool`.
const ADAPTED: &[&str] = &[
    "iter",
    "iter_mut",
    "into_iter",
    "chars",
    "char_indices",
    "bytes",
    "lines",
    "windows",
    "chunks",
    "keys",
    "values",
    "values_mut",
    "drain",
    "get",
    "get_mut",
    "first",
    "last",
    "next",
    "next_back",
    "pop",
    "peek",
    "find",
    "position",
    "parse",
    "as_ref",
    "as_mut",
    "as_deref",
    "as_deref_mut",
    "contains",
    "cmp",
    "partial_cmp",
];
const ADAPTED_PREFIXES: &[&str] = &[
    "into_keys",
    "into_values",
    "split",
    "rsplit",
    "strip_",
    "checked_",
    "is_",
    "has_",
    "starts_",
    "ends_",
    "try_into",
];

fn is_guard(call: &syn::ExprMethodCall) -> bool {
    GUARDS.contains(&&*call.method.to_string())
}

fn gives_guard(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => is_guard(call) || (consumes(call) && gives_guard(&call.receiver)),
        Expr::Try(question) => gives_guard(&question.expr),
        Expr::Await(awaited) => gives_guard(&awaited.base),
        Expr::Paren(inner) => gives_guard(&inner.expr),
        _ => false,
    }
}

/// `{x}.method()` says that `x` is moved into the call.
pub(crate) fn says_consumed(receiver: &Expr) -> bool {
    match receiver {
        Expr::Block(block) => matches!(&block.block.stmts[..], [syn::Stmt::Expr(Expr::Path(_), None)]),
        _ => false,
    }
}
