//! Every `async fn` of a source file, and where an attribute can stand on it.

use std::ops::Range;

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, ExprClosure, Ident, ImplItemFn, Item, ItemFn, ItemImpl, ItemMacro, ItemMod, ItemTrait,
    Meta, PatIdent, Path, ReturnType, Signature, Token, TraitItemFn, Visibility,
};

/// Attributes that make something else of every `async fn` under them, before or after us.
const REWRITERS: &[&str] = &["async_trait", "async_recursion", "maybe_async"];

/// What is read by our attribute alone.
const OUR_MACROS: &[&str] = &["for_await!", "yield_!", "yield_from!"];

/// An `async fn` with a body.
#[derive(Debug, PartialEq)]
pub(super) struct Function {
    /// With the type before it if it is a method.
    pub(super) name: String,
    /// The modules and functions of its file that it stands in, outermost first; a method behind the name of its type.
    pub(super) around: Vec<String>,
    /// The line of its name.
    pub(super) line: usize,
    /// The item, with its attributes, in bytes of the file.
    pub(super) range: Range<usize>,
    pub(super) way: Way,
    /// How many variables it declares, with its parameters.
    pub(super) variables: usize,
}

/// How it comes under our attribute.
#[derive(Debug, PartialEq)]
pub(super) enum Way {
    /// The attribute goes before this byte, behind all others.
    Before(usize),
    /// An executor's attribute (`#[tokio::test]`) wants an `async fn` and leaves a plain one. What stands between these
    /// two bytes becomes a function of its own inside of it, with this written behind its parentheses.
    Within { body: Range<usize>, output: String },
    /// It is there, written by the crate's author in these bytes.
    Already(Range<usize>),
    /// Not at all: another macro makes something else of it.
    Rewritten,
}

/// All in a file, in order; none if it doesn't parse, as a template or a test's input may not.
pub(super) fn find(text: &str) -> Vec<Function> {
    let Ok(file) = syn::parse_str::<syn::File>(&without_head(text)) else { return Vec::new() };
    let mut finder = Finder { text, found: Vec::new(), around: Vec::new(), within: None, rewritten: false };
    finder.visit_file(&file);
    finder.found.sort_by_key(|function| function.range.start);
    finder.found
}

/// Blanks in place of what may stand before Rust in a file, so that all bytes keep their place.
fn without_head(text: &str) -> String {
    const BOM: &str = "\u{feff}";
    let rest = text.strip_prefix(BOM).unwrap_or(text);
    let shebang = rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[');
    let end = if shebang { rest.find('\n').unwrap_or(rest.len()) } else { 0 };
    let head = text.len() - rest.len() + end;
    " ".repeat(head) + &text[head..]
}

struct Finder<'a> {
    text: &'a str,
    found: Vec<Function>,
    /// The modules and functions around.
    around: Vec<String>,
    /// The type or trait whose functions these are.
    within: Option<String>,
    rewritten: bool,
}

