//! Every function of every crate at hand goes through the macro, as it is and spoilt.
//!
//! An `async fn` is lowered as it stands. Every function is made a generator, and a task, with suspensions put between its
//! statements and around its expressions; each also with tokens left out, repeated or swapped. What comes out must parse, and
//! nothing may panic or take for ever. It takes a while, so it isn't one of the usual tests; every core takes part:
//!
//! `cargo test --release -p segue-macros feed -- --ignored --nocapture`
//!
//! `SEGUE_FEED` is the folder (the local registry's sources), `SEGUE_FEED_SEED` how it is spoilt (1), and of the functions that
//! aren't `async` one in `SEGUE_FEED_ONE_IN` is taken (1).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{env, fs, panic, process, thread};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, ItemFn, Stmt, parse_quote};

use crate::robust_tests::{
    Functions, Outcome, Random, STACK, Suspender, mutated, number, outcome, registry, shrunk, sources,
};

/// No function takes that long; the slowest of a run is told.
const LIMIT: Duration = Duration::from_secs(60);
/// How many causes of refusal are told.
const CAUSES: usize = 40;
/// After how many files it is told how far it has come.
const FILES: usize = 1000;

#[test]
#[ignore = "reads every crate at hand"]
fn feed() {
    let folder = env::var_os("SEGUE_FEED").map(PathBuf::from).or_else(registry);
    let mut files = Vec::new();
    sources(&folder.expect("SEGUE_FEED names a folder"), &mut files);
    let work = Arc::new(Work { files, next: AtomicUsize::new(0), report: Mutex::default() });
    let workers: Vec<_> = (0..thread::available_parallelism().map_or(1, usize::from))
        .map(|_| {
            let (work, watched) = (work.clone(), Watched::default());
            let watch = watched.clone();
            thread::spawn(move || watch_over(&watch));
            let run = move || work.every_file(&watched);
            thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread starts")
        })
        .collect();
    for worker in workers {
        worker.join().unwrap_or_else(|reason| panic::resume_unwind(reason));
    }
    let work = Arc::into_inner(work).expect("no worker is left");
    work.report.into_inner().expect("no worker panicked").finish();
}

/// What the workers share.
struct Work {
    files: Vec<PathBuf>,
    next: AtomicUsize,
    report: Mutex<Report>,
}

impl Work {
    /// Takes files until none is left.
    fn every_file(&self, watched: &Watched) {
        let seed = number("SEGUE_FEED_SEED", 1);
        let one_in = number("SEGUE_FEED_ONE_IN", 1) as usize;
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = self.files.get(at) else { return };
            if at.is_multiple_of(FILES) {
                println!("{at} of {} files", self.files.len());
            }
            // Of each file its own, so that it doesn't matter who takes it.
            let random = Random(seed ^ (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            Feed { random, one_in, watched, report: &self.report }.file(file);
        }
    }
}

/// What is being lowered, and since when.
type Watched = Arc<Mutex<Option<(Instant, String)>>>;

/// Ends the program when a function takes for ever.
fn watch_over(watched: &Watched) {
    loop {
        thread::sleep(Duration::from_secs(1));
        let now = watched.lock().ok().and_then(|now| now.clone());
        if let Some((start, item)) = now
            && start.elapsed() > LIMIT
        {
            println!("after {LIMIT:?} it isn't lowered yet:\n{item}");
            process::exit(1);
        }
    }
}

struct Feed<'a> {
    random: Random,
    one_in: usize,
    watched: &'a Watched,
    report: &'a Mutex<Report>,
}

