//! A body that differs, made small: parts are left out while both sides compile and still differ. In the same way one that
//! only our side refuses, as long as it is refused in the same words.
//!
//! Works on the syntax of the body, whatever wrote it. Each round compiles many candidates at once, each one step smaller,
//! then what worked together, and goes on with the smallest that still differs.

use std::io;
use std::time::Duration;

use proc_macro2::Group;
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, File, Macro, Stmt, parse_quote};

use super::compile::{Failure, check, compile};
use super::execute::execute;
use super::report::Report;
use super::scratch::{Scratch, formatted};
use crate::generate::Body;

/// How many candidates are compiled at once.
const CANDIDATES: usize = 120;

/// A candidate that takes longer is of no use.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many rounds there are at most.
const ROUNDS: usize = 12;

/// A candidate that still differs.
struct Found {
    /// Which places were cut.
    sites: Vec<usize>,
    file: File,
    logs: String,
}

/// What a smaller body must still do.
pub(super) enum Fault<'a> {
    Differs,
    /// Only our side doesn't compile, and says this.
    Refused(&'a str),
}

/// The smallest body found that still has the fault, with its logs or the error.
pub(super) fn shrink(scratch: &Scratch, body: &Body, fault: &Fault<'_>) -> io::Result<String> {
    let Ok(mut smallest) = syn::parse_file(&body.source) else {
        return Ok("not syntax that can be taken apart".to_owned());
    };
    let mut logs = String::new();
    for _ in 0..ROUNDS {
        match step(scratch, &smallest, body, fault)? {
            Some(found) => (smallest, logs) = (found.file, found.logs),
            None => break,
        }
    }
    Ok(format!("{}// run as: {}\n{logs}", formatted(&smallest.to_token_stream().to_string()), body.call))
}

/// One round: every single cut is tried, then those that worked together, all, halves, quarters.
fn step(scratch: &Scratch, file: &File, body: &Body, fault: &Fault<'_>) -> io::Result<Option<Found>> {
    let sites: Vec<Vec<usize>> = (0..count_sites(file)).map(|site| vec![site]).collect();
    let mut found = Vec::new();
    for some in sites.chunks(CANDIDATES) {
        found.extend(still_faulty(scratch, file, some, body, fault)?);
    }
    let worked: Vec<usize> = found.iter().flat_map(|found| found.sites.clone()).collect();
    let mut together = Vec::new();
    let mut share = worked.len();
    while share > 1 {
        together.extend(worked.chunks(share).map(<[usize]>::to_vec));
        share = share.div_ceil(2);
        if share == 2 {
            break;
        }
    }
    together.truncate(CANDIDATES);
    found.extend(still_faulty(scratch, file, &together, body, fault)?);
    Ok(found.into_iter().min_by_key(|found| length(&found.file)))
}

/// Those of the cuts after which the fault is still there.
fn still_faulty(
    scratch: &Scratch,
    file: &File,
    cuts: &[Vec<usize>],
    body: &Body,
    fault: &Fault<'_>,
) -> io::Result<Vec<Found>> {
    let candidate = |sites: &Vec<usize>| (sites.clone(), cut(file, sites));
    let shorter = |(_, candidate): &(Vec<usize>, File)| length(candidate) < length(file);
    let tried: Vec<(Vec<usize>, File)> = cuts.iter().map(candidate).filter(shorter).collect();
    if tried.is_empty() {
        return Ok(Vec::new());
    }
    let numbered = |(number, (_, file)): (usize, &(Vec<usize>, File))| Body {
        number: number as u64,
        source: file.to_token_stream().to_string(),
        call: body.call.clone(),
        bare: body.bare,
    };
    let bodies: Vec<Body> = tried.iter().enumerate().map(numbered).collect();
    if let Fault::Refused(message) = fault {
        return Ok(still_refused(&tried, &check(scratch, &bodies)?, message));
    }
    let compiled = compile(scratch, bodies)?;
    let mut report = Report::default();
    for (package, numbers) in compiled.packages {
        execute(&scratch.binary(&package), &numbers, PATIENCE, &mut report)?;
    }
    let found = |difference: super::Difference| {
        let (sites, file) = tried[difference.number as usize].clone();
        Found { sites, file, logs: difference.logs }
    };
    Ok(report.differences.into_iter().filter(|difference| !difference.ended).map(found).collect())
}