impl Finder<'_> {
    fn add(&mut self, attrs: &[Attribute], start: usize, sig: &Signature, block: &Block) {
        if sig.asyncness.is_none() {
            return;
        }
        let first = attrs.first().map_or(start, |attr| attr.span().byte_range().start);
        let end = block.brace_token.span.close().byte_range().end;
        let name = sig.ident.to_string();
        self.found.push(Function {
            name: self.within.as_ref().map_or(name.clone(), |outer| format!("{outer}::{name}")),
            around: self.around.clone(),
            line: sig.ident.span().start().line,
            range: first..end,
            way: self.way(attrs, start, sig, block),
            variables: variables(sig, block),
        });
    }

    fn way(&self, attrs: &[Attribute], start: usize, sig: &Signature, block: &Block) -> Way {
        if self.rewritten || attrs.iter().any(rewrites) {
            return Way::Rewritten;
        }
        if let Some(attr) = attrs.iter().find(|attr| names(attr).iter().any(|name| name == "coroutine")) {
            // With arguments it is a stream: without the attribute neither that nor what our macros say means anything.
            let body = &self.text[block.span().byte_range()];
            let plain =
                matches!(attr.meta, Meta::Path(_)) && !OUR_MACROS.iter().any(|name| body.contains(name));
            return if plain { Way::Already(attr.span().byte_range()) } else { Way::Rewritten };
        }
        if !attrs.iter().any(runs) {
            return Way::Before(start);
        }
        // Arguments are what a test's cases are made of: no function of ours can name them.
        if !sig.inputs.is_empty() || self.within.is_some() {
            return Way::Rewritten;
        }
        let braces = block.brace_token.span;
        Way::Within {
            body: braces.open().byte_range().end..braces.close().byte_range().start,
            output: self.text[output(&sig.output)].to_owned(),
        }
    }

    fn inside(&mut self, name: &Ident, visit: impl FnOnce(&mut Self)) {
        self.around.push(name.to_string());
        visit(self);
        self.around.pop();
    }

    fn inside_method(&mut self, name: &Ident, visit: impl FnOnce(&mut Self)) {
        let before = self.around.len();
        let of_type = self.within.iter().filter_map(|within| type_name(within)).map(str::to_owned);
        self.around.extend(of_type);
        self.inside(name, visit);
        self.around.truncate(before);
    }

    fn items_of(&mut self, outer: &dyn Spanned, attrs: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let name = self.text[outer.span().byte_range()].to_owned();
        let before = (self.within.replace(name), self.rewritten);
        self.rewritten |= attrs.iter().any(rewrites);
        visit(self);
        (self.within, self.rewritten) = before;
    }
}

/// The last name in a type, without its arguments.
fn type_name(of_type: &str) -> Option<&str> {
    let path = of_type.split('<').next()?;
    path.rsplit(|c: char| !c.is_alphanumeric() && c != '_').find(|name| !name.is_empty())
}

/// How many variables a function declares: its parameters, and the names in its patterns but those of closures and inner items.
fn variables(sig: &Signature, block: &Block) -> usize {
    let mut counter = Variables(usize::from(sig.receiver().is_some()));
    counter.visit_signature(sig);
    counter.visit_block(block);
    counter.0
}

struct Variables(usize);

impl Visit<'_> for Variables {
    fn visit_pat_ident(&mut self, pat: &PatIdent) {
        // A constant or a variant has a capital.
        self.0 += usize::from(!pat.ident.to_string().starts_with(char::is_uppercase));
        visit::visit_pat_ident(self, pat);
    }

    fn visit_item(&mut self, _: &Item) {}

    fn visit_expr_closure(&mut self, _: &ExprClosure) {}
}

/// Whether it makes something else of an `async fn`.
fn rewrites(attr: &Attribute) -> bool {
    names(attr).iter().any(|name| REWRITERS.contains(&name.as_str()))
}

/// Whether it runs an `async fn`: `#[tokio::main]`, `#[async_std::test]`, `#[test]` by an import, `#[apply(test!)]`.
fn runs(attr: &Attribute) -> bool {
    names(attr).iter().any(|name| name == "main" || name == "apply" || name.contains("test"))
}

/// The last word of the attribute's path, and of those that `cfg_attr` puts there.
fn names(attr: &Attribute) -> Vec<String> {
    let last = |path: &Path| path.segments.last().map(|segment| segment.ident.to_string());
    if !attr.path().is_ident("cfg_attr") {
        return last(attr.path()).into_iter().collect();
    }
    let metas = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
    metas.iter().skip(1).filter_map(|meta| last(meta.path())).collect()
}

/// `-> Type`, or nothing.
fn output(output: &ReturnType) -> Range<usize> {
    match output {
        ReturnType::Default => 0..0,
        ReturnType::Type(..) => output.span().byte_range(),
    }
}

/// Where a function begins behind its attributes.
fn start(vis: &Visibility, default: Option<Token![default]>, sig: &Signature) -> usize {
    let first = match (vis, default) {
        (Visibility::Inherited, None) => sig.span(),
        (Visibility::Inherited, Some(default)) => default.span,
        _ => vis.span(),
    };
    first.byte_range().start
}

