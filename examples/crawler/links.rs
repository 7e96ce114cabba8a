//! Finds the links of an HTML page while it arrives, and keeps no more of the page than one tag.
//!
//! What is a link, here and in `check.py`: the attribute of [`LINKS`] of each start tag, as the HTML standard's
//! tokenizer sees it, so not in comments and not in the text of scripts and styles. The first `<base href>` holds for
//! what comes after it. The links in style sheets, in scripts and in `srcset` are not followed.

use super::charset;
use encoding_rs::{CoderResult, Decoder, Encoding};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use std::cell::RefCell;
use url::Url;

/// Each element that links to another page or file, and the attribute with its address.
pub(crate) const LINKS: [(&str, &str); 14] = [
    ("a", "href"),
    ("area", "href"),
    ("audio", "src"),
    ("embed", "src"),
    ("frame", "src"),
    ("iframe", "src"),
    ("img", "src"),
    ("input", "src"),
    ("link", "href"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("track", "src"),
    ("video", "src"),
];

/// Reads a page chunk by chunk and gives the links of each chunk, resolved.
pub(crate) struct LinkFinder {
    page: Url,
    header: Option<String>,
    stage: Stage,
}

enum Stage {
    /// The first bytes, which may say what encoding the page is in.
    Start(Vec<u8>),
    /// From then on.
    Text(Box<Reader>),
}

impl LinkFinder {
    /// A finder for the page at `page`, whose server gave it the encoding `header`, or none.
    pub(crate) fn new(page: Url, header: Option<&str>) -> Self {
        Self { page, header: header.map(String::from), stage: Stage::Start(Vec::new()) }
    }

    /// Takes the next bytes of the page. Gives the links that end in them, in the page's order; an address that can't
    /// be resolved is `None`: it is a link, though one to nowhere.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Option<Url>> {
        match &mut self.stage {
            Stage::Start(start) if start.len() + bytes.len() < charset::PRESCAN => {
                start.extend_from_slice(bytes);
                Vec::new()
            }
            Stage::Start(start) => {
                start.extend_from_slice(bytes);
                let start = std::mem::take(start);
                self.begin(&start).read(&start, false)
            }
            Stage::Text(reader) => reader.read(bytes, false),
        }
    }

    /// The page is over: gives the links that were still waiting for its end.
    pub(crate) fn finish(mut self) -> Vec<Option<Url>> {
        match &mut self.stage {
            Stage::Start(start) => {
                let start = std::mem::take(start);
                self.begin(&start).read(&start, true)
            }
            Stage::Text(reader) => reader.read(&[], true),
        }
    }

    fn begin(&mut self, start: &[u8]) -> &mut Reader {
        let encoding = charset::detect(self.header.as_deref(), start);
        self.stage = Stage::Text(Box::new(Reader::new(self.page.clone(), encoding)));
        match &mut self.stage {
            Stage::Text(reader) => reader,
            Stage::Start(_) => unreachable!("the stage was set a line above"),
        }
    }
}

/// Bytes to text to tokens to links.
struct Reader {
    decoder: Decoder,
    text: String,
    tokens: Tokenizer<Links>,
    input: BufferQueue,
}

impl Reader {
    fn new(page: Url, encoding: &'static Encoding) -> Self {
        let links = Links {
            encoding,
            base: RefCell::new(Base { address: page, given: false }),
            found: RefCell::default(),
        };
        Self {
            decoder: encoding.new_decoder(),
            text: String::with_capacity(8 * 1024),
            tokens: Tokenizer::new(links, Default::default()),
            input: BufferQueue::default(),
        }
    }

    fn read(&mut self, mut bytes: &[u8], last: bool) -> Vec<Option<Url>> {
        loop {
            self.text.clear();
            let (result, read, _malformed) = self.decoder.decode_to_string(bytes, &mut self.text, last);
            bytes = &bytes[read..];
            self.input.push_back(self.text.as_str().into());
            let _ = self.tokens.feed(&self.input);
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if last {
            self.tokens.end();
        }
        self.tokens.sink.found.take()
    }
}

/// Receives the tokens of a page and keeps its links.
struct Links {
    encoding: &'static Encoding,
    base: RefCell<Base>,
    found: RefCell<Vec<Option<Url>>>,
}

/// What the page's links are relative to.
struct Base {
    address: Url,
    /// Whether a `<base>` has set it.
    given: bool,
}

impl Links {
    fn resolve(&self, address: &str) -> Option<Url> {
        let base = self.base.borrow();
        // A page in another encoding sends its queries in that encoding.
        let resolver = Url::options().base_url(Some(&base.address));
        resolver.encoding_override(Some(&|query| self.encoding.encode(query).0)).parse(address).ok()
    }