impl Feed<'_> {
    fn file(&mut self, file: &Path) {
        let Ok(text) = fs::read_to_string(file) else { return };
        let Ok(file) = syn::parse_file(&text) else { return };
        let mut found = Functions(Vec::new());
        found.visit_file(&file);
        self.report().files += 1;
        found.0.iter().for_each(|function| self.function(function));
    }

    fn function(&mut self, text: &str) {
        let Ok(function) = syn::parse_str::<ItemFn>(text) else { return };
        if function.sig.asyncness.is_none() && !self.random.one_in(self.one_in) {
            return;
        }
        self.report().functions += 1;
        if function.sig.asyncness.is_some() {
            self.report().asyncs += 1;
            self.both(quote!(), function.to_token_stream(), "an async fn");
        }
        for task in [false, true] {
            let mut function = function.clone();
            function.sig.asyncness = task.then(|| parse_quote!(async));
            // What can't be a coroutine at all isn't asked about each time.
            function.sig.constness = None;
            function.sig.safety = syn::Safety::Default;
            function.sig.abi = None;
            Between { random: &mut self.random, task }.visit_block_mut(&mut function.block);
            let item = function.to_token_stream();
            let arguments = if task { quote!() } else { quote!(yield = u32) };
            self.both(arguments.clone(), item, "between statements");
            Suspender { random: &mut self.random, task }.visit_block_mut(&mut function.block);
            self.both(arguments, function.to_token_stream(), "in expressions");
        }
    }

    /// As it is, and spoilt.
    fn both(&mut self, arguments: TokenStream, item: TokenStream, how: &'static str) {
        self.one(&arguments, &item, how);
        let mut spoilt = item;
        for _ in 0..=self.random.below(3) {
            spoilt = mutated(spoilt, &mut self.random);
        }
        self.one(&arguments, &spoilt, "spoilt");
    }

    fn one(&self, arguments: &TokenStream, item: &TokenStream, how: &'static str) {
        let text = format!("#[segue::coroutine({arguments})]\n{item}");
        let start = Instant::now();
        self.watch(Some((start, text.clone())));
        let found = outcome(arguments, item);
        self.watch(None);
        let took = start.elapsed();
        let problem = {
            let mut report = self.report();
            if took > report.slowest.0 {
                report.slowest = (took, text);
            }
            let tally = report.tallies.entry(how).or_default();
            match found {
                Ok(Outcome::Lowered) => return tally.lowered += 1,
                Ok(Outcome::Refused(expansion)) => {
                    tally.refused += 1;
                    return *tally.causes.entry(cause(expansion)).or_default() += 1;
                }
                Err(what) if report.problem_again(&what) => return,
                Err(what) => what,
            }
        };
        let same = |item: &TokenStream| outcome(arguments, item).is_err_and(|other| other == problem);
        let smallest = format!("#[segue::coroutine({arguments})]\n{}", shrunk(item.clone(), &same));
        println!("{problem}\n{smallest}");
        self.report().problems.insert(problem, (smallest, 1));
    }

    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().expect("nothing panics while it is locked")
    }

    fn watch(&self, what: Option<(Instant, String)>) {
        *self.watched.lock().expect("nothing panics while it is locked") = what;
    }
}

/// A suspension here and there between two statements.
struct Between<'a> {
    random: &'a mut Random,
    task: bool,
}

impl VisitMut for Between<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        for at in (0..=block.stmts.len()).rev() {
            // Behind the last one it would be the block's value that suspends.
            let tail = at == block.stmts.len() && matches!(block.stmts.last(), Some(Stmt::Expr(_, None)));
            if !tail && self.random.one_in(4) {
                let suspends: Stmt =
                    if self.task { parse_quote!(ready(0).await;) } else { parse_quote!(yield_!(0);) };
                block.stmts.insert(at, suspends);
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}
    fn visit_generic_argument_mut(&mut self, _: &mut syn::GenericArgument) {}
}

/// The first error's words, with all names made equal.
fn cause(expansion: TokenStream) -> String {
    let Some(message) = literal(expansion) else { return "what syn can't read".to_owned() };
    let parts = message.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { "_" } else { part }).collect::<Vec<_>>().join("`")
}

/// The message in `::core::compile_error! { "message" }`.
fn literal(tokens: TokenStream) -> Option<String> {
    let mut tokens = tokens.into_iter();
    let starts = ":: core :: compile_error !".replace(' ', "");
    let head: String = tokens.by_ref().take(7).map(|token| token.to_string()).collect();
    let message = match tokens.next() {
        Some(TokenTree::Group(group)) if head == starts => group.stream(),
        _ => return None,
    };
    syn::parse2::<syn::LitStr>(message).ok().map(|message| message.value())
}

/// What was found.
#[derive(Default)]
struct Report {
    files: usize,
    functions: usize,
    asyncs: usize,
    tallies: BTreeMap<&'static str, Tally>,
    /// What went wrong, with the smallest function that does so and how often.
    problems: BTreeMap<String, (String, usize)>,
    slowest: (Duration, String),
}

#[derive(Default)]
struct Tally {
    lowered: usize,
    refused: usize,
    causes: BTreeMap<String, usize>,
}

impl Report {
    /// Counts a problem that is known already.
    fn problem_again(&mut self, what: &str) -> bool {
        self.problems.get_mut(what).map(|(_, count)| *count += 1).is_some()
    }

    fn finish(self) {
        println!("{} files, {} functions, {} of them async", self.files, self.functions, self.asyncs);
        for (how, Tally { lowered, refused, causes }) in self.tallies {
            println!("\n{how}: {lowered} lowered, {refused} refused");
            let mut causes: Vec<_> = causes.into_iter().collect();
            causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            for (cause, count) in causes.into_iter().take(CAUSES) {
                println!("{count:>8} × {cause}");
            }
        }
        println!("\nthe slowest took {:?}", self.slowest.0);
        if self.slowest.0 > Duration::from_secs(1) {
            println!("{}", self.slowest.1);
        }
        let mut problems = String::new();
        for (what, (smallest, count)) in &self.problems {
            problems.push_str(&format!("\n{count} × {what}\n{smallest}\n"));
        }
        assert!(problems.is_empty(), "{} kinds of problem:\n{problems}", self.problems.len());
    }
}
