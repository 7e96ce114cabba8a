//! The attribute macro of segue. Depend on `segue`, which re-exports it and documents it.
//!
//! `pipeline` is the table of contents: it names every pass in order.
#![forbid(unsafe_code)]

mod apart;
mod arguments;
mod awaiting;
mod beside;
mod block;
mod borrows;
mod branches;
mod captures;
mod capturing;
mod chains;
mod codegen;
mod configured;
mod constants;
mod coverage;
mod destructured;
mod edition;
mod elided;
mod error;
mod exits;
#[cfg(test)]
mod feed_tests;
mod flow;
mod fold;
mod following;
mod frames;
#[cfg(test)]
mod goldens;
mod groups;
mod in_place;
mod input;
mod items;
mod jumps;
mod large;
mod layout;
mod leaving;
mod lend;
mod let_go;
#[cfg(test)]
mod loan_tests;
mod loans;
mod locals;
mod loops;
mod lower;
mod made;
mod names;
mod normalise;
mod operands;
mod parted;
mod pinning;
mod pipeline;
mod places;
mod pretty;
mod proof;
mod recall;
mod receivers;
mod recursion;
mod refusal;
mod resolve;
mod rests;
#[cfg(test)]
mod robust_tests;
mod segments;
mod shadows;
mod shorten;
mod spent;
mod std_macros;
mod suspension;
mod tree;
mod types;
mod unsafety;
mod used;
mod walk;
mod whole;

use proc_macro::TokenStream;

/// Lowers a function to a coroutine: see `segue::coroutine`.
#[proc_macro_attribute]
pub fn coroutine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::expand(arguments.into(), item.into()).into()
}

/// A coroutine from a block: see `segue::generator`.
#[proc_macro]
pub fn generator(block: TokenStream) -> TokenStream {
    pipeline::expand_block(block.into()).into()
}

/// Suspends a coroutine: see `segue::yield_`.
#[proc_macro]
pub fn yield_(operand: TokenStream) -> TokenStream {
    error::misplaced("yield_!", operand.into()).into()
}

/// Delegates to another coroutine: see `segue::yield_from`.
#[proc_macro]
pub fn yield_from(operand: TokenStream) -> TokenStream {
    error::misplaced("yield_from!", operand.into()).into()
}

/// Goes through a stream: see `segue::for_await`.
#[proc_macro]
pub fn for_await(_: TokenStream) -> TokenStream {
    error::misplaced_loop().into()
}

/// Awaits all: see `segue::join`.
#[proc_macro]
pub fn join(futures: TokenStream) -> TokenStream {
    awaiting::expand("join", futures.into()).into()
}

/// Awaits all, or the first error: see `segue::try_join`.
#[proc_macro]
pub fn try_join(futures: TokenStream) -> TokenStream {
    awaiting::expand("try_join", futures.into()).into()
}

/// Awaits the first of some: see `segue::select`.
#[proc_macro]
pub fn select(branches: TokenStream) -> TokenStream {
    awaiting::expand("select", branches.into()).into()
}
