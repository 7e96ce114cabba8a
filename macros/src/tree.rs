//! A function whose suspensions are statements of their own.
//!
//! `normalise` makes it: every construct that suspends is written out here, whatever doesn't stays
//! as the user wrote it.
//!
//! ```text
//! Node  = plain STATEMENT | let VAR = EXPR | return EXPR
//!       | let PAT = yield EXPR | let PAT = yield from EXPR | let PAT = await EXPR
//!       | { Node* } | if EXPR { Node* } else { Node* } | match EXPR { (PAT => { Node* })* }
//!       | let PAT = EXPR else { Node* } | loop { Node* } | break LOOP | continue LOOP
//! ```

use std::fmt;

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Attribute, Expr, Ident, Pat, Stmt, Type};

use crate::suspension::{At, Wait};

/// A loop or a labelled block that suspends, or that is left from one that does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct LoopId(pub(crate) usize);

impl LoopId {
    /// The label that jumps to it carry while the passes run.
    pub(crate) fn label(self) -> String {
        format!("'segue_loop{}", self.0)
    }

    pub(crate) fn of(label: &syn::Lifetime) -> Option<LoopId> {
        label.ident.to_string().strip_prefix("segue_loop")?.parse().ok().map(LoopId)
    }
}

/// Where the value of an expression goes.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there are few, and short-lived")]
pub(crate) enum Dest {
    Ignore,
    Return,
    Var { var: Ident, mutable: bool, ty: Option<Type> },
}

impl Dest {
    pub(crate) fn is_var(&self) -> bool {
        matches!(self, Dest::Var { .. })
    }

    /// The variable, if the value goes to one.
    pub(crate) fn var(&self) -> Option<Ident> {
        match self {
            Dest::Var { var, .. } => Some(var.clone()),
            _ => None,
        }
    }
}

pub(crate) enum Node {
    /// A statement that doesn't suspend.
    Plain(Stmt),
    /// Gives a construct's value to the variable that waits for it.
    Assign(Assign),
    /// Drops a variable where its scope isn't left yet, if it is still there.
    End(Ident),
    Return(Expr),
    Suspend(Suspend),
    /// A block; with a `label`, `break` leaves it. With a `result`, its value has gone to a variable.
    Scope {
        body: Vec<Node>,
        label: Option<LoopId>,
        result: Option<Ident>,
        unsafety: Option<Unsafe>,
    },
    If {
        cond: Expr,
        then: Vec<Node>,
        otherwise: Vec<Node>,
        meets: Meets,
    },
    Match {
        scrutinee: Expr,
        arms: Vec<Branch>,
        meets: Meets,
    },
    LetElse {
        pat: Pat,
        value: Expr,
        diverge: Vec<Node>,
    },
    Loop {
        id: LoopId,
        body: Vec<Node>,
    },
    Break(LoopId),
    Continue(LoopId),
}

impl Node {
    /// The variable that the node's value goes to.
    pub(crate) fn binds(&self) -> Option<&Ident> {
        match self {
            Node::Assign(assign) => Some(&assign.var),
            Node::Scope { result, .. } => result.as_ref(),
            Node::If { meets, .. } | Node::Match { meets, .. } => meets.result.as_ref(),
            _ => None,
        }
    }
}

/// How the branches of a construct meet again.
#[derive(Clone)]
pub(crate) struct Meets {
    /// The variable that has their value.
    pub(crate) result: Option<Ident>,
    /// One of them may move a variable that lives on otherwise: they meet in a segment of their own,
    /// so that it is known which of them was taken.
    pub(crate) apart: bool,
}

/// An `unsafe` block of the user's, by its word and its braces: what is wrong with it is told there.
#[derive(Clone, Copy)]
pub(crate) struct Unsafe {
    pub(crate) word: syn::Token![unsafe],
    pub(crate) braces: Span,
}

/// `let var: ty = value;`
#[derive(Clone)]
pub(crate) struct Assign {
    pub(crate) var: Ident,
    pub(crate) mutable: bool,
    pub(crate) ty: Option<Type>,
    pub(crate) value: Expr,
}

