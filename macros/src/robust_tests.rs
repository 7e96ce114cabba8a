//! The macro never panics, and what it gives back always parses.
//!
//! Functions from this repository, and from the crates in the local registry if there are any, are given
//! suspensions at random places, mutated token by token, and lowered as a generator and as a task.
//! `SEGUE_ROBUST` is how many functions are taken (200), `SEGUE_ROBUST_SEED` which and how they are mutated (1):
//!
//! `SEGUE_ROBUST=20000 SEGUE_ROBUST_SEED=7 cargo test --release -p segue-macros robust -- --nocapture`

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ItemFn, Signature, parse_quote};

use crate::input::Instead;
use crate::{input, pipeline};

/// Enough for what rustc's own parser lets through.
pub(crate) const STACK: usize = 64 << 20;
/// Longer functions say little more, and take long.
const MAX_TOKENS: usize = 3000;
const MUTANTS: usize = 3;
/// What goes wrong still, and the smallest body that shows it; an entry goes when its mistake does.
const KNOWN: &[(&str, &str)] = &[];

#[test]
fn robust_against_whatever_is_written() {
    let run = || {
        let mut random = Random(number("SEGUE_ROBUST_SEED", 1));
        let functions = choose(number("SEGUE_ROBUST", 200) as usize, &mut random);
        assert!(!functions.is_empty(), "there is at least this repository");
        let mut report = Report::default();
        for function in functions {
            let function: ItemFn = match syn::parse_str(&function) {
                Ok(function) => function,
                Err(_) => continue,
            };
            try_one(function, &mut random, &mut report);
        }
        report.finish();
    };
    let worker = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread starts");
    if let Err(reason) = worker.join() {
        panic::resume_unwind(reason);
    }
}

#[test]
fn a_jump_out_of_nothing_is_left_to_rustc() {
    let expansion = pipeline::expand(
        quote!(yield = u32),
        quote!(
            fn leaves() {
                held({ break yield_!(1) });
            }
        ),
    );
    assert!(expansion.to_string().contains("break"), "{expansion}");
}

#[test]
fn a_macro_that_is_assigned_to_may_name_what_is_on_loan() {
    let expansion = pipeline::expand(
        quote!(yield = u32),
        quote!(
            fn first(mut list: Vec<u32>) {
                for one in &list {
                    yield_!(*one);
                }
                slot!(list) = 3;
                yield_!(list[0]);
            }
        ),
    );
    assert!(syn::parse2::<syn::File>(expansion.clone()).is_ok(), "{expansion}");
}

pub(crate) fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// xorshift: the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.max(1);
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// What was found.
#[derive(Default)]
struct Report {
    lowered: usize,
    refused: usize,
    known: usize,
    problems: Vec<String>,
    slowest: (Duration, String),
}

impl Report {
    fn finish(self) {
        let Report { lowered, refused, known, problems, slowest } = self;
        println!("{lowered} lowered, {refused} refused, {known} known; the slowest took {:?}", slowest.0);
        if slowest.0 > Duration::from_secs(2) {
            println!("{}", slowest.1);
        }
        let mut kinds = problems;
        kinds.sort();
        kinds.dedup_by(|one, other| one.lines().next() == other.lines().next());
        assert!(kinds.is_empty(), "{} kinds of problem:\n\n{}", kinds.len(), kinds.join("\n\n"));
    }
}

/// A function with suspensions, and mutants of it, in each of the ways in which it can be lowered.
fn try_one(function: ItemFn, random: &mut Random, report: &mut Report) {
    let plain = function.to_token_stream();
    if count(plain.clone()) > MAX_TOKENS {
        return;
    }
    for arguments in [quote!(yield = u32), quote!(yield = u32, resume = u64), quote!()] {
        let task = arguments.is_empty();
        let mut function = function.clone();
        function.sig.asyncness = task.then(|| parse_quote!(async));
        Suspender { random, task }.visit_block_mut(&mut function.block);
        let item = function.to_token_stream();
        check(&arguments, &item, report);
        for _ in 0..MUTANTS {
            let mut mutant = item.clone();
            for _ in 0..=random.below(3) {
                mutant = mutated(mutant, random);
            }
            check(&arguments, &mutant, report);
        }
        if !task {
            try_block(&arguments, &function.block, random, report);
        }
    }
}

