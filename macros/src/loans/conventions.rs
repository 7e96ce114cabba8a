//! What calls give by the names that they go by, for want of types.

use syn::{Expr, ExprCall, ExprMethodCall, Ident};

/// Does a function of futures of this name give what the futures have in it that aren't done?
pub(super) fn leaves_futures(call: &ExprCall) -> bool {
    called_name(call).is_some_and(|name| LEAVING.contains(&&*name))
}

const LEAVING: [&str; 4] = ["select", "try_select", "select_all", "select_ok"];

/// Does an awaited function of this name give what keeps what it is given? `Reader::new(&mut file).await` does.
pub(super) fn constructs(call: &ExprCall) -> bool {
    called_name(call).is_some_and(|name| name == "new" || name.starts_with("with_"))
}

/// Does an awaited call of this name give what borrows its receiver?
pub(super) fn gives_guard(call: &ExprMethodCall) -> bool {
    let name = call.method.to_string();
    match &*name {
        "read" | "write" | "get" | "peek" => call.args.is_empty(),
        name => !name.ends_with("_owned") && begins_as(name, &GUARDS),
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
pub(super) fn transfers(call: &ExprMethodCall) -> bool {
    let name = call.method.to_string();
    let name = name.strip_prefix("try_").unwrap_or(&name);
    let numbers = ["read_u", "read_i", "read_f", "write_u", "write_i", "write_f"];
    !call.args.is_empty() && (TRANSFERS.contains(&name) || begins_as(name, &numbers))
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
pub(super) fn makes(call: &ExprMethodCall) -> bool {
    is_among(&call.method, &["accept", "connect", "recv", "wait", "join"])
}

/// Does a method of this name keep its arguments in its receiver?
pub(super) fn stores(method: &Ident) -> bool {
    begins_as(
        &method.to_string(),
        &["push", "insert", "extend", "add", "set", "append", "register", "replace"],
    )
}

/// Does a method of this name give an iterator? That isn't a reference, so it is kept where it may have to be dropped.
pub(super) fn gives_iterator(method: &Ident) -> bool {
    is_among(method, &ITERATORS)
}

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

/// Has the value of a method of this name no borrow in it?
pub(super) fn gives_owned(method: &Ident) -> bool {
    let name = method.to_string();
    let owned = OWNED.contains(&&*name) || begins_as(&name, &OWNED_PREFIXES);
    owned && !BORROWED.contains(&&*name)
}

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

/// Those among the owned that give a borrow all the same.
const BORROWED: [&str; 4] = ["to_str", "to_string_lossy", "to_mut", "to_slice"];

/// Does a method of this name give what its receiver has in it, not borrows of it?
pub(super) fn gives_contents(method: &Ident) -> bool {
    is_among(method, &COPIES)
}

const COPIES: [&str; 6] = ["clone", "next", "next_back", "pop", "pop_front", "pop_back"];

/// Does a method of this name go through an iterator to its end, or call what it is given until it has something?
pub(super) fn uses_up_iterator(method: &Ident) -> bool {
    is_among(method, &CONSUMERS)
}

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

/// Does a method of this name call what it is given at once?
pub(super) fn calls_at_once(method: &Ident) -> bool {
    is_among(method, &CALLERS)
}

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

/// Has the value of a method of this name in it what its arguments borrow?
pub(super) fn keeps_arguments(method: &Ident) -> bool {
    begins_as(&method.to_string(), &KEEPERS)
}

/// How such names begin.
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

/// The last word of the path that is called.
pub(super) fn called_name(call: &ExprCall) -> Option<String> {
    let Expr::Path(path) = &*call.func else { return None };
    path.path.segments.last().map(|last| last.ident.to_string())
}

fn is_among(method: &Ident, names: &[&str]) -> bool {
    names.iter().any(|name| method == name)
}

fn begins_as(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}