/// `let into = <suspension>;`
#[derive(Clone)]
pub(crate) struct Suspend {
    pub(crate) wait: Wait,
    pub(crate) operand: Option<Expr>,
    pub(crate) into: Option<Pat>,
    pub(crate) at: At,
    /// The variable for what the operand makes on the way, if that stays in the future and ends with it.
    pub(crate) lingers: Option<Ident>,
    /// Nothing is waited for: the operand is a statement of the user's, put into a block of its own.
    pub(crate) ready: bool,
    /// The `?` behind it, where that is no statement of its own.
    pub(crate) question: Option<syn::Token![?]>,
}

/// An arm of a `match`.
pub(crate) struct Branch {
    pub(crate) attrs: Vec<Attribute>,
    /// With its guard.
    pub(crate) pat: Pat,
    pub(crate) body: Vec<Node>,
    /// The user's own braces, where rustc suggests to put what is missing.
    pub(crate) braces: Span,
}

/// The whole body.
pub(crate) struct Body {
    pub(crate) nodes: Vec<Node>,
    /// Where the value of a `break` goes, by [`LoopId`].
    pub(crate) results: Vec<Dest>,
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_nodes(f, &self.nodes, 0)
    }
}

fn line(f: &mut fmt::Formatter<'_>, depth: usize, text: fmt::Arguments<'_>) -> fmt::Result {
    writeln!(f, "{:indent$}{text}", "", indent = depth * 2)
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

fn write_nodes(f: &mut fmt::Formatter<'_>, nodes: &[Node], depth: usize) -> fmt::Result {
    nodes.iter().try_for_each(|node| write_node(f, node, depth))
}

fn write_block(f: &mut fmt::Formatter<'_>, head: &str, nodes: &[Node], depth: usize) -> fmt::Result {
    line(f, depth, format_args!("{head} {{"))?;
    write_nodes(f, nodes, depth + 1)?;
    line(f, depth, format_args!("}}"))
}

fn write_node(f: &mut fmt::Formatter<'_>, node: &Node, depth: usize) -> fmt::Result {
    match node {
        Node::Plain(stmt) => line(f, depth, format_args!("plain {}", text(stmt))),
        Node::Assign(assign) => line(f, depth, format_args!("let {} = {}", assign.var, text(&assign.value))),
        Node::End(var) => line(f, depth, format_args!("end {var}")),
        Node::Return(value) => line(f, depth, format_args!("return {}", text(value))),
        Node::Suspend(suspend) => {
            let into = suspend.into.as_ref().map_or("_".to_owned(), text);
            let wait = match suspend.wait {
                Wait::Yield => "yield",
                Wait::YieldFrom => "yield from",
                Wait::Call => "call itself",
                Wait::Await => "await",
                Wait::Item => "await item of",
            };
            line(
                f,
                depth,
                format_args!(
                    "let {into} = {wait} {}",
                    suspend.operand.as_ref().map_or("()".to_owned(), text)
                ),
            )
        }
        Node::Scope { body, label, unsafety, .. } => {
            let label = label.map(LoopId::label);
            let head = label.or(unsafety.map(|_| "unsafe".to_owned()));
            write_block(f, &head.unwrap_or_default(), body, depth)
        }
        Node::If { cond, then, otherwise, .. } => {
            write_block(f, &format!("if {}", text(cond)), then, depth)?;
            write_block(f, "else", otherwise, depth)
        }
        Node::Match { scrutinee, arms, .. } => {
            line(f, depth, format_args!("match {} {{", text(scrutinee)))?;
            for arm in arms {
                write_block(f, &format!("{} =>", text(&arm.pat)), &arm.body, depth + 1)?;
            }
            line(f, depth, format_args!("}}"))
        }
        Node::LetElse { pat, value, diverge } => {
            write_block(f, &format!("let {} = {} else", text(pat), text(value)), diverge, depth)
        }
        Node::Loop { id, body } => write_block(f, &format!("{}: loop", id.label()), body, depth),
        Node::Break(id) => line(f, depth, format_args!("break {}", id.label())),
        Node::Continue(id) => line(f, depth, format_args!("continue {}", id.label())),
    }
}