impl Visit<'_> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &ItemFn) {
        let start = start(&item.vis, item.modifiers.defaultness, &item.sig);
        // What is declared in a body is no method, whatever stands around.
        let before = (self.within.take(), std::mem::take(&mut self.rewritten));
        self.add(&item.attrs, start, &item.sig, &item.block);
        self.inside(&item.sig.ident, |finder| visit::visit_item_fn(finder, item));
        (self.within, self.rewritten) = before;
    }

    fn visit_impl_item_fn(&mut self, item: &ImplItemFn) {
        let start = start(&item.vis, item.modifiers.defaultness, &item.sig);
        self.add(&item.attrs, start, &item.sig, &item.block);
        self.inside_method(&item.sig.ident, |finder| visit::visit_impl_item_fn(finder, item));
    }

    fn visit_trait_item_fn(&mut self, item: &TraitItemFn) {
        if let Some(block) = &item.default {
            let start = start(&Visibility::Inherited, item.modifiers.defaultness, &item.sig);
            self.add(&item.attrs, start, &item.sig, block);
        }
        self.inside_method(&item.sig.ident, |finder| visit::visit_trait_item_fn(finder, item));
    }

    fn visit_item_mod(&mut self, item: &ItemMod) {
        self.inside(&item.ident, |finder| visit::visit_item_mod(finder, item));
    }

    fn visit_item_impl(&mut self, item: &ItemImpl) {
        self.items_of(&item.self_ty, &item.attrs, |finder| visit::visit_item_impl(finder, item));
    }

    fn visit_item_trait(&mut self, item: &ItemTrait) {
        self.items_of(&item.ident, &item.attrs, |finder| visit::visit_item_trait(finder, item));
    }

    /// `cfg_net! { async fn .. }`: a macro whose tokens are items most often hands them on.
    fn visit_item_macro(&mut self, item: &ItemMacro) {
        if item.ident.is_none()
            && let Ok(items) = item.mac.parse_body::<syn::File>()
        {
            self.visit_file(&items);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_async_fn_is_found_where_it_is() {
        let text = "\u{feff}#!/usr/bin/env cargo\n/// Ä\npub async fn a() { async fn b() {} }\nfn c() {}\n\
                    impl<T> S<T> { default async fn d(&self) {} }\n\
                    trait T { async fn e(); async fn f() {} }\ncfg_rt! { async fn g() {} }\n\
                    #[async_trait::async_trait] impl T for U { async fn h() {} }\n\
                    #[cfg_attr(feature = \"rt\", tokio::test)] async fn i() -> u8 { 1 }\n";
        let found = find(text);
        let names: Vec<&str> = found.iter().map(|one| &*one.name).collect();
        assert_eq!(names, ["a", "b", "S<T>::d", "T::f", "g", "U::h", "i"]);
        let before = |way: &Way| if let Way::Before(at) = way { &text[*at..*at + 9] } else { "" };
        let starts: Vec<&str> = found.iter().map(|one| before(&one.way)).collect();
        assert_eq!(starts, ["pub async", "async fn ", "default a", "async fn ", "async fn ", "", ""]);
        assert_eq!(found[0].line, 3);
        assert_eq!(&text[found[0].range.clone()], "/// Ä\npub async fn a() { async fn b() {} }");
        assert_eq!(found[5].way, Way::Rewritten);
        let Way::Within { body, output } = &found[6].way else { panic!("{:?}", found[6].way) };
        assert_eq!((&text[body.clone()], &**output), (" 1 ", "-> u8"));
        assert_eq!(type_name("&'a mut m::S<T<u8>>"), Some("S"));
        assert_eq!((&*found[0].around, &*found[1].around), (&[][..], &["a".to_owned()][..]));
    }

    #[test]
    fn variables_are_counted() {
        let text = "async fn a(&self, n: u8, (x, _): P) { let Some(y) = n else { return }; if let None = x {} \
                    f(|z| z); fn inner(w: u8) {} }";
        assert_eq!(find(text)[0].variables, 4);
    }

    #[test]
    fn what_is_under_the_attribute_already_is_found() {
        let text =
            "mod m { #[segue::coroutine] async fn a() {} }\n#[coroutine(yield = u8)] async fn b() {}\n";
        let found = find(text);
        let Way::Already(attribute) = &found[0].way else { panic!("{:?}", found[0].way) };
        assert_eq!(
            (&text[attribute.clone()], &*found[0].around),
            ("#[segue::coroutine]", &["m".to_owned()][..])
        );
        assert_eq!(found[1].way, Way::Rewritten);
    }
}