/// The same body as the block of a `generator!`, its macros as bare words.
fn try_block(arguments: &TokenStream, body: &syn::Block, random: &mut Random, report: &mut Report) {
    let stmts = bare(body.stmts.iter().map(ToTokens::to_token_stream).collect());
    let mut block = quote!((#arguments) #stmts);
    for _ in 0..MUTANTS {
        match quietly(|| pipeline::expand_block(block.clone())) {
            Ok(expansion) if syn::parse2::<Expr>(expansion.clone()).is_err() => {
                report.problems.push(format!("the expansion of a block doesn't parse\n{block}\n{expansion}"));
            }
            Ok(expansion) if expansion.to_string().contains("compile_error") => report.refused += 1,
            Ok(_) => report.lowered += 1,
            Err(what) => report.problems.push(format!("{what}\ngenerator! {{ {block} }}")),
        }
        block = mutated(block, random);
    }
}

/// `yield_!(x)` as `yield (x)`, and `yield_from!(x)` as `yield from (x)`.
fn bare(tokens: TokenStream) -> TokenStream {
    let mut written = TokenStream::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        let word = token.to_string();
        match token {
            TokenTree::Group(group) => {
                let inner = Group::new(group.delimiter(), bare(group.stream()));
                written.extend([TokenTree::Group(inner)]);
            }
            _ if word == "yield_" || word == "yield_from" => {
                tokens.next();
                written.extend(if word == "yield_" { quote!(yield) } else { quote!(yield from) });
            }
            token => written.extend([token]),
        }
    }
    written
}

/// Makes some expressions suspend.
pub(crate) struct Suspender<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) task: bool,
}

