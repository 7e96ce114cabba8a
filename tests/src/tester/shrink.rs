//! A body that differs, made small: parts are left out while both sides compile and still differ.
//!
//! Works on the syntax of the body, whatever wrote it. Each round compiles many candidates at once, each one step smaller,
//! and goes on with the smallest that still differs.

use std::io;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, File, Item, Stmt, parse_quote};

use super::compile::compile;
use super::execute::execute;
use super::report::Report;
use super::scratch::{Scratch, formatted};
use crate::generate::Body;

/// How many candidates are compiled in one round.
const CANDIDATES: usize = 120;

/// How many rounds there are at most.
const ROUNDS: usize = 40;

/// The smallest body found that still differs, with its logs.
pub(super) fn shrink(scratch: &Scratch, body: &Body) -> io::Result<String> {
    let Ok(mut smallest) = syn::parse_file(&body.ours) else {
        return Ok("not syntax that can be taken apart".to_owned());
    };
    let mut logs = String::new();
    let mut offset = 0;
    for _ in 0..ROUNDS {
        let sites = count_sites(&smallest);
        let tried: Vec<File> =
            (0..sites.min(CANDIDATES)).map(|step| cut(&smallest, (offset + step) % sites)).collect();
        let tried: Vec<File> = tried.into_iter().filter(|file| length(file) < length(&smallest)).collect();
        match still_differing(scratch, &tried, &body.call)? {
            Some((file, found)) => {
                (smallest, logs) = (file, found);
                offset = 0;
            }
            None if offset + CANDIDATES >= sites => break,
            None => offset += CANDIDATES,
        }
    }
    Ok(format!("{}// run as: {}\n{logs}", formatted(&smallest.to_token_stream().to_string()), body.call))
}

/// The smallest of the candidates that still differ, with its logs.
fn still_differing(scratch: &Scratch, tried: &[File], call: &str) -> io::Result<Option<(File, String)>> {
    let bodies =
        tried.iter().enumerate().map(|(number, file)| both_sides(number as u64, file, call)).collect();
    let compiled = compile(scratch, bodies)?;
    let mut report = Report::default();
    for (package, numbers) in compiled.packages {
        execute(&scratch.binary(&package), &numbers, &mut report)?;
    }
    let size = |number: u64| length(&tried[number as usize]);
    let smallest = report.differences.into_iter().min_by_key(|difference| size(difference.number));
    Ok(smallest.map(|difference| (tried[difference.number as usize].clone(), difference.logs)))
}

/// How long a file is.
fn length(file: &File) -> usize {
    file.to_token_stream().to_string().len()
}

/// A candidate as a body: the oracle's side is the same without the attribute, and `async`.
fn both_sides(number: u64, file: &File, call: &str) -> Body {
    let mut oracle = file.clone();
    for item in &mut oracle.items {
        if let Item::Fn(function) = item {
            function.attrs.clear();
            function.sig.asyncness = Some(Default::default());
        }
    }
    let text = |file: &File| file.to_token_stream().to_string();
    Body { number, ours: text(file), oracle: text(&oracle), call: call.to_owned() }
}

/// How many steps there are from this file.
fn count_sites(file: &File) -> usize {
    let mut cutter = Cutter { countdown: usize::MAX };
    cutter.visit_file_mut(&mut file.clone());
    usize::MAX - cutter.countdown
}

/// The file with one step taken.
fn cut(file: &File, site: usize) -> File {
    let mut file = file.clone();
    Cutter { countdown: site }.visit_file_mut(&mut file);
    file
}

/// Counts down the places where something can be left out, and takes the step at zero.
struct Cutter {
    countdown: usize,
}

impl Cutter {
    /// Whether this place is the one.
    fn here(&mut self) -> bool {
        let here = self.countdown == 0;
        self.countdown = self.countdown.wrapping_sub(1);
        here
    }
}

impl VisitMut for Cutter {
    /// A statement left out, or replaced by those of the block that it is.
    fn visit_block_mut(&mut self, block: &mut Block) {
        for index in 0..block.stmts.len() {
            if self.here() {
                block.stmts.remove(index);
                return;
            }
            let inner = match &block.stmts[index] {
                Stmt::Expr(expr, _) => inner_block(expr),
                _ => None,
            };
            if let Some(inner) = inner
                && self.here()
            {
                block.stmts.splice(index..=index, inner.stmts);
                return;
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    /// An expression replaced by one of its parts or by a constant.
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        for part in parts(expr) {
            if self.here() {
                *expr = part;
                return;
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// The block inside a statement.
fn inner_block(expr: &Expr) -> Option<Block> {
    match expr {
        Expr::Block(block) => Some(block.block.clone()),
        Expr::Loop(looped) => Some(looped.body.clone()),
        Expr::While(looped) => Some(looped.body.clone()),
        Expr::ForLoop(looped) => Some(looped.body.clone()),
        Expr::If(choice) => Some(choice.then_branch.clone()),
        _ => None,
    }
}

/// What an expression may become: its operands and branches, then a number, a guard, nothing.
fn parts(expr: &Expr) -> Vec<Expr> {
    let mut parts: Vec<Expr> = match expr {
        Expr::Call(call) => call.args.iter().cloned().collect(),
        Expr::MethodCall(call) => {
            std::iter::once((*call.receiver).clone()).chain(call.args.clone()).collect()
        }
        Expr::Binary(binary) => vec![(*binary.left).clone(), (*binary.right).clone()],
        Expr::Paren(paren) => vec![(*paren.expr).clone()],
        Expr::Try(tried) => vec![(*tried.expr).clone()],
        Expr::Match(choice) => choice.arms.iter().map(|arm| (*arm.body).clone()).collect(),
        Expr::If(choice) => choice.else_branch.iter().map(|(_, other)| (**other).clone()).collect(),
        Expr::Tuple(tuple) => tuple.elems.iter().cloned().collect(),
        Expr::Await(awaited) => awaited_operands(awaited),
        Expr::Macro(mac) => mac.mac.parse_body::<Expr>().into_iter().collect(),
        _ => Vec::new(),
    };
    if let Expr::If(choice) = expr {
        let block = &choice.then_branch;
        parts.push(parse_quote!(#block));
    }
    if !matches!(expr, Expr::Lit(_) | Expr::Path(_)) {
        parts.push(parse_quote!(1));
        let guard: Expr = parse_quote!(guard(1));
        if *expr != guard {
            parts.push(guard);
        }
        parts.push(parse_quote!(yield_!(1)));
    }
    parts
}

/// The operands of the call that is awaited.
fn awaited_operands(awaited: &syn::ExprAwait) -> Vec<Expr> {
    match &*awaited.base {
        Expr::Call(call) => call.args.iter().cloned().collect(),
        _ => Vec::new(),
    }
}
