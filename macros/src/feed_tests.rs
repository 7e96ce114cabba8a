//! Every function of every crate at hand goes through the macro, as it is and spoilt.
//!
//! An `async fn` is lowered as it stands. Every function is made a generator, and a task, with suspensions put between its
//! statements and around its expressions; each also with tokens left out, repeated or swapped. What comes out must parse, and
//! nothing may panic or take for ever. It takes a while, so it isn't one of the usual tests:
//!
//! `cargo test --release -p segue-macros feed -- --ignored --nocapture`
//!
//! `SEGUE_FEED` is the folder (the local registry's sources), `SEGUE_FEED_SEED` how it is spoilt (1), and of the functions that
//! aren't `async` one in `SEGUE_FEED_ONE_IN` is taken (1).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, panic, process, thread};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, ItemFn, Stmt, parse_quote};

use crate::pipeline;
use crate::robust_tests::{
    Functions, Random, STACK, Suspender, mutated, number, problem, registry, shrunk, sources,
};

/// No function takes that long; the slowest of a run is told.
const LIMIT: Duration = Duration::from_secs(60);
/// How many causes of refusal are told.
const CAUSES: usize = 40;

#[test]
#[ignore = "reads every crate at hand"]
fn feed() {
    let watched = Arc::new(Mutex::new(None));
    let watch = watched.clone();
    thread::spawn(move || watch_over(&watch));
    let run = move || {
        let folder = env::var_os("SEGUE_FEED").map(PathBuf::from).or_else(registry);
        let mut files = Vec::new();
        sources(&folder.expect("SEGUE_FEED names a folder"), &mut files);
        let random = Random(number("SEGUE_FEED_SEED", 1));
        let one_in = number("SEGUE_FEED_ONE_IN", 1) as usize;
        let mut feed = Feed { random, one_in, watched, report: Report::default() };
        for file in files {
            let Ok(text) = fs::read_to_string(&file) else { continue };
            let Ok(file) = syn::parse_file(&text) else { continue };
            let mut found = Functions(Vec::new());
            found.visit_file(&file);
            feed.report.files += 1;
            found.0.iter().for_each(|function| feed.function(function));
        }
        feed.report.finish();
    };
    let worker = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread starts");
    if let Err(reason) = worker.join() {
        panic::resume_unwind(reason);
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

struct Feed {
    random: Random,
    one_in: usize,
    watched: Watched,
    report: Report,
}

impl Feed {
    fn function(&mut self, text: &str) {
        let Ok(function) = syn::parse_str::<ItemFn>(text) else { return };
        if function.sig.asyncness.is_none() && !self.random.one_in(self.one_in) {
            return;
        }
        self.report.functions += 1;
        if function.sig.asyncness.is_some() {
            self.report.asyncs += 1;
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

    fn one(&mut self, arguments: &TokenStream, item: &TokenStream, how: &'static str) {
        let text = format!("#[segue::coroutine({arguments})]\n{item}");
        let start = Instant::now();
        self.watch(Some((start, text.clone())));
        let found = problem(arguments, item);
        self.watch(None);
        let took = start.elapsed();
        if took > self.report.slowest.0 {
            self.report.slowest = (took, text);
        }
        let tally = self.report.tallies.entry(how).or_default();
        match found {
            Ok(true) => tally.lowered += 1,
            Ok(false) => {
                tally.refused += 1;
                *tally.causes.entry(cause(pipeline::expand(arguments.clone(), item.clone()))).or_default() +=
                    1;
            }
            Err(what) => self.report.problem(what, arguments, item),
        }
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
    fn problem(&mut self, what: String, arguments: &TokenStream, item: &TokenStream) {
        if let Some((_, count)) = self.problems.get_mut(&what) {
            *count += 1;
            return;
        }
        let same = |item: &TokenStream| problem(arguments, item).is_err_and(|other| other == what);
        let smallest = format!("#[segue::coroutine({arguments})]\n{}", shrunk(item.clone(), &same));
        println!("{what}\n{smallest}");
        self.problems.insert(what, (smallest, 1));
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