/// Those of the tried files that only our side refuses, in these words.
fn still_refused(tried: &[(Vec<usize>, File)], failures: &[Failure], message: &str) -> Vec<Found> {
    let of = |number: usize, ours: bool| {
        failures.iter().find(|failure| failure.number == number as u64 && failure.ours == ours)
    };
    let found = tried.iter().enumerate().filter_map(|(number, (sites, file))| {
        let refusal = of(number, true).filter(|refusal| refusal.message == message)?;
        let found = || Found { sites: sites.clone(), file: file.clone(), logs: refusal.rendered.clone() };
        of(number, false).is_none().then(found)
    });
    found.collect()
}

/// How long a file is.
fn length(file: &File) -> usize {
    file.to_token_stream().to_string().len()
}

/// How many steps there are from this file.
fn count_sites(file: &File) -> usize {
    let mut cutter = Cutter { countdown: usize::MAX };
    cutter.visit_file_mut(&mut file.clone());
    usize::MAX - cutter.countdown
}

/// The file with these steps taken, the last place first, since a cut renumbers only the places after it.
fn cut(file: &File, sites: &[usize]) -> File {
    let mut file = file.clone();
    let mut sites = sites.to_vec();
    sites.sort_unstable();
    for site in sites.into_iter().rev() {
        Cutter { countdown: site }.visit_file_mut(&mut file);
    }
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
    /// A child left out; the body itself comes last.
    fn visit_file_mut(&mut self, file: &mut File) {
        for index in 0..file.items.len().saturating_sub(1) {
            if self.here() {
                file.items.remove(index);
                return;
            }
        }
        visit_mut::visit_file_mut(self, file);
    }

    /// A statement left out, or replaced by those of the block that it is.
    fn visit_block_mut(&mut self, block: &mut Block) {
        for index in 0..block.stmts.len() {
            if bounds_a_loop(&block.stmts[index]) {
                continue;
            }
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
        for statement in block.stmts.iter_mut().filter(|statement| !bounds_a_loop(statement)) {
            self.visit_stmt_mut(statement);
        }
    }

    /// What stands in a macro that is read as an expression, or as a block after its head.
    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if let Ok(mut operand) = mac.parse_body::<Expr>() {
            self.visit_expr_mut(&mut operand);
            mac.tokens = operand.to_token_stream();
        } else if let Ok((head, stmts)) = mac.parse_body_with(headed) {
            let mut block = Block { brace_token: Default::default(), stmts };
            self.visit_block_mut(&mut block);
            let stmts = block.stmts;
            mac.tokens = quote!(#head #(#stmts)*);
        }
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

/// The head and the statements of a `generator!`.
fn headed(input: ParseStream<'_>) -> syn::Result<(Group, Vec<Stmt>)> {
    Ok((input.parse()?, Block::parse_within(input)?))
}

/// Whether the statement is what ends a loop when there is no fuel: without it candidates would hang.
fn bounds_a_loop(statement: &Stmt) -> bool {
    statement.to_token_stream().to_string().starts_with("if ! fuel ()")
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
        Expr::Binary(binary) if binary.left.to_token_stream().to_string() == "fuel ()" => {
            return vec![(*binary.left).clone()];
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
        let block = choice.then_branch.clone();
        parts.push(Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block }));
    }
    if !matches!(expr, Expr::Lit(_) | Expr::Path(_)) {
        parts.push(parse_quote!(1));
        let guard: Expr = parse_quote!(guard(1));
        if *expr != guard {
            parts.push(guard);
        }
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
