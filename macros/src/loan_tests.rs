//! Which variables are on loan, and why, in the `async fn`s of a folder.
//!
//! `SEGUE_LOANS=folder cargo test --release -p segue-macros loans_of_a_folder -- --ignored --nocapture` prints them, and counts.

use std::path::PathBuf;
use std::{env, fs};

use quote::{ToTokens, quote};
use syn::ItemFn;
use syn::visit::Visit;

use crate::pipeline;
use crate::robust_tests::{Functions, sources};

/// What was found.
#[derive(Default)]
struct Counts {
    functions: usize,
    with_loans: usize,
    homes: usize,
    references: usize,
}

#[test]
#[ignore = "reads a folder that is named"]
fn loans_of_a_folder() {
    let folder = env::var_os("SEGUE_LOANS").map(PathBuf::from).expect("SEGUE_LOANS names a folder");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    let mut counts = Counts::default();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let Ok(parsed) = syn::parse_file(&text) else { continue };
        let mut found = Functions(Vec::new());
        found.visit_file(&parsed);
        let functions = found.0.iter().filter_map(|function| syn::parse_str::<ItemFn>(function).ok());
        for function in functions.filter(|function| function.sig.asyncness.is_some()) {
            counts.add(&file.display().to_string(), &function);
        }
    }
    let Counts { functions, with_loans, homes, references } = counts;
    println!("{functions} async fns, {with_loans} with loans: {homes} homes, {references} references");
}

impl Counts {
    fn add(&mut self, file: &str, function: &ItemFn) {
        self.functions += 1;
        let mut told = String::new();
        let _ = pipeline::dumped(quote!(), function.to_token_stream(), &mut |pass, text| {
            if pass == "loans" {
                told = text.to_string();
            }
        });
        if told.is_empty() {
            return;
        }
        self.with_loans += 1;
        self.homes += told.matches("(Home)").count();
        self.references += told.matches("(Reference)").count();
        println!("{file} {}\n{told}", function.sig.ident);
    }
}