impl VisitMut for Suspender<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if !self.random.one_in(12) || matches!(expr, Expr::Let(_)) {
            return;
        }
        let value = &*expr;
        let suspended = match (self.task, self.random.below(3)) {
            (_, 0) => quote!(yield_from!(#value)),
            (true, _) => quote!((#value).await),
            (false, _) => quote!(yield_!(#value)),
        };
        // A syntax that syn keeps as tokens may not stand in parentheses.
        if let Ok(suspended) = syn::parse2(suspended) {
            *expr = suspended;
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_generic_argument_mut(&mut self, _: &mut syn::GenericArgument) {}
    fn visit_pat_guard_mut(&mut self, _: &mut syn::PatGuard) {}
}

/// Deletes, repeats or swaps tokens somewhere.
pub(crate) fn mutated(tokens: TokenStream, random: &mut Random) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if tokens.is_empty() {
        return TokenStream::new();
    }
    let groups: Vec<usize> =
        (0..tokens.len()).filter(|at| matches!(tokens[*at], TokenTree::Group(_))).collect();
    if let Some(at) = groups.get(random.below(groups.len() + 1).min(groups.len().saturating_sub(1)))
        && !random.one_in(6)
    {
        let TokenTree::Group(group) = &tokens[*at] else { unreachable!("just looked for") };
        tokens[*at] = Group::new(group.delimiter(), mutated(group.stream(), random)).into();
        return tokens.into_iter().collect();
    }
    let at = random.below(tokens.len());
    match random.below(3) {
        0 => drop(tokens.remove(at)),
        1 => tokens.insert(at, tokens[at].clone()),
        _ => {
            let other = random.below(tokens.len());
            tokens.swap(at, other);
        }
    }
    tokens.into_iter().collect()
}

fn check(arguments: &TokenStream, item: &TokenStream, report: &mut Report) {
    let start = Instant::now();
    let found = outcome(arguments, item);
    let took = start.elapsed();
    if took > report.slowest.0 {
        report.slowest = (took, format!("#[segue::coroutine({arguments})]\n{item}"));
    }
    match found {
        Ok(Outcome::Lowered) => report.lowered += 1,
        Ok(Outcome::Refused(_)) => report.refused += 1,
        Err(what) if KNOWN.iter().any(|(known, _)| what.contains(known)) => report.known += 1,
        Err(what) => {
            let same = |item: &TokenStream| outcome(arguments, item).is_err_and(|other| other == what);
            let smallest = shrunk(item.clone(), &same);
            report.problems.push(format!("{what}\n#[segue::coroutine({arguments})]\n{smallest}"));
        }
    }
}

/// What came of a function, where nothing is wrong.
#[derive(Debug)]
pub(crate) enum Outcome {
    Lowered,
    /// With the expansion that says why.
    Refused(TokenStream),
}

/// Gives a function to the macro; an error says what is wrong with what came out.
pub(crate) fn outcome(arguments: &TokenStream, item: &TokenStream) -> Result<Outcome, String> {
    let expansion = quietly(|| pipeline::expand(arguments.clone(), item.clone()))?;
    let text = expansion.to_string();
    let error = text.starts_with(":: core :: compile_error");
    let refused = error || text.contains("machine :: unread");
    match input::parse(arguments.clone(), item.clone()).map_err(|refused| refused.instead) {
        Ok(_) | Err(Instead::Function { .. }) => {}
        // rustc has told what is wrong.
        Err(Instead::Unread(..)) => return Ok(Outcome::Refused(expansion)),
        Err(_) if error => return Ok(Outcome::Refused(expansion)),
        Err(_) => return Err("what is no function isn't refused".into()),
    }
    // A method stands in an `impl`, whose items a file doesn't have.
    if syn::parse2::<syn::File>(expansion.clone()).is_err()
        && let Err(error) = syn::parse2::<syn::File>(quote!(impl Holder { #expansion }))
    {
        return Err(format!("the expansion doesn't parse: {error}"));
    }
    for ours in ["segue_loop", "__v"] {
        if !refused && text.contains(ours) && !item.to_string().contains(ours) {
            return Err(format!("`{ours}` is left in the expansion"));
        }
    }
    Ok(if refused { Outcome::Refused(expansion) } else { Outcome::Lowered })
}

thread_local! {
    /// What a panic said in a thread whose panics aren't printed.
    static PANICKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `job`; a panic is an error that says where.
fn quietly<T>(job: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let quiet = PANICKED.with_borrow_mut(|said| said.as_mut().map(|said| *said = info.to_string()));
            quiet.unwrap_or_else(|| usual(info));
        }));
    });
    PANICKED.set(Some(String::new()));
    let result = panic::catch_unwind(AssertUnwindSafe(job));
    let said = PANICKED.take().unwrap_or_default();
    result.map_err(|_| said.replace('\n', " "))
}

/// The smallest item that goes wrong in the same way, by leaving out tokens.
pub(crate) fn shrunk(mut item: TokenStream, same: &dyn Fn(&TokenStream) -> bool) -> TokenStream {
    loop {
        let smaller = without_some(&item).into_iter().find(|candidate| same(candidate));
        match smaller {
            Some(smaller) => item = smaller,
            None => return item,
        }
    }
}

/// All ways to leave out a run of tokens, the longest first, or to put a group's content in its place.
fn without_some(tokens: &TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut found = Vec::new();
    let mut length = tokens.len();
    while length > 0 {
        for start in (0..=tokens.len() - length).step_by(length.div_ceil(2)) {
            let left = tokens[..start].iter().chain(&tokens[start + length..]);
            found.push(left.cloned().collect());
        }
        length /= 2;
    }
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        for inner in without_some(&group.stream()) {
            let mut tokens = tokens.clone();
            tokens[at] = Group::new(group.delimiter(), inner).into();
            found.push(tokens.into_iter().collect());
        }
    }
    found
}

fn count(tokens: TokenStream) -> usize {
    let one = |token| if let TokenTree::Group(group) = token { 2 + count(group.stream()) } else { 1 };
    tokens.into_iter().map(one).sum()
}

/// Some functions of this repository and of the crates at hand, as text.
fn choose(wanted: usize, random: &mut Random) -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["macros/src", "runtime/src", "examples", "tests/src", "tests/tests", "benches"] {
        sources(&here.join(folder), &mut files);
    }
    let own = files.len();
    if let Some(registry) = registry() {
        sources(&registry, &mut files);
    }
    let mut functions = Vec::new();
    // Half of them from here, as far as they go.
    let mut ours = files[..own].to_vec();
    while functions.len() < wanted.div_ceil(2) && !ours.is_empty() {
        take(&ours.swap_remove(random.below(ours.len())), &mut functions, usize::MAX);
    }
    functions.truncate(wanted.div_ceil(2));
    let mut others = files[own..].to_vec();
    while functions.len() < wanted && !others.is_empty() {
        take(&others.swap_remove(random.below(others.len())), &mut functions, 20);
    }
    functions.truncate(wanted);
    functions
}

/// Where cargo keeps the sources of crates.
pub(crate) fn registry() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    Some(home?.join("registry/src"))
}

pub(crate) fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            sources(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
}

fn take(file: &Path, functions: &mut Vec<String>, most: usize) {
    let Ok(text) = fs::read_to_string(file) else { return };
    let Ok(file) = syn::parse_file(&text) else { return };
    let mut finder = Functions(Vec::new());
    finder.visit_file(&file);
    functions.extend(finder.0.into_iter().take(most));
}

pub(crate) struct Functions(pub(crate) Vec<String>);

impl Functions {
    fn add(&mut self, sig: &Signature, block: &syn::Block) {
        self.0.push(quote!(#sig #block).to_string());
    }
}

impl Visit<'_> for Functions {
    fn visit_item_fn(&mut self, function: &ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
}

/// What `feed` found, made small.
#[test]
fn a_field_keeps_its_name_where_its_variable_has_another() {
    let item = quote!(
        async fn sent(request: Request) -> Request {
            match get().await {
                Retry { mut request, ref mut reason, again: true } => {
                    log(&request, reason).await;
                }
                Retry { ref request, reason, .. } => log(request, reason).await,
            }
            request
        }
    );
    assert!(matches!(outcome(&quote!(), &item), Ok(Outcome::Lowered)));
    let expansion = pipeline::expand(quote!(), item).to_string();
    assert!(expansion.contains("request : mut request_2 , ref mut reason"), "{expansion}");
}