    fn rebase(&self, address: &str) {
        if !self.base.borrow().given
            && let Some(address) = self.resolve(address)
        {
            *self.base.borrow_mut() = Base { address, given: true };
        }
    }
}

impl TokenSink for Links {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        if tag.kind != TagKind::StartTag {
            return TokenSinkResult::Continue;
        }
        let element: &str = &tag.name;
        if element == "base" {
            attribute(&tag, "href").into_iter().for_each(|address| self.rebase(address));
        } else if let Some((_, name)) = LINKS.iter().find(|(linking, _)| *linking == element)
            && let Some(address) = attribute(&tag, name)
        {
            self.found.borrow_mut().push(self.resolve(address));
        }
        text_after(element)
    }
}

fn attribute<'tag>(tag: &'tag Tag, name: &str) -> Option<&'tag str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// Elements whose content is text, whatever it looks like.
fn text_after(element: &str) -> TokenSinkResult<()> {
    match element {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The links of `page`, read in chunks of `size` bytes.
    fn links(page: &[u8], header: Option<&str>, size: usize) -> Vec<String> {
        let mut finder = LinkFinder::new(Url::parse("http://here.test/a/").unwrap(), header);
        let mut found: Vec<_> = page.chunks(size).flat_map(|chunk| finder.feed(chunk)).collect();
        found.extend(finder.finish());
        found
            .into_iter()
            .map(|link| link.map_or("nowhere".into(), |url| url.as_str().replace("http://here.test", "")))
            .collect()
    }

    /// The same, and the same whatever the chunks are.
    fn links_of(page: &[u8], header: Option<&str>) -> Vec<String> {
        let whole = links(page, header, page.len().max(1));
        for size in [1, 2, 3, 7, 1024] {
            assert_eq!(links(page, header, size), whole, "in chunks of {size}");
        }
        whole
    }

    #[test]
    fn each_kind_of_link() {
        let page = b"<A HREF=one><area href='two'><link rel=icon href=\"three\"><script src=four></script>\
                     <img src=five alt='<a href=no>'><iframe src=six><a href=no></iframe><a name=no></a>";
        assert_eq!(links_of(page, None), ["/a/one", "/a/two", "/a/three", "/a/four", "/a/five", "/a/six"]);
    }

    #[test]
    fn text_is_no_link() {
        let page = b"<!-- <a href=no> --><script>'<a href=no>'</script><style><a href=no></style>\
                     <title><a href=no></title><textarea><a href=no></textarea><a href=yes>";
        assert_eq!(links_of(page, None), ["/a/yes"]);
    }

    #[test]
    fn addresses_as_browsers_read_them() {
        let page = "<a href='x?a=1&amp;b=2'><a href='caf&eacute;'><a href='  b\n.html '><a href=#part><a href>\
                    <a href='\\c'><a href='http://[oops'><a href='?q'>";
        let found =
            ["/a/x?a=1&b=2", "/a/caf%C3%A9", "/a/b.html", "/a/#part", "/a/", "/c", "nowhere", "/a/?q"];
        assert_eq!(links_of(page.as_bytes(), None), found);
    }

    #[test]
    fn the_first_base_holds_from_there_on() {
        let page = b"<a href=x><base target=_top><base href=/b/><base href=/c/><a href=x>";
        assert_eq!(links_of(page, None), ["/a/x", "/b/x"]);
    }

    #[test]
    fn encodings() {
        assert_eq!(links_of(b"<a href='\xe9?\xe9'>", Some("iso-8859-1")), ["/a/%C3%A9?%E9"]);
        assert_eq!(links_of(b"<meta charset=euc-kr><a href='\xc7\xd1'>", None), ["/a/%ED%95%9C"]);
        assert_eq!(links_of(b"<a href='\xe9'>", None), ["/a/%EF%BF%BD"]);
        let wide: Vec<u8> = "\u{feff}<a href=한>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(links_of(&wide, Some("latin1")), ["/a/%ED%95%9C"]);
    }
}
